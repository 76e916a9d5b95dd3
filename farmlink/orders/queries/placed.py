"""Orders and their lines: one's own, a cycle's, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlmodel import col, select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.network.values import HomeId, PlaceId
from farmlink.orders.rules import due_of
from farmlink.orders.tables import ConsumerOrder
from farmlink.orders.values import (
    BatchedLine,
    CancelReason,
    HomeOrder,
    Order,
    Ordered,
    OrderId,
    OrderLine,
    OrderLineId,
    OrderState,
    SeenOrder,
    Shortage,
    There,
)
from farmlink.people.values import PersonId
from farmlink.store.pages import fetched
from farmlink.store.pipeline import among, uuids
from farmlink.store.transaction import Transaction

LINES = """
SELECT order_id, id, listing_id, product_id, grade, packs, quantity, weight_g, price_minor_per_1000, tax_ppm,
       total_minor, state, reason, batch_id, most_packs, wanted_packs, shortage, substitutes, in_place_of,
       swapped_from, price_before_minor_per_1000
FROM order_line WHERE order_id = ANY(CAST(:orders AS uuid[])) ORDER BY listing_id
"""
BATCHED = """
SELECT l.id AS line_id, first_value(l.id) OVER (PARTITION BY batch_id, consumer_id ORDER BY l.id) AS whose, order_id,
  consumer_id, batch_id, l.place_id, quantity, quantity / packs AS pack, l.total_minor,
  price_minor_per_1000, greatest(0, packs - wanted_packs) * (quantity / packs) AS extra, shortage, substitutes
FROM order_line l JOIN consumer_order o ON o.id = l.order_id
WHERE l.cycle_id = :cycle AND l.state = 'placed' AND batch_id IS NOT NULL AND in_place_of IS NULL
ORDER BY batch_id, l.id
"""
ORDERED = """
WITH dropped AS (
  SELECT l.order_id, sum(l.total_minor) AS total_minor, count(*) AS lines FROM stock s
  JOIN order_line l ON (l.cycle_id, l.product_id, l.grade) = (s.cycle_id, s.product_id, s.grade)
  WHERE s.cycle_id = ANY(CAST(:cycles AS uuid[])) AND s.reserved < s.threshold AND s.unmet = 'zero'
    AND l.state = 'placed' GROUP BY l.order_id
)
SELECT o.cycle_id, count(*) AS orders,
  sum(o.total_minor - o.delivery_fee_minor - coalesce(d.total_minor, 0))::bigint AS total_minor,
  count(*) FILTER (WHERE d.lines IS NULL OR d.lines < (
    SELECT count(*) FROM order_line l WHERE l.order_id = o.id AND l.state = 'placed'
  )) AS served
FROM consumer_order o LEFT JOIN dropped d ON d.order_id = o.id
WHERE o.cycle_id = ANY(CAST(:cycles AS uuid[])) AND o.state = 'placed' GROUP BY o.cycle_id
"""
HOME_ORDERS = """
SELECT id, consumer_id, place_id FROM consumer_order
WHERE cycle_id = :cycle AND state = 'placed' AND at_home AND (CAST(:after AS uuid) IS NULL OR id > :after)
AND place_id IN (SELECT unnest(CAST(:homes AS uuid[]))) AND id NOT IN (SELECT unnest(CAST(:ended AS uuid[])))
ORDER BY id LIMIT :most
"""
NEEDED = """
SELECT DISTINCT place_id, cycle_id FROM consumer_order
WHERE place_id IN (SELECT unnest(CAST(:homes AS uuid[]))) AND state = 'placed' AND at_home
"""


def order(tx: Transaction, order_id: OrderId, viewer: PersonId | None = None) -> Order:
    """One order; for a viewer, only their own exists."""
    row = tx.find(ConsumerOrder, order_id)
    if row is None or (viewer is not None and row.consumer_id != viewer):
        raise MissingError(noun="consumer order", id=order_id)
    return order_value(row, lines_of(tx, [order_id])[order_id])


def orders(
    tx: Transaction,
    paging: Paging,
    *,
    consumer_id: PersonId | None = None,
    cycle_id: CycleId | None = None,
    cycle_ids: Iterable[CycleId] | None = None,
    place_ids: Iterable[PlaceId] | None = None,
) -> Page[Order]:
    """Orders in the order they were placed: one consumer's, one cycle's or some cycles', or those of some points."""
    chosen = select(ConsumerOrder)
    if consumer_id is not None:
        chosen = chosen.where(ConsumerOrder.consumer_id == consumer_id)
    if cycle_id is not None:
        chosen = chosen.where(ConsumerOrder.cycle_id == cycle_id)
    if cycle_ids is not None:
        chosen = chosen.where(among(col(ConsumerOrder.cycle_id), cycle_ids))
    if place_ids is not None:
        chosen = chosen.where(col(ConsumerOrder.place_id).in_(list(place_ids)))
    rows = fetched(tx, chosen, col(ConsumerOrder.id), paging)
    lines = lines_of(tx, [OrderId(row.id) for row in rows])
    return page([order_value(row, lines[OrderId(row.id)]) for row in rows], paging, lambda found: found.id)


def ordered(tx: Transaction, cycle_id: CycleId) -> Ordered:
    """What a cycle's orders come to so far: its progress towards the threshold, by which the cut-off judges it."""
    return ordered_in_each(tx, [cycle_id])[cycle_id]


