"""What an order may be, and what it costs: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from farmlink.cycles.rules.refusals import SoldOutError
from farmlink.cycles.values import CycleId, ListingId, Load, Offered, Place, Stage, StockId
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.money import line_total_minor
from farmlink.orders.values import Order, OrderLine, OrderState, Shortage, There, Told, WantedLine
from farmlink.people.values import PersonId

MOST_LINES = 200
MOST_PACKS = 100_000
MOST_SUBSTITUTES = 5


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


def gather(lines: Iterable[WantedLine]) -> dict[ListingId, WantedLine]:
    """Make the lines of each listing one, in the order of their ids; refuse what is no order at all."""
    wanted: dict[ListingId, WantedLine] = {}
    for line in lines:
        require_meant(line)
        before = wanted.get(line.listing_id)
        wanted[line.listing_id] = line if before is None else _together(before, line)
    if not wanted:
        raise InvalidError(field="lines", reason=marked("An order needs at least one line."))
    if len(wanted) > MOST_LINES or max(line.most or line.packs for line in wanted.values()) > MOST_PACKS:
        raise InvalidError(field="lines", reason=marked("An order has at most 200 lines of at most 100000 packs each."))
    return dict(sorted(wanted.items()))


def require_meant(line: WantedLine) -> None:
    """Refuse a line that cannot be meant as it is said."""
    if line.packs < 1:
        raise InvalidError(field="packs", reason=marked("Order at least one pack of a listing, or leave it out."))
    if line.most is not None and line.most < line.packs:
        raise InvalidError(field="most", reason=marked("This is the most that is welcome: at least what is ordered."))
    if (line.shortage is Shortage.SWAP) != bool(line.substitutes):
        raise InvalidError(
            field="substitutes",
            reason=marked("Name what may come instead if you want to swap, and only then."),
        )
    chosen = {line.listing_id, *line.substitutes}
    if len(line.substitutes) > MOST_SUBSTITUTES or len(chosen) <= len(line.substitutes):
        raise InvalidError(
            field="substitutes", reason=marked("Name at most 5 other listings, each once, the best one first.")
        )


def _together(line: WantedLine, more: WantedLine) -> WantedLine:
    if (line.shortage, line.substitutes) != (more.shortage, more.substitutes):
        raise InvalidError(
            field="shortage",
            reason=marked("Two lines of one listing want different things in a shortage."),
        )
    most = (line.most or line.packs) + (more.most or more.packs) if line.most or more.most else None
    return replace(line, packs=line.packs + more.packs, most=most)


def load_of(lines: Iterable[OrderLine]) -> Load:
    """What one order is to the place where it is handed out."""
    return Load(1, sum(line.weight_g for line in lines if line.state is OrderState.PLACED))


def loads_moved(before: tuple[Place, Load], after: tuple[Place, Load]) -> dict[Place, Load]:
    """What an order that changes takes from the places and gives back to them."""
    if before[0] == after[0]:
        return {after[0]: Load(0, after[1].weight_g - before[1].weight_g)}
    return {before[0]: Load(-1, -before[1].weight_g), after[0]: after[1]}


def refuse_stock(
    cycle_id: CycleId,
    lines: Mapping[ListingId, WantedLine],
    offered: Mapping[ListingId, Offered],
    left: Mapping[StockId, int],
) -> RefusedError | None:
    """Say why these lines cannot be had, if so; packs of one product and grade are judged in sum."""
    wanted: dict[StockId, int] = {}
    for listing_id, line in lines.items():
        for named in (listing_id, *line.substitutes):
            if named not in offered or offered[named].cycle_id != cycle_id:
                return MissingError(noun="listing", id=named)
        offer = offered[listing_id]
        beside = wanted.get(offer.stock_id, 0)
        wanted[offer.stock_id] = beside + line.packs * offer.pack
        if wanted[offer.stock_id] > left[offer.stock_id]:
            return SoldOutError(listing_id=listing_id, packs_left=max(0, left[offer.stock_id] - beside) // offer.pack)
    return None


def had_of(
    cycle_id: CycleId,
    lines: Mapping[ListingId, WantedLine],
    offered: Mapping[ListingId, Offered],
    left: Mapping[StockId, int],
) -> dict[ListingId, WantedLine]:
    """Those lines that can be had together, each whole, in their order."""
    had: dict[ListingId, WantedLine] = {}
    remains = dict(left)
    for listing_id, line in lines.items():
        if refuse_stock(cycle_id, {listing_id: line}, offered, remains) is None:
            had[listing_id] = line
            remains[offered[listing_id].stock_id] -= line.packs * offered[listing_id].pack
    return had


def refuse_gift(recipient_id: PersonId | None, giver_id: PersonId | None, consumer_id: PersonId) -> RefusedError | None:
    """Say that somebody is not known as a recipient, if so: everybody gives to those whom they named themselves."""
    if recipient_id is not None and giver_id != consumer_id:
        return MissingError(noun="person", id=recipient_id)
    return None


def refuse_brought_gift(recipient_id: PersonId | None, *, at_home: bool) -> RefusedError | None:
    """Say that a gift is not brought home, if so: its recipient collects it."""
    if recipient_id is not None and at_home:
        return InvalidError(field="place_id", reason=marked("A gift is collected at a pick-up point. Choose one."))
    return None


def named_listings(lines: Iterable[WantedLine]) -> list[ListingId]:
    """All listings that lines name, those that may come instead too."""
    return [listing_id for line in lines for listing_id in (line.listing_id, *line.substitutes)]


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


def most_of(order: Order) -> int:
    """The most that an order can come to while the cut-off can still fill its lines up to what is welcome."""
    extra = 0
    for line in order.lines:
        if line.state is OrderState.PLACED and line.most_packs:
            quantity = line.quantity // line.packs * line.most_packs
            extra += line_total_minor(quantity, line.price_minor_per_1000) - line.total_minor
    return order.total_minor + extra


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
