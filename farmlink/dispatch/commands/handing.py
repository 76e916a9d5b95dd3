"""Handing out, at the point and at the door."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries, rules
from farmlink.dispatch.tables import HandOut
from farmlink.dispatch.values import Handed, OrderHandedOut
from farmlink.network.values import PlaceId, PointId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction, missing

HAND_OUT_POINT = """
UPDATE hand_out SET handed_out = due, ended_at = :now
WHERE cycle_id = :cycle AND place_id = :point AND ended_at IS NULL AND NOT order_id = ANY(CAST(:waiting AS uuid[]))
RETURNING order_id
"""


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


def _end(tx: Transaction, line: HandOut, entry: Handed) -> None:
    if line.ended_at is not None:
        rules.require_same_end(line.handed_out, entry.handed_out)
        return
    reason = rules.end_reason(line.due, entry)
    if reason is not None:
        line.end_reason = reason.value
    line.handed_out, line.ended_at = entry.handed_out, tx.now
    tx.session.add(line)
