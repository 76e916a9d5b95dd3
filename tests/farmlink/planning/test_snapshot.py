from datetime import date, timedelta

import numpy as np
import pytest

from farmlink.network import commands as network
from farmlink.network.values import FarmId, HubState, OpenHours, Rhythm
from farmlink.planning import commands, queries
from farmlink.planning.queries.snapshot.columns import cold_bits
from farmlink.planning.queries.snapshot.goods import harvest_day
from farmlink.planning.queries.snapshot.places import open_s
from farmlink.planning.values import PinChange
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply import queries as lots
from solver.check import check_problem
from solver.eligibility import days_left
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.planning.builders import Season, run_sql

THURSDAY = date(2031, 9, 4)
DAY = Rhythm(collect_from_s=8 * 3600, collect_until_s=16 * 3600)


def test_a_snapshot_is_a_problem_that_the_solver_takes(store: Store) -> None:
    problem = Season.closed(store).problem()
    check_problem(problem)
    assert (len(problem.farms.id), len(problem.lots.id), len(problem.vehicles.id)) == (2, 2, 1)
    assert problem.batches.quantity.sum() == 50_000
    assert set(problem.batches.price_minor_per_1000) == {300}


def test_a_lot_of_which_another_cycle_has_taken_offers_the_rest(store: Store) -> None:
    season = Season.closed(store)
    store.run(supply.set_allocated, {season.lots[0]: 25_000})
    problem = season.problem()
    assert sorted(problem.lots.offered) == [35_000, 60_000]


def test_a_re_plan_may_take_again_what_the_published_plan_took(store: Store) -> None:
    season = Season.closed(store).planned()
    assert sum(season.allocated(lot_id) for lot_id in season.lots) == 50_000
    assert list(season.problem().lots.offered) == [60_000, 60_000]


def test_a_re_plan_knows_the_trips_of_the_published_plan(store: Store) -> None:
    season = Season.closed(store)
    assert not len(season.problem().earlier.trip)
    again = season.confirmed().problem()
    assert len(again.earlier.trip)
    assert len(again.earlier.lot)
    check_problem(again)


def test_a_promised_lot_stays_when_its_farm_is_suspended_meanwhile(store: Store) -> None:
    season = Season.closed(store).confirmed()
    for lot_id in season.lots:
        store.run(network.suspend_farm, store.read(lots.lot, lot_id).farm_id)
    kept = season.taken()
    problem = season.problem()
    assert dict(zip(problem.lots.id, problem.lots.offered, strict=True)).keys() == {str(lot) for lot in kept}
    season.publish(season.plan())
    assert season.taken() == kept


def test_a_promised_lot_that_failed_is_not_planned_again(store: Store) -> None:
    season = Season.closed(store).confirmed()
    (lot_id, *_) = season.taken()
    store.run(supply.report_failed_harvest, lot_id)
    assert str(lot_id) not in season.problem().lots.id
    assert len(season.problem().pins.lot) == len(season.taken()) - 1


def test_a_promise_stands_above_a_capacity_that_was_lowered_since(store: Store) -> None:
    season = Season.closed(store)
    store.run(commands.set_pins, season.cycle_id, [PinChange(season.lots[0], 20_000, 20_000)])
    run_sql(store, "UPDATE lot SET daily_capacity = 5000")
    problem = season.problem()
    check_problem(problem)
    assert sorted(problem.lots.daily_capacity) == [5_000, 20_000]


def test_a_farm_that_keeps_its_word_is_expected_to_decline_less(store: Store) -> None:
    season = Season.closed(store)
    farm_id = FarmId(store.read(lots.lot, season.lots[0]).farm_id)
    store.run(supply.remember_answers, [(farm_id, True)] * 30)
    assert store.read(queries.expected_declines_ppm) == {farm_id: 20_000}
    assert sorted(season.problem().farms.decline_ppm) == [20_000, 50_000]


def test_a_lot_that_keeps_shorter_than_its_product_has_fewer_days_left(store: Store) -> None:
    season = Season.closed(store)
    usual = days_left(season.problem(), np.arange(2))
    run_sql(store, "UPDATE lot SET shelf_days = shelf_days - 4 WHERE id = :lot", lot=season.lots[0])
    problem = season.problem()
    check_problem(problem)
    fewer = dict(zip(problem.lots.id, usual - days_left(problem, np.arange(2)), strict=True))
    assert fewer == {str(season.lots[0]): 4, str(season.lots[1]): 0}


@pytest.mark.parametrize(
    ("day", "own_days", "counts_as"),
    [(-2, 10, -2), (-2, 7, -5), (-2, 11, -1), (-2, 30, 0), (0, 9, -1), (1, 3, 1), (-12_000, 10, -10_000), (99, 10, 30)],
)
def test_a_lot_counts_as_picked_when_its_own_shelf_life_says(day: int, own_days: int, counts_as: int) -> None:
    assert harvest_day(day, own_days, 10) == counts_as


def test_a_farm_is_small_by_what_it_offers_in_this_cycle(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 250_000))
    problem = season.problem()
    by_lot = dict(zip(problem.lots.id, problem.farms.small[problem.lots.farm], strict=True))
    assert [bool(by_lot[str(lot_id)]) for lot_id in season.lots] == [True, False]


def test_a_closed_hub_and_a_truck_out_of_service_plan_nothing(store: Store) -> None:
    season = Season.closed(store)
    country = season.market.country
    spare = store.run(network.open_hub, country.hub_draft("Spare"))
    run_sql(store, "UPDATE hub SET state = :closed WHERE id = :id", closed=HubState.CLOSED.value, id=spare.id)
    run_sql(store, "UPDATE vehicle SET in_service = false")
    problem = season.problem()
    assert (len(problem.hubs.id), len(problem.vehicles.id)) == (1, 0)


def test_a_cycle_that_hands_out_two_days_later_delivers_two_days_later(store: Store) -> None:
    season = Season.closed(store, hand_out_on=COLLECT_ON + timedelta(days=2))
    rhythm = season.problem().rhythm
    assert (rhythm.hand_out_day, rhythm.deliver_from_s) == (2, (31 + 24) * 3600)


def test_a_farm_without_hours_can_be_visited_all_day() -> None:
    assert open_s((), THURSDAY, DAY) == (8 * 3600, 16 * 3600)


def test_a_farm_is_visited_between_its_first_opening_and_its_last_closing_within_the_day() -> None:
    hours = (OpenHours(3, 6 * 60, 9 * 60), OpenHours(3, 11 * 60, 13 * 60), OpenHours(4, 0, 1440))
    assert open_s(hours, THURSDAY, DAY) == (8 * 3600, 13 * 3600)


def test_a_farm_that_is_closed_on_the_weekday_closes_before_it_opens() -> None:
    opens_s, closes_s = open_s((OpenHours(4, 0, 1440),), THURSDAY, DAY)
    assert closes_s < opens_s


@pytest.mark.parametrize(("classes", "bits"), [((), 0), (("ambient", "ambient"), 1), (("chilled", "frozen"), 6)])
def test_cold_classes_are_bits_and_count_once(classes: tuple[str, ...], bits: int) -> None:
    assert cold_bits(classes) == bits