def ordered_in_each(tx: Transaction, cycle_ids: Iterable[CycleId]) -> dict[CycleId, Ordered]:
    """What the orders of each of these cycles come to so far."""
    found = {cycle_id: Ordered(0, 0, 0) for cycle_id in cycle_ids}
    for row in tx.execute(ORDERED, {"cycles": uuids(found)}):
        found[CycleId(row.cycle_id)] = Ordered(row.orders, row.total_minor, row.served)
    return found


def ids_of(tx: Transaction, consumer_id: PersonId) -> list[OrderId]:
    """The ids of all orders of one consumer."""
    found = select(ConsumerOrder.id).where(ConsumerOrder.consumer_id == consumer_id).order_by(col(ConsumerOrder.id))
    return [OrderId(order_id) for order_id in tx.session.exec(found)]


def has_ordered_at(tx: Transaction, consumer_id: PersonId, place_id: PlaceId) -> bool:
    """Tell whether somebody has ordered to a point before, in whatever cycle."""
    found = select(ConsumerOrder.id).where(ConsumerOrder.consumer_id == consumer_id, ConsumerOrder.place_id == place_id)
    return tx.session.exec(found.limit(1)).first() is not None


def ordered_homes(tx: Transaction, cycle_id: CycleId) -> frozenset[HomeId]:
    """Homes to which standing orders of a cycle are brought."""
    homes = "SELECT DISTINCT place_id FROM consumer_order WHERE cycle_id = :cycle AND state = 'placed' AND at_home"
    return frozenset(map(HomeId, tx.execute(homes, {"cycle": cycle_id}).scalars()))


def needed_homes(tx: Transaction, home_ids: Collection[HomeId]) -> frozenset[HomeId]:
    """Those of some homes to which something is still on its way."""
    rows = tx.execute(NEEDED, {"homes": uuids(home_ids)}).all()
    living = cycles.on_their_way(tx, {CycleId(row.cycle_id) for row in rows})
    return frozenset(HomeId(row.place_id) for row in rows if row.cycle_id in living)


def home_orders(
    tx: Transaction, cycle_id: CycleId, home_ids: Collection[HomeId], ended: Collection[OrderId], paging: Paging
) -> list[HomeOrder]:
    """Standing orders to these homes but for those that have ended, as they were placed; one more than a page."""
    named = {"cycle": cycle_id, "homes": uuids(home_ids), "ended": uuids(ended)}
    rows = tx.execute(HOME_ORDERS, named | {"after": paging.after, "most": paging.limit + 1})
    return [HomeOrder(OrderId(row.id), PersonId(row.consumer_id), HomeId(row.place_id)) for row in rows]


def lines_of(tx: Transaction, order_ids: Sequence[OrderId]) -> dict[OrderId, tuple[OrderLine, ...]]:
    """The lines of many orders."""
    found: dict[OrderId, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for row in tx.execute(LINES, {"orders": uuids(order_ids)}):
        found[OrderId(row.order_id)].append(_line(row))
    return {order_id: tuple(lines) for order_id, lines in found.items()}


def batched_lines(tx: Transaction, cycle_id: CycleId) -> list[BatchedLine]:
    """The standing lines of a closed cycle, by batch and then by line."""
    return [
        BatchedLine(
            **row._asdict()
            | {"shortage": Shortage(row.shortage), "substitutes": tuple(map(ListingId, row.substitutes))}
        )
        for row in tx.execute(BATCHED, {"cycle": cycle_id})
    ]


def consumers(tx: Transaction, order_ids: Iterable[OrderId]) -> dict[OrderId, PersonId]:
    """Whose orders these are."""
    rows = tx.execute(
        "SELECT id, consumer_id FROM consumer_order WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id",
        {"ids": uuids(order_ids)},
    )
    return {OrderId(row.id): PersonId(row.consumer_id) for row in rows}


def ordered_in(tx: Transaction, cycle_ids: Iterable[CycleId]) -> frozenset[PersonId]:
    """Everybody who ordered in one of these cycles, whatever became of it."""
    found = "SELECT DISTINCT consumer_id FROM consumer_order WHERE cycle_id = ANY(CAST(:cycles AS uuid[]))"
    return frozenset(map(PersonId, tx.execute(found, {"cycles": uuids(cycle_ids)}).scalars()))


def seen(found: Order, there: There | None) -> SeenOrder:
    """An order with what is to pay for what is there of it."""
    facts = {field.name: getattr(found, field.name) for field in fields(Order)}
    return SeenOrder(**facts, due_minor=None if there is None else due_of(found, there))


def order_value(row: ConsumerOrder, lines: Sequence[OrderLine]) -> Order:
    """An order's row as a value."""
    return Order(
        id=OrderId(row.id),
        cycle_id=CycleId(row.cycle_id),
        consumer_id=PersonId(row.consumer_id),
        place_id=PlaceId(row.place_id),
        at_home=row.at_home,
        state=OrderState(row.state),
        reason=CancelReason(row.reason) if row.reason else None,
        currency=row.currency,
        delivery_fee_minor=row.delivery_fee_minor,
        total_minor=row.total_minor,
        placed_at=row.placed_at,
        amended_at=row.amended_at,
        revision=row.revision,
        lines=tuple(lines),
        recipient_id=PersonId(row.recipient_id) if row.recipient_id else None,
    )


def _line(row: Any) -> OrderLine:
    facts = row._asdict()
    del facts["order_id"]
    facts["id"], facts["listing_id"] = OrderLineId(row.id), ListingId(row.listing_id)
    facts["state"] = OrderState(row.state)
    facts["reason"] = CancelReason(row.reason) if row.reason else None
    facts["shortage"], facts["substitutes"] = Shortage(row.shortage), tuple(map(ListingId, row.substitutes))
    return OrderLine(**facts)
