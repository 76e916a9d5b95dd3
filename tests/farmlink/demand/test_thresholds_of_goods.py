"""Thresholds of goods decide their own lines, get the time that the cycle gets, and end by what was charged."""

from __future__ import annotations

from typing import Any

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, NextStep, PriceStep, Stage, Unmet
from farmlink.demand import commands, queries
from farmlink.kernel.page import Paging
from farmlink.orders import queries as order_queries
from farmlink.orders.values import CancelReason
from farmlink.store.check import check
from tests.farmlink.cycles.builders import Market
from tests.farmlink.demand.judging import (
    CHARGED,
    EXTENDED,
    MET,
    OPEN,
    PARTIAL,
    RELEASED,
    SHORT,
    ZERO,
    at_its_cut_off,
    state,
    steps,
    two_grades,
)


def test_goods_decide_only_their_own_lines(market: Market) -> None:
    cycle_id, bags, few = two_grades(market)
    order = market.place(cycle_id, {bags: 1, few: 1})

    assert at_its_cut_off(market, cycle_id) is Stage.CLOSED

    assert (steps(market), steps(market, of_cycle=False)) == ([MET], [SHORT, ZERO, RELEASED])
    found = market.store.read(order_queries.order, order.id)
    assert {(line.listing_id, line.reason) for line in found.lines} == {(bags, None), (few, CancelReason.THRESHOLD)}
    assert market.listing(cycle_id, bags).threshold_state is MET
    assert market.listing(cycle_id, few).threshold_state is RELEASED


def test_goods_that_share_what_is_there_stay_in_the_order(market: Market) -> None:
    cycle_id, _, few = two_grades(market, few={"unmet": Unmet.PARTIAL}, threshold_minor=300)
    market.place(cycle_id, {few: 1})
    assert market.store.read(queries.progress, cycle_id).total_minor == 300

    assert at_its_cut_off(market, cycle_id) is Stage.CLOSED

    assert steps(market, of_cycle=False) == [SHORT, PARTIAL]
    assert [batch.quantity for batch in market.store.read(queries.batches, cycle_id)] == [1_000]
    assert check(market.store) == []


def test_goods_that_are_short_get_the_time_that_the_cycle_gets_and_others_wait_with_them(market: Market) -> None:
    cycle_id, bags, few = two_grades(market, threshold_minor=1_000, extension_hours=5)
    market.place(cycle_id, {bags: 3, few: 1})

    at_its_cut_off(market, cycle_id)

    assert market.listing(cycle_id, few).threshold_state is EXTENDED
    assert market.listing(cycle_id, bags).threshold_state is OPEN
    market.place(cycle_id, {few: 19})
    assert at_its_cut_off(market, cycle_id) is Stage.CLOSED
    assert steps(market, of_cycle=False) == [SHORT, EXTENDED, MET]
    assert market.listing(cycle_id, bags).threshold_state is MET


def test_goods_that_are_short_do_not_hold_up_a_cycle_that_is_met(market: Market) -> None:
    cycle_id, bags, few = two_grades(market, threshold_minor=300, extension_hours=5)
    market.place(cycle_id, {bags: 1, few: 1})

    assert at_its_cut_off(market, cycle_id) is Stage.CLOSED

    assert steps(market, of_cycle=False) == [SHORT, ZERO, RELEASED]


def test_settlement_ends_each_threshold_once_by_what_it_charged(market: Market) -> None:
    cycle_id, bags, few = two_grades(market)
    market.place(cycle_id, {bags: 1, few: 20})
    at_its_cut_off(market, cycle_id)

    market.store.run(cycles.end_thresholds, cycle_id, {(market.apples.id, 4)})
    market.store.run(cycles.end_thresholds, cycle_id, {(market.apples.id, 3)})

    assert (state(market, cycle_id), steps(market)) == (CHARGED, [MET, CHARGED])
    assert market.listing(cycle_id, bags).threshold_state is CHARGED
    assert market.listing(cycle_id, few).threshold_state is RELEASED


def test_each_pack_says_how_much_is_missing_what_it_costs_now_and_when_it_costs_less(market: Market) -> None:
    cycle = market.draft()
    steps = (PriceStep(2_000, 280), PriceStep(9_000, 250))
    bags, crates = market.list_apples(cycle.id, threshold=4_000, price_minor_per_1000=300, price_steps=steps)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 3})

    first = market.store.read(queries.listings_progress, cycle.id, Paging(limit=1), "en")
    second = market.store.read(queries.listings_progress, cycle.id, Paging(limit=1, after=first.next), "en")

    found = {one.listing_id: one for one in (*first.items, *second.items)}
    assert set(found) == {bags, crates}
    for one in found.values():
        assert (one.ordered, one.threshold, one.to_go, one.state) == (3_000, 4_000, 1_000, OPEN)
        assert (one.price_minor_per_1000, one.next_step) == (280, NextStep(9_000, 250, 6_000))
        assert one.due_at == market.cycle(cycle.id).closes_at


@pytest.mark.parametrize(
    ("language", "needed", "cheaper"),
    [
        (
            "en",
            "1 kg more must be ordered by",
            "Join until 9 kg: a pack then costs everybody $2.50 instead of $2.80.",
        ),
        ("zh-CN", "还需再订购 1 公斤", "团购满 9 公斤，每份价格由 US$2.80 降为 US$2.50。"),  # noqa: RUF001  # Chinese commas are wide
    ],
)
def test_a_shop_invites_others_in_the_readers_language_as_long_as_they_can_join(
    market: Market, language: str, needed: str, cheaper: str
) -> None:
    cycle = market.draft()
    steps = (PriceStep(2_000, 280), PriceStep(9_000, 250))
    bags, _ = market.list_apples(cycle.id, threshold=4_000, price_minor_per_1000=300, price_steps=steps)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 3})

    def says() -> tuple[str, ...]:
        page = market.store.read(queries.listings_progress, cycle.id, Paging(), language)
        return next(one.says for one in page.items if one.listing_id == bags)

    assert needed in says()[0]
    assert says()[1] == cheaper
    market.place(cycle.id, {bags: 6})
    assert says() == ()
    market.store.run(commands.close, cycle.id)
    assert says() == ()


def test_next_weeks_copy_has_the_same_terms_and_begins_anew(market: Market) -> None:
    cycle_id, bags, few = two_grades(
        market,
        few={"unmet": Unmet.PARTIAL, "case_packs": 6},
        threshold_minor=1_000,
        extension_hours=5,
        unmet=Unmet.PARTIAL,
    )
    market.place(cycle_id, {bags: 1, few: 1})
    at_its_cut_off(market, cycle_id)

    copy = market.store.run(cycles.copy, cycle_id)

    assert (copy.extension_hours, copy.unmet, copy.threshold_state) == (5, Unmet.PARTIAL, OPEN)
    sold = {(one.grade, one.unmet, one.case_packs, one.threshold_state) for one in _listings(market, copy.id)}
    assert sold == {(4, Unmet.ZERO, 1, OPEN), (3, Unmet.PARTIAL, 6, OPEN)}


def _listings(market: Market, cycle_id: CycleId) -> Any:
    return market.store.read(cycle_queries.listings, cycle_id)
