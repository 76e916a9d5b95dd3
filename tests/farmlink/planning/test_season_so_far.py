"""What farms sold of their offers in the cycles before weighs in the next plan."""

from datetime import timedelta

import pytest

from farmlink.store.store import Store
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.planning.builders import NO, YES, Season, part, run_sql

WEEK = timedelta(days=7)
Shares = list[tuple[int, int]]


def next_week(season: Season, later: timedelta = WEEK, bags: int = 2) -> Season:
    """A cycle of the same region some days later, closed."""
    collect_on = COLLECT_ON + later
    cycle_id, *_ = season.market.open(collect_on=collect_on, hand_out_on=collect_on + timedelta(days=1))
    following = Season(season.market, cycle_id)
    following.order(bags)
    following.close()
    return following


def so_far(season: Season) -> Shares:
    """Offered and sold of every farm as the cycle's plan is given them, by what was offered."""
    farms = season.problem().farms
    return sorted(zip(farms.season_offered_minor.tolist(), farms.season_sold_minor.tolist(), strict=True))


def test_what_was_offered_and_sold_is_counted_by_the_farms_own_asks(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 40_000), bags=(60, 20))
    assert so_far(season) == [(0, 0), (0, 0)]
    season.confirmed()
    sold = sorted(quantity * 200 // 1000 for quantity in season.taken().values())
    assert so_far(next_week(season)) == list(zip((8_000, 12_000), sold, strict=True))
    assert sum(sold) == 16_000


def test_what_a_farm_took_back_is_no_offer(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(60, 60)).planned()
    refused, lowered = season.asked()
    season.answer(refused.id, NO)
    season.answer(lowered.id, part(25_000))
    season.planned()
    run_sql(store, "UPDATE order_cycle SET stage = 'confirmed' WHERE id = :id", id=season.cycle_id)
    assert so_far(next_week(season)) == [(0, 0), (5_000, 5_000)]


def test_a_cycle_counts_once_its_farms_have_answered(store: Store) -> None:
    season = Season.closed(store).planned()
    following = next_week(season)
    assert so_far(following) == [(0, 0), (0, 0)]
    for question in season.asked():
        season.answer(question.id, YES)
    assert so_far(following) != [(0, 0), (0, 0)]


@pytest.mark.parametrize(("days", "counts"), [(-7, False), (0, False), (1, True), (26 * 7, True), (26 * 7 + 1, False)])
def test_half_a_year_before_counts_and_nothing_later(store: Store, days: int, *, counts: bool) -> None:
    season = Season.closed(store, lots=(200_000, 200_000)).confirmed()
    following = next_week(season)
    run_sql(
        store,
        "UPDATE order_cycle SET collect_on = later.collect_on - :days, hand_out_on = later.collect_on - :days"
        " FROM order_cycle AS later WHERE order_cycle.id = :id AND later.id = :later",
        days=days,
        id=season.cycle_id,
        later=following.cycle_id,
    )
    assert any(offered for offered, _ in so_far(following)) is counts


def test_cycles_add_up(store: Store) -> None:
    season = Season.closed(store, lots=(200_000, 200_000)).confirmed()
    second = next_week(season, bags=40).confirmed()
    third = so_far(next_week(second, 2 * WEEK))
    assert sum(sold for _, sold in third) == (50_000 + 40_000) * 200 // 1000
    assert sum(offered for offered, _ in third) == (400_000 + 400_000 - 50_000) * 200 // 1000
