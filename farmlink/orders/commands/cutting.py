"""Lines that get other packs than were ordered when the cycle is cut off: what follows from that follows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, Load, Place
from farmlink.network.values import PlaceId
from farmlink.orders.commands.totals import add_up, cancel_empty
from farmlink.orders.values import (
    CancelReason,
    LineDropped,
    OrderAdjusted,
    OrderCancelled,
    OrderId,
    OrderLineId,
)
from farmlink.payments import commands as payments
from farmlink.people.values import PersonId
from farmlink.store.bulk import announce_many
from farmlink.store.pipeline import pipeline, uuids, wholes
from farmlink.store.transaction import Transaction

CHANGED = """
SELECT l.id, l.order_id, o.consumer_id, l.place_id, l.listing_id, t.packs = 0 AS dropped,
       coalesce(l.reason, :reason) AS reason,
       l.quantity / l.packs * (t.packs - l.packs) AS more, l.weight_g / l.packs * (t.packs - l.packs) AS more_g
FROM unnest(CAST(:ids AS uuid[]), CAST(:packs AS bigint[])) t(id, packs)
JOIN order_line l ON l.id = t.id JOIN consumer_order o ON o.id = l.order_id
WHERE l.cycle_id = :cycle AND l.state = 'placed' AND l.packs <> t.packs ORDER BY l.id
"""
ADJUST = """
UPDATE order_line l SET wanted_packs = coalesce(l.wanted_packs, l.packs), packs = t.packs,
  quantity = l.quantity / l.packs * t.packs, weight_g = l.weight_g / l.packs * t.packs,
  total_minor = (2 * (l.quantity / l.packs * t.packs) * l.price_minor_per_1000 + 1000) / 2000,
  reason = CASE WHEN t.packs < coalesce(l.wanted_packs, l.packs) THEN coalesce(l.reason, :reason) END
FROM unnest(CAST(:ids AS uuid[]), CAST(:packs AS bigint[])) t(id, packs)
WHERE l.id = t.id AND l.cycle_id = :cycle AND l.state = 'placed' AND t.packs > 0 AND l.packs <> t.packs
"""
DROP = """
UPDATE order_line SET state = 'cancelled', reason = coalesce(reason, :reason)
WHERE cycle_id = :cycle AND state = 'placed' AND id = ANY(CAST(:ids AS uuid[]))
"""


def set_packs(tx: Transaction, cycle_id: CycleId, packs: Mapping[OrderLineId, int], reason: CancelReason) -> int:
    """Give standing lines other packs; 0 drops a line, and an order that is empty then. The number that changed.

    Stock, places and totals follow, and everybody is told; `reason` is why a line has less than was ordered,
    unless it had less before: the first reason stays.
    The cycle is held alone, and nothing is in a batch yet.
    """
    named = {"cycle": cycle_id, "ids": uuids(packs), "packs": wholes(packs.values()), "reason": reason.value}
    lines = tx.execute(CHANGED, named).all()
    if not lines:
        return 0
    orders = {OrderId(row.order_id) for row in lines}
    tx.execute(ADJUST, named)
    tx.execute(DROP, {"cycle": cycle_id, "ids": uuids(row.id for row in lines if row.dropped), "reason": reason.value})
    gone = cancel_empty(tx, orders, reason)
    totals = {OrderId(row.id): row.total_minor for row in add_up(tx, orders)}
    _give_back(tx, cycle_id, lines, gone)
    payments.release_many(tx, [row.id for row in gone])
    _tell(tx, cycle_id, lines, totals, gone, reason)
    return len(lines)


def _give_back(tx: Transaction, cycle_id: CycleId, lines: Sequence[Row[Any]], gone: Sequence[Row[Any]]) -> None:
    """Change what places and stock hold by what the lines changed."""
    weights, quantities = Counter[PlaceId](), Counter[ListingId]()
    for row in lines:
        weights[PlaceId(row.place_id)] += row.more_g
        quantities[ListingId(row.listing_id)] += row.more
    counts = Counter(PlaceId(row.place_id) for row in gone)
    loads: dict[Place, Load] = {(cycle_id, place): Load(-counts[place], more_g) for place, more_g in weights.items()}
    cycles.spaces(tx, loads)
    offered = cycles.offers(tx, quantities)
    cycles.occupy(tx, loads)
    cycles.reserve(tx, offered, quantities)


def _tell(
    tx: Transaction,
    cycle_id: CycleId,
    lines: Sequence[Row[Any]],
    totals: Mapping[OrderId, int],
    gone: Sequence[Row[Any]],
    reason: CancelReason,
) -> None:
    """Tell everybody once: of an order that is gone, of lines that are, or of what an order has now."""
    whose = {OrderId(row.order_id): PersonId(row.consumer_id) for row in lines}
    cancelled, short = {row.id for row in gone}, {row.order_id for row in lines if row.dropped}
    events = [
        *(OrderCancelled(OrderId(row.id), cycle_id, PersonId(row.consumer_id), reason) for row in gone),
        *(
            LineDropped(OrderId(row.order_id), OrderLineId(row.id), PersonId(row.consumer_id), CancelReason(row.reason))
            for row in lines
            if row.dropped and row.order_id not in cancelled
        ),
        *(
            OrderAdjusted(order_id, cycle_id, whose[order_id], total)
            for order_id, total in totals.items()
            if order_id not in short
        ),
    ]
    with pipeline(tx) as pipe:
        announce_many(pipe, events)
