"""Goods that missed their threshold and come in part: what the lots hold is shared at the cut-off."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import StockId, Unmet
from farmlink.demand import commands as demand
from farmlink.orders import queries
from farmlink.orders.rules.cases import changed_packs
from farmlink.orders.rules.partial import shared_in_part
from farmlink.orders.values import CancelReason, CutClaim, OrderLineId, OrderState, Shortage, WantedLine
from farmlink.policy.rules.sharing import share
from farmlink.policy.values import ShortageRule
from farmlink.store.check import check
from farmlink.supply import commands as supply
from tests.farmlink.cycles.builders import Market
from tests.farmlink.orders.reckoning import reckoned

LINES = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from([1, 2, 5]), st.sampled_from([Shortage.LESS, Shortage.CANCEL])),
    min_size=1,
    max_size=8,
)


APPLES = StockId(UUID(int=70))


def line(number: int, packs: int, pack: int = 1, shortage: Shortage = Shortage.LESS) -> CutClaim:
    line_id = OrderLineId(UUID(int=number))
    return CutClaim(
        line_id=line_id,
        whose=line_id,
        wanted=packs * pack,
        pack=pack,
        extra=0,
        all_or_nothing=shortage is Shortage.CANCEL,
        balance_ppm=0,
        got=0,
    )


def shared_packs(rule: ShortageRule, lines: list[CutClaim], held: int) -> dict[OrderLineId, int]:
    """How many packs lines get that do not get all; checked to be what anybody may reckon again."""
    found = shared_in_part(rule, APPLES, lines, held, seed="s")
    assert reckoned(found) == {claim.line_id: claim.got for claim in found.claims}
    return changed_packs([found])


def test_everybody_gets_the_same_part_of_what_is_there() -> None:
    lines = [line(1, 6), line(2, 3)]

    assert shared_packs(ShortageRule.PRO_RATA, lines, 6) == {lines[0].line_id: 4, lines[1].line_id: 2}


def test_whoever_gets_all_is_left_out() -> None:
    assert shared_packs(ShortageRule.PRO_RATA, [line(1, 6), line(2, 3)], 9) == {}


def test_who_wants_all_or_nothing_leaves_it_to_the_others() -> None:
    lines = [line(1, 4, shortage=Shortage.CANCEL), line(2, 4)]

    assert shared_packs(ShortageRule.PRO_RATA, lines, 4) == {lines[0].line_id: 0}


@given(st.sampled_from(ShortageRule), LINES, st.integers(0, 200))
def test_no_more_is_shared_than_is_there_and_nobody_is_cut_against_their_word(
    rule: ShortageRule, wanted: list[tuple[int, int, Shortage]], held: int
) -> None:
    lines = [line(number, *one) for number, one in enumerate(wanted)]

    changed = shared_packs(rule, lines, held)

    got = {one.line_id: changed.get(one.line_id, one.wanted // one.pack) * one.pack for one in lines}
    assert sum(got.values()) <= held
    assert all(0 <= got[one.line_id] <= one.wanted for one in lines)
    assert all(got[one.line_id] in {0, one.wanted} for one in lines if one.all_or_nothing)
    assert shared_packs(rule, lines[::-1], held) == changed


def test_of_those_who_want_all_or_nothing_no_more_leave_than_must() -> None:
    small, large = (line(number, packs, shortage=Shortage.CANCEL) for number, packs in ((1, 1), (2, 9)))
    assert shared_packs(ShortageRule.PRO_RATA, [small, large], 8) == {large.line_id: 0}

    equal = [line(number, 4, shortage=Shortage.CANCEL) for number in (1, 2, 3)]
    assert list(shared_packs(ShortageRule.PRO_RATA, equal, 8).values()) == [0]


def test_two_thousand_who_want_all_or_nothing_are_shared_in_a_few_rounds() -> None:
    lines = [line(number, 2 + number % 7, shortage=Shortage.CANCEL) for number in range(2_000)]
    rounds = 0

    def counted(*args: Any, **named: Any) -> list[int]:
        nonlocal rounds
        rounds += 1
        return share(*args, **named)

    with patch("farmlink.policy.rules.sharing.share", counted):
        found = shared_in_part(ShortageRule.PRO_RATA, APPLES, lines, sum(one.wanted for one in lines) // 2, seed="s")

    assert set(changed_packs([found]).values()) == {0}
    assert rounds < 20


def test_what_is_there_of_goods_that_missed_their_threshold_is_shared(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, threshold=60_000, unmet=Unmet.PARTIAL)
    market.lot(20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    ada = market.place(cycle.id, {bags: 20})
    eve = market.place(cycle.id, [WantedLine(bags, 10, shortage=Shortage.CANCEL)])
    market.store.run(supply.withdraw_lot, market.lots[0])

    market.store.run(demand.close, cycle.id)

    orders = [market.store.read(queries.order, one.id) for one in (ada, eve)]
    assert [(one.state, one.lines[0].packs, one.lines[0].reason) for one in orders] == [
        (OrderState.PLACED, 20, None),
        (OrderState.CANCELLED, 10, CancelReason.NOT_ENOUGH),
    ]
    assert check(market.store) == []
