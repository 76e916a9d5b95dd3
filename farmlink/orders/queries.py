"""What is read of orders: one's own, a cycle's, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from farmlink.catalogue import queries as catalogue
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId, ListingId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.money import Money, line_total_minor
from farmlink.kernel.page import Page, Paging, page
from farmlink.network import queries as network
from farmlink.network.values import HomeId, PlaceId, PointId
from farmlink.orders.rules import due_of, told_of, write_cancellation, write_confirmation
from farmlink.orders.tables import ConsumerOrder
from farmlink.orders.values import (
    BatchedLine,
    CancelReason,
    Confirmation,
    Handover,
    HomeOrder,
    Item,
    Order,
    Ordered,
    OrderId,
    OrderLine,
    OrderLineId,
    OrderState,
    SeenOrder,
    There,
)
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.pages import fetched
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

LINES = """
SELECT order_id, id, listing_id, product_id, grade, packs, quantity, weight_g, price_minor_per_1000, tax_ppm,
       total_minor, state, reason, batch_id
FROM order_line WHERE order_id = ANY(CAST(:orders AS uuid[])) ORDER BY listing_id
"""
BATCHED = """
SELECT id AS line_id, order_id, batch_id, place_id, quantity, quantity / packs AS pack, total_minor
FROM order_line WHERE cycle_id = :cycle AND state = 'placed' AND batch_id IS NOT NULL ORDER BY batch_id, id
"""
ORDERED = """
SELECT count(*) AS orders, (coalesce(sum(total_minor - delivery_fee_minor), 0) - (
  SELECT coalesce(sum(l.total_minor), 0) FROM stock s
  JOIN order_line l ON (l.cycle_id, l.product_id, l.grade) = (s.cycle_id, s.product_id, s.grade)
  WHERE s.cycle_id = :cycle AND s.reserved < s.threshold AND l.state = 'placed'
))::bigint AS total_minor
FROM consumer_order WHERE cycle_id = :cycle AND state = 'placed'
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
DAY_MINUTES = 24 * 60


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
    place_ids: Iterable[PlaceId] | None = None,
) -> Page[Order]:
    """Orders in the order they were placed: one consumer's, one cycle's, or those of some points."""
    chosen = select(ConsumerOrder)
    if consumer_id is not None:
        chosen = chosen.where(ConsumerOrder.consumer_id == consumer_id)
    if cycle_id is not None:
        chosen = chosen.where(ConsumerOrder.cycle_id == cycle_id)
    if place_ids is not None:
        chosen = chosen.where(col(ConsumerOrder.place_id).in_(list(place_ids)))
    rows = fetched(tx, chosen, col(ConsumerOrder.id), paging)
    lines = lines_of(tx, [OrderId(row.id) for row in rows])
    return page([order_value(row, lines[OrderId(row.id)]) for row in rows], paging, lambda found: found.id)


def ordered(tx: Transaction, cycle_id: CycleId) -> Ordered:
    """What a cycle's orders come to so far: its progress towards the threshold, by which the cut-off judges it."""
    row = tx.execute(ORDERED, {"cycle": cycle_id}).one()
    return Ordered(row.orders, row.total_minor)


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
    return [BatchedLine(**row._asdict()) for row in tx.execute(BATCHED, {"cycle": cycle_id})]


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


def line_names(tx: Transaction, lines: Sequence[OrderLine], language: str) -> dict[OrderLineId, str]:
    """What the lines of an order are called, product and pack."""
    listings = cycles.listings_by_id(tx, [line.listing_id for line in lines])
    products = catalogue.products_by_id(tx, {line.product_id for line in lines})
    variants = catalogue.variants_by_id(tx, {listing.variant_id for listing in listings.values()})
    named = {
        line.id: (products[line.product_id].name, variants[listings[line.listing_id].variant_id].name) for line in lines
    }
    return {
        line_id: " ".join(dict.fromkeys(name.get(language, name["en"]) for name in names))
        for line_id, names in named.items()
    }


def seen(found: Order, there: There | None) -> SeenOrder:
    """An order with what is to pay for what is there of it."""
    facts = {field.name: getattr(found, field.name) for field in fields(Order)}
    return SeenOrder(**facts, due_minor=None if there is None else due_of(found, there))


def confirmation(tx: Transaction, order_id: OrderId, language: str, there: There | None = None) -> Confirmation:
    """What there is to say of an order as it stands, in the reader's language and the hub's time."""
    found = order(tx, order_id)
    cycle = cycles.cycle(tx, found.cycle_id)
    if found.state is OrderState.CANCELLED:
        return write_cancellation(language, found.reason or CancelReason.PLANNER, cycle.hand_out_on)
    standing = [line for line in found.lines if line.state is OrderState.PLACED]
    names = line_names(tx, standing, language)
    items = [_item(line, names[line.id], found.currency, there) for line in standing]
    point, address, hours = _at_home(tx, found, cycle) if found.at_home else _at_point(tx, found, cycle)
    handover = Handover(
        hand_out_on=cycle.hand_out_on,
        closes_at=cycle.closes_at,
        time_zone=cycle.time_zone,
        point=point,
        address=address,
        hours=hours,
    )
    told = told_of(cycle.stage, there, late=cycle.closes_at <= tx.now, paused=cycle.paused)
    total = found.total_minor if there is None else due_of(found, there)
    fee = Money(found.delivery_fee_minor, found.currency)
    return write_confirmation(language, told, handover, items, fee, Money(total, found.currency))


def _item(line: OrderLine, name: str, currency: str, there: There | None) -> Item:
    quantity = line.quantity if there is None else there.quantities.get(line.id, 0)
    worth = Money(line_total_minor(quantity, line.price_minor_per_1000), currency)
    return Item(name, line.packs, Decimal(quantity * line.packs) / line.quantity, worth)


def _at_point(tx: Transaction, found: Order, cycle: Cycle) -> tuple[str | None, str, str]:
    """A point's name, its address, and when it is open on the day."""
    point = network.points_by_id(tx, [PointId(found.place_id)])[PointId(found.place_id)]
    open_then = [hours for hours in point.hours if hours.weekday == cycle.hand_out_on.weekday()]
    hours = ", ".join(f"{_clock(one.opens_minute)}-{_clock(one.closes_minute)}" for one in open_then)
    return point.name, point.address.line(), hours


def _at_home(tx: Transaction, found: Order, cycle: Cycle) -> tuple[str | None, str, str]:
    """No point, the consumer's address unless it or they were forgotten, and when the round comes by."""
    home_id, rhythm = HomeId(found.place_id), network.region(tx, cycle.region_id).rhythm
    address = people.address_at(tx, found.consumer_id, home_id)
    window = (rhythm.deliver_from_s // 60 % DAY_MINUTES, rhythm.deliver_until_s // 60 % DAY_MINUTES)
    return None, "" if address is None else address.line(), "-".join(map(_clock, window))


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
    )


def _line(row: Any) -> OrderLine:
    facts = row._asdict()
    del facts["order_id"]
    facts["id"], facts["listing_id"] = OrderLineId(row.id), ListingId(row.listing_id)
    facts["state"] = OrderState(row.state)
    facts["reason"] = CancelReason(row.reason) if row.reason else None
    return OrderLine(**facts)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
