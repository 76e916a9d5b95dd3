"""What the cut-off does to orders: unmet lines are dropped, prices settle, lines go into batches, or all is let go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.rules import price_reached
from farmlink.cycles.rules.thresholds import lets_go
from farmlink.cycles.values import CycleId, Listing, ListingId, Load, Place, Stage
from farmlink.network.values import PlaceId
from farmlink.orders.commands.totals import add_up, cancel_empty
from farmlink.orders.values import CancelReason, LineDropped, OrderCancelled, OrderCheaper, OrderId, OrderLineId
from farmlink.payments import commands as payments
from farmlink.people.values import PersonId
from farmlink.store.bulk import announce_many
from farmlink.store.pipeline import pipeline, uuids, wholes
from farmlink.store.transaction import Transaction

CANCEL_ORDERS = """
UPDATE consumer_order SET state = 'cancelled', reason = :reason, revision = revision + 1
WHERE cycle_id = :cycle AND state = 'placed' RETURNING id, consumer_id
"""
CANCEL_LINES = """
UPDATE order_line SET state = 'cancelled', reason = :reason WHERE cycle_id = :cycle AND state = 'placed'
"""
DROP_LINES = """
UPDATE order_line l SET state = 'cancelled', reason = coalesce(l.reason, 'threshold')
FROM consumer_order o WHERE o.id = l.order_id AND l.cycle_id = :cycle AND l.state = 'placed'
AND l.listing_id = ANY(CAST(:listings AS uuid[]))
RETURNING l.order_id, l.id, o.consumer_id, l.place_id, l.weight_g, l.reason
"""
SETTLE = """
UPDATE order_line l SET price_minor_per_1000 = t.price, price_before_minor_per_1000 = l.price_minor_per_1000,
  total_minor = (2 * l.quantity * t.price + 1000) / 2000
