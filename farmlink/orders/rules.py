"""What an order may be, and what it costs: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from babel.numbers import format_decimal

from farmlink.cycles.rules.refusals import SoldOutError
from farmlink.cycles.values import CycleId, ListingId, Load, Offered, Place, Stage, StockId
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money, line_total_minor
from farmlink.orders.values import (
    CancelReason,
    Confirmation,
    Handover,
    Item,
    Order,
    OrderLine,
    OrderState,
    There,
    Told,
    WantedLine,
)

MOST_LINES = 200
MOST_PACKS = 100_000


class OrderExistsError(RefusedError):
    """One order per consumer and cycle; it can be changed instead."""

    code = "order-exists"
    message = "There is already an order for this cycle. Change that order instead."


class BelowMinimumError(RefusedError):
    """An order too small to be worth packing."""

    code = "below-minimum"
    message = "Orders to this place come to at least {minimum_minor}; this one comes to {total_minor}."


class OrderCancelledError(RefusedError):
    """What was cancelled stays so; a new order can be placed."""

    code = "order-cancelled"
    message = "This order is cancelled. Place a new one while the cycle is open."


def gather(lines: Iterable[WantedLine]) -> dict[ListingId, int]:
    """Add up the packs of each listing, in the order of their ids; refuse what is no order at all."""
    packs: dict[ListingId, int] = {}
    for line in lines:
        if line.packs < 1:
            raise InvalidError(field="packs", reason=marked("Order at least one pack of a listing, or leave it out."))
        packs[line.listing_id] = packs.get(line.listing_id, 0) + line.packs
    if not packs:
        raise InvalidError(field="lines", reason=marked("An order needs at least one line."))
    if len(packs) > MOST_LINES or max(packs.values()) > MOST_PACKS:
        raise InvalidError(field="lines", reason=marked("An order has at most 200 lines of at most 100000 packs each."))
    return dict(sorted(packs.items()))


def load_of(lines: Iterable[OrderLine]) -> Load:
    """What one order is to the place where it is handed out."""
    return Load(1, sum(line.weight_g for line in lines if line.state is OrderState.PLACED))


def loads_moved(before: tuple[Place, Load], after: tuple[Place, Load]) -> dict[Place, Load]:
    """What an order that changes takes from the places and gives back to them."""
    if before[0] == after[0]:
        return {after[0]: Load(0, after[1].weight_g - before[1].weight_g)}
    return {before[0]: Load(-1, -before[1].weight_g), after[0]: after[1]}


def refuse_stock(
    cycle_id: CycleId, packs: Mapping[ListingId, int], offered: Mapping[ListingId, Offered], left: Mapping[StockId, int]
) -> RefusedError | None:
    """Say why these packs cannot be had, if so; packs of one product and grade are judged in sum."""
    wanted: dict[StockId, int] = {}
    for listing_id, count in packs.items():
        offer = offered.get(listing_id)
        if offer is None or offer.cycle_id != cycle_id:
            return MissingError(noun="listing", id=listing_id)
        beside = wanted.get(offer.stock_id, 0)
        wanted[offer.stock_id] = beside + count * offer.pack
        if wanted[offer.stock_id] > left[offer.stock_id]:
            return SoldOutError(listing_id=listing_id, packs_left=max(0, left[offer.stock_id] - beside) // offer.pack)
    return None


def refuse_small(total_minor: int, minimum_minor: int, currency: str) -> RefusedError | None:
    """Say that an order is too small, if so."""
    if total_minor < minimum_minor:
        return BelowMinimumError(minimum_minor=minimum_minor, total_minor=total_minor, currency=currency)
    return None


def price_kept(frozen: int | None, posted: int) -> int:
    """An amended line keeps the price it was ordered at, unless the posted one has fallen."""
    return posted if frozen is None else min(frozen, posted)


def total_of(lines: Sequence[OrderLine], delivery_fee_minor: int) -> int:
    """The most that an order can cost."""
    return sum(line.total_minor for line in lines if line.state is OrderState.PLACED) + delivery_fee_minor


def due_of(order: Order, there: There) -> int:
    """What is to pay for what is there: each line rounded once, and the delivery fee if there is anything at all."""
    prices = {line.id: line.price_minor_per_1000 for line in order.lines}
    goods = sum(line_total_minor(quantity, prices[line_id]) for line_id, quantity in there.quantities.items())
    return goods + (order.delivery_fee_minor if any(there.quantities.values()) else 0)


def told_of(stage: Stage, there: There | None, *, late: bool, paused: bool) -> Told:
    """What can be said of a standing order in a stage of its cycle; `late` is at or after the cut-off."""
    if there is not None:
        return Told.ENDED if there.ended else Told.DUE
    if late or stage is not Stage.OPEN:
        return Told.CLOSED
    return Told.PAUSED if paused else Told.OPEN


SUBJECT = marked("Your order for {day}")
GREETINGS: Mapping[Told, str] = {
    Told.OPEN: marked("Your order is in. Until {closes_at} you can change or cancel it."),
    Told.PAUSED: marked("Your order is in. Ordering is paused: until {closes_at} you can cancel it."),
    Told.CLOSED: marked("Your order is in. It can no longer be changed or cancelled."),
    Told.DUE: marked("What came in has been shared out. This is there for you:"),
    Told.ENDED: marked("This was handed out of your order for {day}:"),
}
NOTHING_THERE: Mapping[Told, str] = {
    Told.DUE: marked("Nothing came in of your order for {day}. Nothing is charged."),
    Told.ENDED: marked("Nothing was handed out of your order for {day}. Nothing is charged."),
}
ITEM = marked("{packs} x {name}: {amount}")
SHORT_ITEM = marked("{there} of {packs} x {name}: {amount}")
FEE = marked("Delivery: {amount}")
WHERE = marked("Pick it up on {day} at {point}, {address}.")
HOURS = marked("Open {hours}.")
BROUGHT = marked("We bring it to your door on {day}, {hours}.")
ADDRESS = marked("Your address: {address}.")
AT_MOST = marked("You pay at most {amount}, when you pick it up. Nothing is charged before.")
AT_MOST_AT_HOME = marked("You pay at most {amount}, when it is brought. Nothing is charged before.")
DUE = marked("You pay {amount}, when you pick it up. Nothing is charged before.")
DUE_AT_HOME = marked("You pay {amount}, when it is brought. Nothing is charged before.")
HANDED_OUT = marked("What was handed out comes to {amount}.")
CANCELLED_SUBJECT = marked("Your order for {day} is cancelled")
CANCELLED: Mapping[CancelReason, str] = {
    CancelReason.CONSUMER: marked("Your order for {day} is cancelled, as you asked. Nothing is charged."),
    CancelReason.PLANNER: marked(
        "The planner or your pick-up point cancelled your order for {day}. Nothing is charged."
    ),
    **dict.fromkeys(
        (CancelReason.THRESHOLD, CancelReason.NO_ORDERS),
        marked("Too few people ordered, so your order for {day} cannot be served. Nothing is charged."),
    ),
}


def write_cancellation(language: str, reason: CancelReason, day: date) -> Confirmation:
    """Write that an order is cancelled, and why."""
    facts = {"day": day}
    return Confirmation(render(CANCELLED_SUBJECT, language, facts), render(CANCELLED[reason], language, facts))


def write_confirmation(
    language: str, told: Told, handover: Handover, items: Sequence[Item], fee: Money, total: Money
) -> Confirmation:
    """Write what there is to say of a standing order: what comes, where and when, and how much it costs."""
    facts: dict[str, object] = {
        "day": handover.hand_out_on,
        "closes_at": handover.closes_at,
        "point": handover.point,
        "address": handover.address,
        "hours": handover.hours,
        "amount": total,
    }
    if told in NOTHING_THERE and not any(item.there for item in items):
        texts = [(NOTHING_THERE[told], facts)]
    else:
        texts = [(GREETINGS[told], facts), *(_item(item, language) for item in items)]
        texts += [(FEE, {"amount": fee})] if fee.minor else []
        texts += [(line, facts) for line in _ending(told, handover)]
    body = "\n".join(render(text, language, facts, handover.time_zone) for text, facts in texts)
    return Confirmation(render(SUBJECT, language, facts, handover.time_zone), body)


def _item(item: Item, language: str) -> tuple[str, dict[str, object]]:
    there = format_decimal(item.there, locale=language.replace("-", "_"))
    facts: dict[str, object] = {"packs": item.packs, "there": there, "name": item.name, "amount": item.amount}
    return (ITEM if item.there == item.packs else SHORT_ITEM), facts


def _ending(told: Told, handover: Handover) -> list[str]:
    """Where it is handed out and what that costs, for as long as it is not handed out yet."""
    if told is Told.ENDED:
        return [HANDED_OUT]
    if handover.point is None:
        return [BROUGHT, *([ADDRESS] if handover.address else []), DUE_AT_HOME if told is Told.DUE else AT_MOST_AT_HOME]
    return [WHERE, *([HOURS] if handover.hours else []), DUE if told is Told.DUE else AT_MOST]
