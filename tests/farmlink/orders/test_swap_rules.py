"""What comes in the place of what no case was filled with: only what was agreed to, and only as far as it is left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import CycleId, ListingId, Offered, StockId
from farmlink.orders.rules.cases import CaseLine, Room
from farmlink.orders.rules.swapping import swaps_at_cut_off
from farmlink.orders.values import OrderId, OrderLineId, Shortage, Swap
from tests.farmlink.orders.test_case_rules import APPLES, OTHER_POINT, POINT, eggs, line

BROWN, DUCK, QUAIL = (ListingId(UUID(int=number)) for number in (50, 51, 52))
ELSE = StockId(UUID(int=60))


def offer(listing_id: ListingId, price: int = 40_000, **said: Any) -> Offered:
    """Boxes of ten, at four dollars unless the price for a thousand eggs is another."""
    known: dict[str, Any] = {
        "listing_id": listing_id,
        "stock_id": ELSE,
        "cycle_id": CycleId(UUID(int=70)),
        "product_id": ProductId(UUID(int=71)),
        "grade": 4,
        "pack": 10,
        "weight_g": 600,
        "price_minor_per_1000": price,
        "tax_ppm": 0,
        "left": 0,
    }
    return Offered(**known | said)


def swapping(number: int, packs: int, *substitutes: ListingId, **said: Any) -> CaseLine:
    return line(number, packs, shortage=Shortage.SWAP, substitutes=substitutes, **said)


def swapped(
    lines: list[CaseLine],
    kept: list[int],
    *offers: Offered,
    left: int = 10**6,
    left_g: int = 10**6,
    holds: tuple[tuple[int, ListingId], ...] = (),
) -> list[Swap]:
    packs = {one.id: count for one, count in zip(lines, kept, strict=True)}
    ordered = {(OrderId(UUID(int=number)), listing_id) for number, listing_id in holds}
    room = Room({APPLES: 0, ELSE: left}, {POINT: left_g, OTHER_POINT: left_g})
    known = {one.listing_id: one for one in offers}
    return swaps_at_cut_off([eggs(*lines)], packs, known, room, ordered, seed="s")


def swap(number: int, listing_id: ListingId, packs: int) -> Swap:
    return Swap(OrderLineId(UUID(int=number)), listing_id, packs)


def test_the_best_of_what_was_agreed_to_comes_in_the_place_of_what_is_missing() -> None:
    assert swapped([swapping(1, 5, BROWN, DUCK)], [2], offer(BROWN), offer(DUCK)) == [swap(1, BROWN, 3)]


def test_what_one_substitute_cannot_fill_the_next_one_does() -> None:
    found = swapped([swapping(1, 5, BROWN, DUCK)], [0], offer(BROWN, 200_000), offer(DUCK))

    assert found == [swap(1, BROWN, 1)], "a dear box is worth all five"
    assert swapped([swapping(1, 5, BROWN, DUCK)], [0], offer(BROWN, 120_000), offer(DUCK)) == [
        swap(1, BROWN, 1),
        swap(1, DUCK, 2),
    ]


def test_who_has_many_lines_chooses_in_one_turn_for_all_of_them() -> None:
    mine = [swapping(number, 2, BROWN, whose=OrderLineId(UUID(int=1))) for number in range(1, 7)]
    others = [swapping(number, 2, BROWN) for number in range(7, 13)]

    turns = [one.line_id.int < 7 for one in swapped([*mine, *others], [0] * 12, offer(BROWN))]

    first = turns.index(True)
    assert turns == [False] * first + [True] * 6 + [False] * (6 - first)


def test_nobody_gets_what_they_did_not_agree_to_or_what_is_not_missing() -> None:
    less, whole = line(1, 5), swapping(2, 5, BROWN)

    assert swapped([less, whole], [2, 5], offer(BROWN)) == []
    assert swapped([swapping(1, 5, BROWN)], [2], offer(DUCK)) == []


def test_what_an_order_holds_already_and_what_costs_nothing_is_no_substitute() -> None:
    assert swapped([swapping(1, 5, BROWN)], [2], offer(BROWN), holds=((1, BROWN),)) == []
    assert swapped([swapping(1, 5, BROWN)], [2], offer(BROWN, 0)) == []


def test_only_what_is_left_comes_and_only_as_far_as_the_place_holds_it() -> None:
    assert swapped([swapping(1, 5, BROWN)], [0], offer(BROWN), left=29) == [swap(1, BROWN, 2)]
    assert swapped([swapping(1, 5, BROWN)], [3], offer(BROWN, weight_g=2_400), left_g=1_200) == [swap(1, BROWN, 1)]


def test_whom_the_ledger_owes_most_chooses_first() -> None:
    lines = [swapping(1, 5, BROWN), swapping(2, 5, BROWN, balance_ppm=1)]

    assert swapped(lines, [0, 0], offer(BROWN), left=60) == [swap(2, BROWN, 5), swap(1, BROWN, 1)]


@given(
    st.lists(st.tuples(st.integers(1, 8), st.integers(0, 8), st.permutations([BROWN, DUCK])), min_size=1, max_size=5),
    st.lists(st.integers(1_000, 200_000), min_size=2, max_size=2),
    st.integers(0, 200),
    st.integers(0, 9_000),
)
def test_a_swap_is_worth_no_more_than_what_is_missing_and_takes_no_more_than_is_left(
    wanted: list[tuple[int, int, list[ListingId]]], prices: list[int], left: int, left_g: int
) -> None:
    lines = [swapping(number, packs, *named) for number, (packs, _, named) in enumerate(wanted, start=1)]
    kept = [min(packs, count) for packs, count, _ in wanted]
    offers = {one.listing_id: one for one in map(offer, (BROWN, DUCK), prices)}

    found = swapped(lines, kept, *offers.values(), left=left, left_g=left_g)

    assert sum(one.packs * 10 for one in found) <= left
    given_back_g = sum((one.packs - count) * 600 for one, count in zip(lines, kept, strict=True))
    assert sum(one.packs * 600 for one in found) <= left_g + given_back_g
    for one, count in zip(lines, kept, strict=True):
        worth = sum(
            (2 * 10 * swap.packs * offers[swap.listing_id].price_minor_per_1000 + 1000) // 2000
            for swap in found
            if swap.line_id == one.id
        )
        assert worth <= (one.packs - count) * 400