FROM unnest(CAST(:listings AS uuid[]), CAST(:prices AS bigint[])) t(listing_id, price)
WHERE l.listing_id = t.listing_id AND l.cycle_id = :cycle AND l.state = 'placed' AND l.price_minor_per_1000 > t.price
RETURNING l.order_id, l.total_minor < (2 * l.quantity * l.price_before_minor_per_1000 + 1000) / 2000 AS lower
"""
STANDING = "SELECT id, total_minor FROM consumer_order WHERE cycle_id = :cycle AND state = 'placed'"
BATCH = """
UPDATE order_line l SET batch_id = b.id FROM batch b
WHERE b.cycle_id = :cycle AND l.cycle_id = :cycle AND l.state = 'placed' AND l.batch_id IS NULL
AND (l.product_id, l.grade, l.place_id) = (b.product_id, b.grade, b.place_id)
"""


def cancel_cycle(tx: Transaction, cycle_id: CycleId, reason: CancelReason = CancelReason.THRESHOLD) -> bool:
    """Cancel a cycle with all its orders: what they held is released, every line gets its reason; False if it was."""
    if not cycles.move(tx, cycle_id, Stage.CANCELLED):
        return False
    named = {"cycle": cycle_id, "reason": reason.value}
    gone = tx.execute(CANCEL_ORDERS, named).all()
    tx.execute(CANCEL_LINES, named)
    cycles.release_all(tx, cycle_id)
    payments.release_many(tx, [row.id for row in gone])
    cycles.end_thresholds(tx, cycle_id)
    _tell(tx, cycle_id, gone, reason)
    tx.record("cycle.cancel", cycle_id, reason=reason.value, orders=len(gone))
    return True


def drop_unmet_listings(tx: Transaction, cycle_id: CycleId) -> int:
    """Drop the lines of what too few people wanted; the number of lines dropped.

    The cycle is held alone, and its thresholds are judged. Once cases are whole it is called again: of what met its
    threshold, too little may be left.
    """
    unmet = [one for one in cycle_queries.listings(tx, cycle_id) if one.ordered and _unmet(one)]
    dropped = _drop(tx, cycle_id, unmet) if unmet else 0
    cycles.release_dropped(tx, cycle_id)
    return dropped


def _unmet(listing: Listing) -> bool:
    return lets_go(listing.threshold_state, listing.unmet, listing.threshold, listing.ordered)


def _drop(tx: Transaction, cycle_id: CycleId, unmet: Sequence[Listing]) -> int:
    ids = uuids(listing.id for listing in unmet)
    dropped = tx.execute(DROP_LINES, {"cycle": cycle_id, "listings": ids}).all()
    cycles.release_all(tx, cycle_id, {(listing.product_id, listing.grade) for listing in unmet})
    orders = {OrderId(row.order_id) for row in dropped}
    gone = cancel_empty(tx, orders, CancelReason.THRESHOLD)
    cycles.occupy(tx, _given_back(cycle_id, dropped, gone))
    payments.release_many(tx, [row.id for row in gone])
    with pipeline(tx) as pipe:
        announce_many(
            pipe,
            [
                LineDropped(
                    OrderId(row.order_id), OrderLineId(row.id), PersonId(row.consumer_id), CancelReason(row.reason)
                )
                for row in dropped
            ],
        )
    _tell(tx, cycle_id, gone, CancelReason.THRESHOLD)
    add_up(tx, orders)
    return len(dropped)


def settle_prices(tx: Transaction, cycle_id: CycleId, ordered: Mapping[ListingId, int]) -> int:
    """Give everybody the price that all together reached; it only falls, and what is held above it goes back at once.

    So does what was held for lines that were cut, and for more that had been welcome: from now on nothing is added.

    `ordered` is what everybody saw as progress before cases were made whole: a price that was reached then is kept.
    The number of lines that got cheaper.
    """
    listings = cycle_queries.listings(tx, cycle_id)
    prices = [
        price_reached(row.price_minor_per_1000, row.price_steps, max(row.ordered, ordered.get(row.id, 0)))
        for row in listings
    ]
    named = {"cycle": cycle_id, "listings": uuids(row.id for row in listings), "prices": wholes(prices)}
    cheaper = tx.execute(SETTLE, named).all()
    if cheaper:
        lowered = add_up(tx, {OrderId(row.order_id) for row in cheaper if row.lower})
        with pipeline(tx) as pipe:
            announce_many(
                pipe,
                [
                    OrderCheaper(OrderId(row.id), cycle_id, PersonId(row.consumer_id), row.total_minor)
                    for row in lowered
                ],
            )
        tx.record("cycle.settle-prices", cycle_id, lines=len(cheaper))
    payments.lower_many(tx, {row.id: row.total_minor for row in tx.execute(STANDING, {"cycle": cycle_id})})
    return len(cheaper)


def batch_lines(tx: Transaction, cycle_id: CycleId) -> int:
    """Put every standing line of a cycle into its batch; the number of lines."""
    return len(tx.execute(f"{BATCH} RETURNING l.id", {"cycle": cycle_id}).all())


def _given_back(cycle_id: CycleId, lines: Sequence[Row[Any]], orders: Sequence[Row[Any]]) -> dict[Place, Load]:
    """What dropped lines and the orders that are empty without them were to their points, below zero."""
    weights, counts = Counter[PlaceId](), Counter[PlaceId](row.place_id for row in orders)
    for row in lines:
        weights[row.place_id] += row.weight_g
    return {(cycle_id, place_id): Load(-counts[place_id], -weight_g) for place_id, weight_g in weights.items()}


def _tell(tx: Transaction, cycle_id: CycleId, gone: Sequence[Row[Any]], reason: CancelReason) -> None:
    """Tell everybody whose order is cancelled."""
    tx.session.expire_all()
    with pipeline(tx) as pipe:
        announce_many(
            pipe, [OrderCancelled(OrderId(row.id), cycle_id, PersonId(row.consumer_id), reason) for row in gone]
        )
