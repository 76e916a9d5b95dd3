"""What there is to say of an order, gathered for its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductId
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, Stage
from farmlink.kernel.money import Money, line_total_minor
from farmlink.network import queries as network
from farmlink.network.values import HomeId, PointId
from farmlink.orders.queries.placed import order
from farmlink.orders.rules import due_of, most_of, told_of
from farmlink.orders.rules.confirmation import write_cancellation, write_confirmation
from farmlink.orders.values import (
    CancelReason,
    Confirmation,
    Handover,
    Item,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    OrderState,
    There,
    Told,
)
from farmlink.payments import queries as payments
from farmlink.people import queries as people
from farmlink.people.values import Contact, PersonId
from farmlink.policy import queries as policy
from farmlink.policy.values import PolicyVersion
from farmlink.store.transaction import Transaction

DAY_MINUTES = 24 * 60


def confirmation(
    tx: Transaction, order_id: OrderId, language: str, there: There | None = None, viewer: PersonId | None = None
) -> Confirmation:
    """What there is to say of an order as it stands, in the reader's language and the hub's time.

    Without a viewer it is written to its consumer.
    """
    found = order(tx, order_id)
    cycle = cycles.cycle(tx, found.cycle_id)
    if found.state is OrderState.CANCELLED:
        return write_cancellation(language, found.reason or CancelReason.PLANNER, cycle.hand_out_on)
    standing = [line for line in found.lines if line.state is OrderState.PLACED]
    names = line_names(tx, found.lines, language)
    weighed = _priced_by_weight(tx, standing)
    told = told_of(cycle.stage, there, late=cycle.closes_at <= tx.now, paused=cycle.paused)
    items = [
        replace(_item(line, names, found.currency, told, there), by_weight=line.product_id in weighed)
        for line in standing
    ]
    point, address, hours = _at_home(tx, found, cycle) if found.at_home else _at_point(tx, found, cycle)
    collector = recipient(tx, found, there, found.consumer_id if viewer is None else viewer)
    handover = Handover(
        hand_out_on=cycle.hand_out_on,
        closes_at=cycle.closes_at,
        time_zone=cycle.time_zone,
        point=point,
        address=address,
        hours=hours,
        recipient=collector.name if collector else "",
        deposit=_deposit(tx, cycle),
    )
    at_most = most_of(found) if cycle.stage is Stage.OPEN else found.total_minor
    total = at_most if there is None else due_of(found, there)
    fee = Money(found.delivery_fee_minor, found.currency)
    paying = payments.payments(tx, [order_id]).get(order_id)
    return write_confirmation(language, told, handover, items, fee, Money(total, found.currency), paying)


def recipient(tx: Transaction, found: Order, there: There | None, viewer: PersonId) -> Contact | None:
    """Who collects a gift, and how they are reached; nobody if it is none, or they were forgotten.

    The giver knows; whoever hands it out does once the goods are shared out.
    """
    if found.recipient_id is None or (there is None and viewer != found.consumer_id):
        return None
    contact = people.contact(tx, found.recipient_id)
    return contact if contact.name else None


def _deposit(tx: Transaction, cycle: Cycle) -> Money | None:
    """What a crate bears by the policy that the cycle pinned; none where crates are free."""
    assert cycle.policy_version is not None, "a cycle that was opened has pinned its policy; the database checks it"
    minor = policy.at(tx, PolicyVersion(cycle.policy_version)).document.charges.crate_deposit_minor
    return Money(minor, cycle.currency) if minor else None


def _priced_by_weight(tx: Transaction, lines: Sequence[OrderLine]) -> set[ProductId]:
    products = catalogue.products_by_id(tx, {line.product_id for line in lines})
    return {product.id for product in products.values() if product.catch_weight}


def _item(line: OrderLine, names: Mapping[OrderLineId, str], currency: str, told: Told, there: There | None) -> Item:
    quantity = line.quantity if there is None else there.quantities.get(line.id, 0)
    worth = Money(line_total_minor(quantity, line.price_minor_per_1000), currency)
    most = line.most_packs if told in {Told.OPEN, Told.PAUSED} else None
    missed = line.in_place_of or line.swapped_from
    return Item(
        name=names[line.id],
        packs=line.packs,
        there=Decimal(quantity * line.packs) / line.quantity,
        amount=worth,
        most=most,
        wanted=line.wanted_packs,
        instead_of=names[missed] if missed else "",
    )


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


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
