"""Whole cases: what is filled, what is cut, and who gets it, by the rule alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.cycles.values import ListingId, StockId
from farmlink.network.values import PlaceId
from farmlink.orders.rules.cases import Cased, CaseLine, changed_packs, whole_cases
from farmlink.orders.values import OrderId, OrderLineId, Shortage
from farmlink.policy.values import ShortageRule
from tests.farmlink.orders.reckoning import reckoned

APPLES = StockId(UUID(int=1))
POINT, OTHER_POINT = PlaceId(UUID(int=2)), PlaceId(UUID(int=3))
ENOUGH = {APPLES: 10**9}
SPACE = {POINT: 10**9, OTHER_POINT: 10**9}
PRO_RATA = ShortageRule.PRO_RATA


def line(number: int, packs: int, most: int | None = None, **terms: Any) -> CaseLine:
    known: dict[str, Any] = {
        "id": OrderLineId(UUID(int=number)),
        "whose": OrderLineId(UUID(int=number)),
        "order_id": OrderId(UUID(int=number)),
        "place_id": POINT,
        "packs": packs,
        "most": most or packs,
        "price_minor_per_1000": 40_000,
    }
    return CaseLine(**known | terms)


def eggs(*lines: CaseLine, case_packs: int = 6, number: int = 9) -> Cased:
    """Boxes of ten, six to a case."""
    return Cased(
        id=ListingId(UUID(int=number)),
        stock_id=APPLES,
        pack=10,
        weight_g=600,
        case_packs=case_packs,
        lines=lines,
    )


def packs(listing: Cased, left: int = 10**9, left_g: int = 10**9, rule: ShortageRule = PRO_RATA) -> list[int]:
    shares = whole_cases(rule, [listing], {APPLES: left}, {POINT: left_g, OTHER_POINT: 10**9}, seed="s")
    changed = changed_packs(shares)
    return [changed.get(one.id, one.packs) for one in listing.lines]


def test_whole_cases_stay_as_they_were_ordered() -> None:
    assert packs(eggs(line(1, 4, 9), line(2, 8))) == [4, 8]


def test_who_welcomes_more_fills_the_case_and_nobody_is_cut() -> None:
    assert packs(eggs(line(1, 3, 5), line(2, 2))) == [4, 2]


def test_the_last_case_falls_away_where_nobody_fills_it() -> None:
    assert sum(packs(eggs(line(1, 5), line(2, 3)))) == 6


def test_what_never_makes_a_case_is_not_bought() -> None:
    assert packs(eggs(line(1, 3, 4), line(2, 1))) == [0, 0]


def test_a_case_is_filled_only_as_far_as_the_stock_holds_it() -> None:
    listing = eggs(line(1, 6), line(2, 3, 6))
    assert packs(listing, left=30) == [6, 6]
    assert sum(packs(listing, left=29)) == 6


def test_a_case_is_filled_only_as_far_as_the_place_holds_it() -> None:
    listing = eggs(line(1, 6), line(2, 3, 6))
    assert packs(listing, left_g=1800) == [6, 6]
    assert sum(packs(listing, left_g=1799)) == 6
    elsewhere = eggs(line(1, 6), line(2, 3, 6, place_id=OTHER_POINT))
    assert packs(elsewhere, left_g=0) == [6, 6]


def test_what_one_listing_gives_up_may_fill_a_case_of_another() -> None:
    few, many = eggs(line(1, 5), number=8), eggs(line(2, 11, 12), number=7)

    changed = changed_packs(whole_cases(PRO_RATA, [few, many], {APPLES: 0}, SPACE, seed="s"))

    assert changed == {OrderLineId(UUID(int=1)): 0, OrderLineId(UUID(int=2)): 12}


def test_who_wants_all_or_nothing_is_left_out_whole_and_the_cases_are_counted_anew() -> None:
    whole = line(1, 5, shortage=Shortage.CANCEL)

    assert packs(eggs(whole, line(2, 3, 6))) == [0, 6]
    assert packs(eggs(whole, line(2, 3, 5))) == [0, 0]


@pytest.mark.parametrize("rule", list(ShortageRule))
def test_who_ordered_the_same_is_cut_by_the_rule_and_may_reckon_it_again(rule: ShortageRule) -> None:
    listing = eggs(*(line(number, 5) for number in range(1, 6)), case_packs=10)

    kept = packs(listing, rule=rule)

    assert sum(kept) == 20
    assert packs(replace(listing, lines=listing.lines[::-1]), rule=rule) == kept[::-1]


@st.composite
def ordered(draw: st.DrawFn) -> tuple[list[Cased], int, int]:
    """Up to three listings that share a stock and two points, and what is left of stock and space."""
    listings, number = [], 100
    for key in range(1, draw(st.integers(1, 3)) + 1):
        lines = []
        for _ in range(draw(st.integers(0, 6))):
            number += 1
            ordered_packs, person = draw(st.integers(1, 9)), draw(st.integers(1, 5))
            lines.append(
                line(
                    number,
                    ordered_packs,
                    ordered_packs + draw(st.integers(0, 4)),
                    place_id=draw(st.sampled_from([POINT, OTHER_POINT])),
                    shortage=draw(st.sampled_from([Shortage.LESS, Shortage.CANCEL])),
                    whose=OrderLineId(UUID(int=person)),
                    balance_ppm=person - 3,
                )
            )
        listings.append(eggs(*lines, case_packs=draw(st.integers(2, 8)), number=key))
    return listings, draw(st.integers(0, 60)), draw(st.integers(0, 6000))


@given(ordered(), st.sampled_from(list(ShortageRule)))
def test_only_whole_cases_are_bought_and_nobody_gets_what_they_did_not_agree_to(
    wanted: tuple[list[Cased], int, int], rule: ShortageRule
) -> None:
    listings, left, left_g = wanted
    space = {POINT: left_g, OTHER_POINT: left_g}

    shares = whole_cases(rule, listings, {APPLES: left}, space, seed="s")

    changed = changed_packs(shares)
    more_g = dict.fromkeys(space, 0)
    for listing in listings:
        got = {one.id: changed.get(one.id, one.packs) for one in listing.lines}
        assert sum(got.values()) % listing.case_packs == 0
        for one in listing.lines:
            assert 0 <= got[one.id] <= one.most
            assert one.shortage is Shortage.LESS or got[one.id] == 0 or got[one.id] >= one.packs
            more_g[one.place_id] += (got[one.id] - one.packs) * listing.weight_g
        if all(one.shortage is Shortage.LESS for one in listing.lines):
            assert sum(got.values()) > listing.packs - listing.case_packs, "no more is cut than makes no case"
            more = sum(got.values()) - listing.packs
            assert more <= 0 or more == -listing.packs % listing.case_packs, "no more than completes the case"
            cut, grown = (
                [one for one in listing.lines if got[one.id] < one.packs],
                [one for one in listing.lines if got[one.id] > one.packs],
            )
            assert not (cut and grown), "nobody is cut for somebody else's more"
    taken = sum((changed.get(one.id, one.packs) - one.packs) * 10 for each in listings for one in each.lines)
    assert taken <= left
    assert all(more_g[place] <= space[place] for place in space)
    assert changed_packs(whole_cases(rule, listings[::-1], {APPLES: left}, space, seed="s")) == changed
    for found in shares:
        assert reckoned(found) == {claim.line_id: claim.got for claim in found.claims}
