"""Sharing out: what is foreseen when every farm has answered, and what is due once the goods are in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from farmlink.confirmations.values import AnswersComplete
from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch import queries, rules
from farmlink.dispatch.commands.holding import hold_on_the_way
from farmlink.dispatch.rules.sharing import DueLine, Sharing, seed_of, shares_of_batch
from farmlink.dispatch.rules.swapping import swaps
from farmlink.dispatch.tables import HandOut, ShortLine, ShortOrder
from farmlink.dispatch.values import (
    GoodsShared,
    ReceiptView,
    ShortageForeseen,
    ShortLineView,
    ShortOrderId,
    ShortReason,
)
from farmlink.fairness import queries as fairness
from farmlink.kernel.ids import uuid7
from farmlink.orders import queries as orders
from farmlink.orders.commands.swapped import add_swapped
from farmlink.orders.values import OrderId
from farmlink.planning import queries as planning
from farmlink.store.bulk import announce_many
from farmlink.store.locks import exclude
from farmlink.store.pipeline import pipeline
from farmlink.store.transaction import Transaction


def foresee(tx: Transaction, event: AnswersComplete) -> int:
    """Say what of each order will be short, now that every farm has answered, where that is news; how many orders."""
    cycle_id = event.cycle_id
    exclude(tx, cycle_id)
    held = planning.published_plan(tx, cycle_id) == event.plan_id
    if event.cut or not held or queries.is_shared(tx, cycle_id):
        return 0  # another plan follows, or the hub has said already what there is
    promised = [replace(view, received=view.allocated) for view in queries.receipts(tx, cycle_id)]
    short: dict[OrderId, list[ShortLineView]] = defaultdict(list)
    for one in _shares(tx, cycle_id, promised):
        if one.reason is not None:
            line = one.line
            short[line.order_id].append(ShortLineView(line.line_id, line.quantity, one.due, one.reason))
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


def share(tx: Transaction, cycle_id: CycleId) -> int:
    """Share what came in out to the lines of each batch; what nobody counted did not come. Twice changes nothing."""
    hold_on_the_way(tx, cycle_id)
    if queries.is_shared(tx, cycle_id):
        return 0
    receipts = queries.receipts(tx, cycle_id)
    rules.require_counted(receipts)
    shares = _shares(tx, cycle_id, receipts)
    agreed = swaps(shares, *queries.left_over(tx, cycle_id, receipts, shares))
    swapped = {swap.line_id for swap in agreed}
    rows = [_hand_out(tx, cycle_id, one, swapped=one.line.line_id in swapped) for one in shares]
    rows += [_in_place(tx, cycle_id, line) for line in add_swapped(tx, agreed)]
    tx.session.connection().execute(insert(HandOut), rows)
    cycles.move(tx, cycle_id, Stage.MOVING)
    short = sum(one.reason is not None for one in shares)
    tx.announce(GoodsShared(cycle_id, len(rows), short))
    tx.record("dispatch.share", cycle_id, lines=len(rows), short=short, swapped=len(swapped))
    return len(rows)


def _hand_out(tx: Transaction, cycle_id: CycleId, one: DueLine, *, swapped: bool) -> dict[str, Any]:
    return {
        "line_id": one.line.line_id,
        "order_id": one.line.order_id,
        "cycle_id": cycle_id,
        "place_id": one.line.place_id,
        "ordered": one.line.quantity,
        "worth_minor": one.line.total_minor,
        "due": one.due,
        "reason": ShortReason.SWAPPED if swapped else one.reason,
        "balance_ppm": one.balance_ppm,
        "shared_at": tx.now,
    }


def _in_place(tx: Transaction, cycle_id: CycleId, line: Row[Any]) -> dict[str, Any]:
    """What comes in the place of something else is there in full."""
    return {
        "line_id": line.id,
        "order_id": line.order_id,
        "cycle_id": cycle_id,
        "place_id": line.place_id,
        "ordered": line.quantity,
        "worth_minor": line.total_minor,
        "due": line.quantity,
        "reason": None,
        "balance_ppm": 0,
        "shared_at": tx.now,
    }


def _shares(tx: Transaction, cycle_id: CycleId, receipts: Sequence[ReceiptView]) -> list[DueLine]:
    """What of each line is due, and why less than was ordered, if so much came in."""
    sent: dict[UUID, list[ReceiptView]] = defaultdict(list)
    for view in receipts:
        sent[view.batch_id].append(view)
    cycle, batches = cycle_queries.cycle(tx, cycle_id), queries.lines_by_batch(tx, cycle_id)
    rule = queries.shortage_rule(tx, cycle_id)
    unserved = queries.unserved(tx, cycle_id)
    whose = {line.consumer_id for lines in batches.values() for line in lines}
    owed_ppm = fairness.owed_ppm(tx, cycle.region_id, cycle.collect_on, whose)
    return [
        one
        for batch_id, lines in batches.items()
        for one in shares_of_batch(
            Sharing(rule, seed_of(cycle_id, batch_id), owed_ppm), lines, sent[batch_id], unserved.get(batch_id)
        )
    ]
