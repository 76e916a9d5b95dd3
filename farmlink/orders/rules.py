"""What an order may be, and what it costs: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from farmlink.cycles.rules.refusals import SoldOutError
from farmlink.cycles.values import CycleId, ListingId, Load, Offered, Place, StockId
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money
from farmlink.orders.values import Confirmation, Handover, OrderLine, OrderState, WantedLine

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


SUBJECT = marked("Your order for {day}")
GREETING = marked("Your order is in. Until {closes_at} you can change or cancel it.")
ITEM = marked("{packs} x {name}: {amount}")
FEE = marked("Delivery: {amount}")
WHERE = marked("Pick it up on {day} at {point}, {address}.")
HOURS = marked("Open {hours}.")
TOTAL = marked("You pay at most {amount}, when you pick it up. Nothing is charged before.")
BROUGHT = marked("We bring it to your door on {day}, {hours}.")
ADDRESS = marked("Your address: {address}.")
TOTAL_AT_HOME = marked("You pay at most {amount}, when it is brought. Nothing is charged before.")


def write_confirmation(
    language: str, handover: Handover, items: Sequence[tuple[int, str, Money]], fee: Money, total: Money
) -> Confirmation:
    """Write what was ordered, where and when it is handed out, and how much it costs at most."""
    day = {"day": handover.hand_out_on}
    texts: list[tuple[str, dict[str, object]]] = [(GREETING, {"closes_at": handover.closes_at})]
    texts += [(ITEM, {"packs": packs, "name": name, "amount": amount}) for packs, name, amount in items]
    if fee.minor:
        texts.append((FEE, {"amount": fee}))
    where: dict[str, object] = {
        **day,
        "point": handover.point,
        "address": handover.address,
        "hours": handover.hours,
        "amount": total,
    }
    if handover.point is None:
        lines = (BROUGHT, ADDRESS if handover.address else "", TOTAL_AT_HOME)
    else:
        lines = (WHERE, HOURS if handover.hours else "", TOTAL)
    texts += [(line, where) for line in lines if line]
    body = "\n".join(render(text, language, facts, handover.time_zone) for text, facts in texts)
    return Confirmation(render(SUBJECT, language, day, handover.time_zone), body)
