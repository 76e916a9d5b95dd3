"""What takes the place of what falls short, where its consumer agreed to it and something of it is left over."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from farmlink.catalogue.values import ProductId, VariantId
from farmlink.cycles.values import CycleId, Listing, ListingId, ThresholdState, Unmet
from farmlink.dispatch.rules.sharing import DueLine
from farmlink.dispatch.rules.swapping import Goods, swaps
from farmlink.kernel.ids import uuid7
from farmlink.kernel.money import line_total_minor
from farmlink.network.values import PlaceId
from farmlink.orders.values import BatchedLine, OrderId, OrderLineId, Shortage, Swap
from farmlink.people.values import PersonId

POINT, ELSEWHERE = PlaceId(uuid7()), PlaceId(uuid7())


def listing(price: int = 200, pack: int = 1000) -> Listing:
    return Listing(
        id=ListingId(uuid7()),
        cycle_id=CycleId(uuid7()),
        product_id=ProductId(uuid7()),
        variant_id=VariantId(uuid7()),
        grade=4,
        pack=pack,
        weight_g=pack,
        price_minor_per_1000=price,
        tax_ppm=0,
        price_steps=(),
        case_packs=1,
        threshold=0,
        unmet=Unmet.ZERO,
        threshold_state=ThresholdState.OPEN,
        ordered=0,
        left=0,
    )


DAMSONS, GREENGAGES = listing(), listing(price=150)


def short(due: int, *substitutes: Listing, quantity: int = 5_000, owed: int = 0, **terms: Any) -> DueLine:
    """A line for plums at 2.00 a kilogram of which so much is there."""
    line_id = OrderLineId(uuid7())
    given_: dict[str, Any] = {
        "line_id": line_id,
        "whose": line_id,
        "order_id": OrderId(uuid7()),
        "consumer_id": PersonId(uuid7()),
        "batch_id": uuid7(),
        "place_id": POINT,
        "quantity": quantity,
        "pack": 1000,
        "price_minor_per_1000": 200,
        "total_minor": line_total_minor(quantity, 200),
        "shortage": Shortage.SWAP if substitutes else Shortage.LESS,
        "substitutes": tuple(one.id for one in substitutes),
    }
    return DueLine(BatchedLine(**given_ | terms), due, "not-received", "seed", owed)


def left(place: PlaceId = POINT, **quantities: int) -> dict[Goods, int]:
    named = {"damsons": DAMSONS, "greengages": GREENGAGES}
    return {(place, named[name].product_id, 4): quantity for name, quantity in quantities.items()}


def agreed(there: dict[Goods, int], *lines: DueLine, held: set[tuple[OrderId, ListingId]] | None = None) -> list[Swap]:
    return swaps(lines, there, {one.id: one for one in (DAMSONS, GREENGAGES)}, held or set())


def test_what_is_left_over_takes_the_place_of_what_is_missing() -> None:
    line = short(2_000, DAMSONS)
    assert agreed(left(damsons=9_000), line) == [Swap(line.line.line_id, DAMSONS.id, 3)]


def test_who_did_not_agree_gets_less() -> None:
    assert agreed(left(damsons=9_000), short(2_000)) == []


def test_who_is_served_whole_swaps_nothing() -> None:
    assert agreed(left(damsons=9_000), short(5_000, DAMSONS)) == []


def test_what_is_left_over_elsewhere_is_not_there() -> None:
    assert agreed(left(ELSEWHERE, damsons=9_000), short(0, DAMSONS)) == []


def test_the_best_of_ones_own_list_comes_first_and_the_next_fills_up() -> None:
    line = short(0, GREENGAGES, DAMSONS)
    assert agreed(left(damsons=9_000, greengages=2_000), line) == [
        Swap(line.line.line_id, GREENGAGES.id, 2),
        Swap(line.line.line_id, DAMSONS.id, 3),
    ]


def test_what_comes_is_worth_no_more_than_what_is_missing() -> None:
    line = short(4_000, GREENGAGES, quantity=7_000)
    assert agreed(left(greengages=9_000), line) == [Swap(line.line.line_id, GREENGAGES.id, 4)]


def test_whom_the_ledger_owes_most_chooses_first() -> None:
    first, second = short(0, DAMSONS, owed=5), short(0, DAMSONS, owed=6)
    assert agreed(left(damsons=5_000), first, second) == [Swap(second.line.line_id, DAMSONS.id, 5)]


def test_what_an_order_holds_already_is_no_substitute_in_it() -> None:
    line = short(0, DAMSONS)
    assert agreed(left(damsons=5_000), line, held={(line.line.order_id, DAMSONS.id)}) == []


def test_what_costs_nothing_and_what_is_not_sold_is_not_swapped() -> None:
    free, gone = listing(price=0), listing()
    line = short(0, free, gone)
    there = {(POINT, one.product_id, 4): 9_000 for one in (free, gone)}
    assert swaps([line], there, {free.id: free}, set()) == []


@given(
    dues=st.lists(st.integers(0, 5), min_size=1, max_size=5),
    prices=st.lists(st.integers(1, 700), min_size=2, max_size=2),
    there=st.lists(st.integers(0, 12_000), min_size=2, max_size=2),
)
def test_no_more_is_swapped_than_is_left_over_nor_for_more_than_was_ordered(
    dues: list[int], prices: list[int], there: list[int]
) -> None:
    offers = [listing(price=price, pack=pack) for price, pack in zip(prices, (1000, 250), strict=True)]
    lines = [short(due * 1000, *offers) for due in dues]
    remains = {(POINT, one.product_id, 4): quantity for one, quantity in zip(offers, there, strict=True)}
    found = swaps(lines, remains, {one.id: one for one in offers}, set())
    for offer, quantity in zip(offers, there, strict=True):
        assert sum(one.packs * offer.pack for one in found if one.listing_id == offer.id) <= quantity
    for line in lines:
        worth = sum(
            line_total_minor(one.packs * offer.pack, offer.price_minor_per_1000)
            for one in found
            for offer in offers
            if (one.line_id, one.listing_id) == (line.line.line_id, offer.id)
        )
        assert worth + line_total_minor(line.due, 200) <= line.line.total_minor
