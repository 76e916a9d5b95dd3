"""What will be short, receiving at the hub, sharing out, handing out at the point, and the end of a cycle."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, select

from farmlink.confirmations.values import AnswersComplete
from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch import queries, rules
from farmlink.dispatch.tables import HandOut, ShortLine, ShortOrder
from farmlink.dispatch.values import (
    CycleFinished,
    GoodsReceived,
    GoodsShared,
    Handed,
    OrderHandedOut,
    ReceiptView,
    Received,
    ShortageForeseen,
    ShortLineView,
    ShortOrderId,
    ShortReason,
)
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId, PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import BatchedLine, OrderId, OrderLineId
from farmlink.planning import queries as planning
from farmlink.store.bulk import announce_many
from farmlink.store.locks import exclude
from farmlink.store.pipeline import pipeline, uuids, wholes
from farmlink.store.transaction import Transaction, missing

RECEIVE = """
INSERT INTO receipt (allocation_id, cycle_id, received, received_at)
SELECT t.id, :cycle, t.quantity, :now FROM unnest(CAST(:ids AS uuid[]), CAST(:quantities AS bigint[])) t(id, quantity)
ON CONFLICT (allocation_id) DO UPDATE SET received = excluded.received, received_at = excluded.received_at
"""
HAND_OUT_POINT = """
UPDATE hand_out SET handed_out = due, ended_at = :now
WHERE cycle_id = :cycle AND place_id = :point AND ended_at IS NULL AND NOT order_id = ANY(CAST(:waiting AS uuid[]))
RETURNING order_id
"""
FINISH = """
UPDATE hand_out SET handed_out = 0, ended_at = :now, end_reason = CASE WHEN due > 0 THEN :reason END
WHERE cycle_id = :cycle AND ended_at IS NULL
"""


def foresee(tx: Transaction, event: AnswersComplete) -> int:
    """Say what of each order will be short, now that every farm has answered, where that is news; how many orders."""
    cycle_id = event.cycle_id
    exclude(tx, cycle_id)
    held = planning.published_plan(tx, cycle_id) == event.plan_id
    if event.cut or not held or queries.is_shared(tx, cycle_id):
        return 0  # another plan follows, or the hub has said already what there is
    promised = [replace(view, received=view.allocated) for view in queries.receipts(tx, cycle_id)]
    short: dict[OrderId, list[ShortLineView]] = defaultdict(list)
    for line, due, reason in _shares(tx, cycle_id, promised):
        if reason is not None:
            short[line.order_id].append(ShortLineView(line.line_id, line.quantity, due, reason))
    quantities = {order: {line.line_id: line.foreseen for line in lines} for order, lines in short.items()}
    changed = rules.news(quantities, queries.foreseen(tx, cycle_id))
    _say_short(tx, event, {order: short.get(order, []) for order in changed})
    return len(changed)


def _say_short(tx: Transaction, event: AnswersComplete, short: Mapping[OrderId, Sequence[ShortLineView]]) -> None:
    if not short:
        return
    ids = {order_id: ShortOrderId(uuid7()) for order_id in short}
    named = {"cycle_id": event.cycle_id, "plan_id": event.plan_id, "foreseen_at": tx.now}
    lines = [{"short_order_id": ids[order], **asdict(line)} for order, lines in short.items() for line in lines]
    rows = [named | {"id": ids[order_id], "order_id": order_id} for order_id in short]
    tx.session.connection().execute(insert(ShortOrder), rows)
    if lines:
        tx.session.connection().execute(insert(ShortLine), lines)
    whose = orders.consumers(tx, short)
    with pipeline(tx) as pipe:
        announce_many(pipe, [ShortageForeseen(ids[order_id], order_id, whose[order_id]) for order_id in short])
    tx.record("dispatch.foresee", event.cycle_id, plan_id=event.plan_id, orders=len(short))


def receive(tx: Transaction, cycle_id: CycleId, counted: Sequence[Received]) -> int:
    """Write what a hub counted; counting again corrects it until it is shared out. The number of rows that changed."""
    _hold(tx, cycle_id)
    if queries.is_shared(tx, cycle_id):
        raise rules.AlreadySharedError(cycle_id=cycle_id)
    changed = rules.corrections(queries.receipts(tx, cycle_id), counted)
    if changed:
        tx.execute(
            RECEIVE,
            {"cycle": cycle_id, "now": tx.now, "ids": uuids(changed), "quantities": wholes(changed.values())},
        )
        tx.session.expire_all()
        cycles.move(tx, cycle_id, Stage.MOVING)
        tx.announce(GoodsReceived(cycle_id, len(changed)))
        tx.record("dispatch.receive", cycle_id, allocations=len(changed))
    return len(changed)


def share(tx: Transaction, cycle_id: CycleId) -> int:
    """Share what came in out to the lines of each batch; what nobody counted did not come. Twice changes nothing."""
    _hold(tx, cycle_id)
    if queries.is_shared(tx, cycle_id):
        return 0
    receipts = queries.receipts(tx, cycle_id)
    rules.require_counted(receipts)
    shares = _shares(tx, cycle_id, receipts)
    rows = [
        {
            "line_id": line.line_id,
            "order_id": line.order_id,
            "cycle_id": cycle_id,
            "place_id": line.place_id,
            "ordered": line.quantity,
            "worth_minor": line.total_minor,
            "due": due,
            "reason": reason,
            "shared_at": tx.now,
        }
        for line, due, reason in shares
    ]
    tx.session.connection().execute(insert(HandOut), rows)
    cycles.move(tx, cycle_id, Stage.MOVING)
    short = sum(reason is not None for _, _, reason in shares)
    tx.announce(GoodsShared(cycle_id, len(rows), short))
    tx.record("dispatch.share", cycle_id, lines=len(rows), short=short)
    return len(rows)


def hand_out(tx: Transaction, order_id: OrderId, handed: Sequence[Handed] | None = None) -> None:
    """Hand out an order: all that is still due, or what is said of each line; a line ends once."""
    chosen = select(HandOut).where(HandOut.order_id == order_id).order_by(col(HandOut.line_id)).with_for_update()
    lines = {line.line_id: line for line in tx.session.exec(chosen)}
    if not lines:
        raise rules.NotSharedError(order_id=order_id)
    waiting = [line for line in lines.values() if line.ended_at is None]
    if handed is None:  # said again when all has ended, it is judged like any other repetition
        handed = [Handed(OrderLineId(line.line_id), line.due) for line in waiting or lines.values()]
    for entry in handed:
        if entry.line_id not in lines:
            raise missing(HandOut, entry.line_id)
        _end(tx, lines[entry.line_id], entry)
    ended = sum(line.ended_at is not None for line in waiting)
    if not ended:
        return
    tx.session.flush()
    if ended == len(waiting):
        tx.announce(OrderHandedOut(order_id))
    tx.record("dispatch.hand-out", order_id, lines=ended)


def hand_out_point(tx: Transaction, cycle_id: CycleId, point_id: PointId, waiting: Collection[OrderId] = ()) -> int:
    """Hand out all that is still due at a point, but for the orders that still wait; the number of orders."""
    if not queries.is_shared(tx, cycle_id):
        raise rules.NotSharedError(cycle_id=cycle_id)
    rules.require_at_point(waiting, queries.orders_at(tx, cycle_id, PlaceId(point_id)))
    named = {"now": tx.now, "cycle": cycle_id, "point": point_id, "waiting": uuids(waiting)}
    orders = sorted(set(tx.execute(HAND_OUT_POINT, named).scalars()))
    tx.session.expire_all()
    for order_id in orders:
        tx.announce(OrderHandedOut(OrderId(order_id)))
    if orders:
        tx.record("dispatch.hand-out-point", point_id, cycle_id=cycle_id, orders=len(orders))
    return len(orders)


def finish(tx: Transaction, cycle_id: CycleId) -> bool:
    """End a cycle: what is still due was not collected. Twice changes nothing."""
    exclude(tx, cycle_id)
    if cycle_queries.cycle(tx, cycle_id).stage is Stage.DONE:
        return False
    _hold(tx, cycle_id)
    if not queries.is_shared(tx, cycle_id):
        raise rules.NotSharedError(cycle_id=cycle_id)
    tx.execute(FINISH, {"now": tx.now, "cycle": cycle_id, "reason": ShortReason.NOT_COLLECTED.value})
    tx.session.expire_all()
    cycles.move(tx, cycle_id, Stage.DONE)
    tx.announce(CycleFinished(cycle_id))
    tx.record("dispatch.finish", cycle_id)
    return True


def _shares(
    tx: Transaction, cycle_id: CycleId, receipts: Sequence[ReceiptView]
) -> list[tuple[BatchedLine, int, str | None]]:
    """What of each line is due, and why less than was ordered, if so much came in."""
    sent: dict[UUID, list[ReceiptView]] = defaultdict(list)
    for view in receipts:
        sent[view.batch_id].append(view)
    unserved = queries.unserved(tx, cycle_id)
    return [
        share
        for batch_id, lines in queries.lines_by_batch(tx, cycle_id).items()
        for share in rules.shares_of_batch(lines, sent[batch_id], unserved.get(batch_id))
    ]


def _hold(tx: Transaction, cycle_id: CycleId) -> None:
    exclude(tx, cycle_id)
    rules.require_on_the_way(cycle_queries.cycle(tx, cycle_id).stage)


def _end(tx: Transaction, line: HandOut, entry: Handed) -> None:
    if line.ended_at is not None:
        rules.require_same_end(line.handed_out, entry.handed_out)
        return
    reason = rules.end_reason(line.due, entry)
    if reason is not None:
        line.end_reason = reason.value
    line.handed_out, line.ended_at = entry.handed_out, tx.now
    tx.session.add(line)
