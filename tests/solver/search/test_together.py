"""Tours and quantities are chosen together: who is called at, how full the trucks are, and what a product is worth."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

import solver
from solver.allocation.choose import allocator
from solver.allocation.limits import first_limits
from solver.allocation.ways import expected_loads, expected_ways
from solver.best import Best
from solver.check import check
from solver.instance import Instance
from solver.joint import Planner
from solver.params import Params
from solver.problem import Ints, Pins, Problem, ints
from solver.routing.transport import Budget
from solver.search import together
from solver.search.candidates import FARMS, Candidate, Evaluator
from solver.search.goods import Chosen
from solver.search.pool import Loaded, Pool, with_tours
from solver.search.prizes import Begin, Prized, prized_tours
from solver.search.together import STAGE, plan_together
from solver.search.tours import Tour
from solver.search.worth import worth_of
from solver.shards import Shards
from solver.solution import StoppedBy
from tests.solver.builder import changed
from tests.solver.lane import KG, SHORTAGE, lane
from tests.solver.thin import thin_region

QUICK = Params(iterations=40, rounds=2, workers=1)
ALIKE = [100] * 6
ROAD = [10.0, 11.0, 12.0, 20.0, 21.0, 22.0]


class Board:
    """Tours to farms of a lane as a candidate, and what the pool makes of it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        instance = Instance(problem)
        self.evaluator = Evaluator(instance, expected_ways(instance, *expected_loads(instance)))

    def tour(self, *stops: int, vehicle: int = 0) -> Tour:
        found = self.evaluator.tour_costs[FARMS].tour(vehicle, stops)
        assert found is not None
        return found

    def candidate(self, *tours: Tour) -> Candidate:
        nobody = np.full(len(self.problem.farms.id), -1)
        chosen = Chosen(nobody, ints(0), np.ones(1, dtype=np.bool_), np.ones((1, 1), dtype=np.bool_))
        return with_tours(self.evaluator, self.evaluator.drawn(chosen, ((), ())), tours)

    def sent(self, candidate: Candidate) -> Ints:
        return self.evaluator.markets[0].bought(candidate.chosen, self.evaluator.rates)

    def loaded(self, candidate: Candidate, *others: Tour, sent: Ints | None = None) -> Loaded:
        found = self.picked(candidate, *others, sent=sent)
        assert found is not None
        return found

    def picked(self, candidate: Candidate, *others: Tour, sent: Ints | None = None) -> Loaded | None:
        pool = Pool(self.evaluator)
        pool.add(others)
        worth = worth_of(self.evaluator, candidate)
        return pool.chosen(candidate, self.sent(candidate) if sent is None else sent, worth, 200, 600.0)

    def prized(self, candidate: Candidate, minor: float | None = None) -> Prized:
        worth = worth_of(self.evaluator, candidate)
        if minor is not None:
            worth = replace(worth, minor=(np.array([minor]),))
        driving = np.array([one.vehicle for one in candidate.tours[FARMS]], dtype=np.int64)
        begin = [Begin(worth, candidate.tours[FARMS])]
        with Shards(1, time.monotonic() + 60, lambda: False) as shards:
            return prized_tours(self.evaluator, driving, begin, Budget(400, 1), shards)[0]


def farms_of(tours: tuple[Tour, ...]) -> list[int]:
    return sorted(stop for one in tours for stop in one.stops)


def test_the_model_drives_the_pooled_tours_that_bring_the_same_for_less() -> None:
    board = Board(lane(ROAD, ALIKE, 300))
    far, near = board.tour(3, 4, 5), board.tour(0, 1, 2)
    found = board.loaded(board.candidate(far), near)
    assert farms_of(found.tours) == [0, 1, 2]
    assert found.bought.tolist() == [100 * KG] * 3 + [0] * 3


def test_without_anything_better_in_the_pool_the_model_keeps_what_is() -> None:
    board = Board(lane(ROAD, ALIKE, 300))
    candidate = board.candidate(board.tour(0, 1, 2))
    found = board.loaded(candidate, board.tour(3, 4, 5))
    assert found.tours == candidate.tours[FARMS]
    assert (found.bought == board.sent(candidate)).all()


def test_of_two_orders_of_the_same_farms_the_pool_keeps_the_shorter() -> None:
    board = Board(lane(ROAD, ALIKE, 300))
    there_and_back = board.tour(2, 0, 1)
    found = board.loaded(board.candidate(there_and_back), board.tour(0, 1, 2), there_and_back)
    assert [one.stops for one in found.tours] == [(0, 1, 2)]


def test_a_tour_brings_no_more_than_its_truck_takes_and_the_cheapest_of_it() -> None:
    board = Board(lane(ROAD, [90, 100, 110, 100, 100, 100], 250, truck_kg=250))
    found = board.loaded(board.candidate(board.tour(3, 4, 5)), board.tour(0, 1, 2))
    assert found.bought.tolist() == [100 * KG, 100 * KG, 50 * KG, 0, 0, 0]


def test_what_one_truck_cannot_bring_another_does_or_the_model_has_no_answer() -> None:
    board = Board(lane(ROAD, ALIKE, 300, truck_kg=200))
    candidate = board.candidate(board.tour(0, 1, 2))
    assert board.sent(candidate).sum() == 300 * KG
    assert board.picked(candidate) is None
    assert len(board.loaded(candidate, board.tour(3, 4, 5)).tours) == 2


def test_each_tour_chosen_has_a_vehicle_of_its_own() -> None:
    board = Board(lane(ROAD, ALIKE, 600))
    begun = board.candidate(board.tour(0, 3, 1, vehicle=2), board.tour(2, 4, 5, vehicle=3))
    found = board.loaded(begun, board.tour(0, 1, 2), board.tour(3, 4, 5))
    assert sorted(one.stops for one in found.tours) == [(0, 1, 2), (3, 4, 5)]
    assert len({one.vehicle for one in found.tours}) == 2


def test_no_more_tours_are_chosen_than_there_are_vehicles() -> None:
    board = Board(lane(ROAD, ALIKE, 200, trucks=1))
    found = board.loaded(board.candidate(board.tour(0, 5)), board.tour(0), board.tour(1))
    assert len(found.tours) == 1


def test_the_model_buys_whole_packs_and_no_less_than_a_lots_least() -> None:
    problem = lane(ROAD, [100, 100, 90, 100, 100, 100], 250)
    problem = changed(problem, "lots", pack=np.full(6, 20 * KG), minimum=np.full(6, 60 * KG))
    board = Board(problem)
    sent = ints(100 * KG, 100 * KG, 60 * KG, 0, 0, 0)
    found = board.loaded(board.candidate(board.tour(0, 1, 2)), sent=sent)
    bought = found.bought[found.bought > 0]
    assert bought.sum() == 260 * KG
    assert (bought % (20 * KG) == 0).all()
    assert (bought >= 60 * KG).all()


@pytest.mark.parametrize(("near", "chosen"), [(2, [0, 1, 2]), (1, [3, 4, 5])])
def test_better_goods_stand_in_for_what_a_hub_gets_and_worse_ones_do_not(near: int, chosen: list[int]) -> None:
    board = Board(changed(lane(ROAD, ALIKE, 300), "lots", grade=ints(*[near] * 3, *[3 - near] * 3)))
    found = board.loaded(board.candidate(board.tour(3, 4, 5)), board.tour(0, 1, 2))
    assert farms_of(found.tours) == chosen


def test_a_promise_is_bought_whatever_else_is_nearer() -> None:
    problem = replace(lane(ROAD, ALIKE, 200), pins=Pins(ints(5), ints(33_333), ints(100 * KG)))
    board = Board(problem)
    found = board.loaded(board.candidate(board.tour(1, 5)), board.tour(0, 1))
    assert farms_of(found.tours) == [1, 5]
    assert found.bought[5] >= 33_333


def test_promises_that_no_truck_can_keep_leave_the_model_without_an_answer() -> None:
    pins = Pins(ints(3, 4, 5), ints(*[100 * KG] * 3), ints(*[100 * KG] * 3))
    board = Board(replace(lane(ROAD, ALIKE, 300, truck_kg=200), pins=pins))
    assert board.picked(board.candidate(board.tour(3, 4, 5))) is None


def test_a_product_is_worth_what_its_lots_and_tours_cost_on_the_average() -> None:
    board = Board(lane(ROAD, ALIKE, 300))
    one = board.tour(0, 1, 2)
    worth = worth_of(board.evaluator, board.candidate(one))
    assert worth.minor[0].tolist() == pytest.approx([100 + one.minor / 300])


def test_a_product_that_is_short_is_worth_what_shortage_costs() -> None:
    board = Board(lane(ROAD, ALIKE, 600))
    assert worth_of(board.evaluator, board.candidate(board.tour(0, 1, 2))).minor[0].tolist() == [SHORTAGE]


def test_worth_rises_while_tours_bring_too_little_and_falls_while_they_bring_too_much() -> None:
    board = Board(lane(ROAD, ALIKE, 300))
    few, many = [board.tour(0)], [board.tour(0, 1, 2), board.tour(3, 4, 5, vehicle=1)]
    worth = worth_of(board.evaluator, board.candidate(board.tour(0, 1, 2)))
    dearer, cheaper = (worth.moved(board.evaluator, tours, 0).minor[0][0] for tours in (few, many))
    assert cheaper < worth.minor[0][0] < dearer
    later = worth.moved(board.evaluator, few, 8).minor[0][0]
    assert worth.minor[0][0] < later < dearer


def test_nothing_is_worth_more_than_its_shortage() -> None:
    board = Board(lane(ROAD, ALIKE, 600))
    worth = worth_of(board.evaluator, board.candidate(board.tour(0, 1, 2)))
    assert worth.moved(board.evaluator, [], 0).minor[0].tolist() == [SHORTAGE]


def test_a_search_calls_where_goods_are_worth_more_than_they_cost_and_the_drive() -> None:
    board = Board(lane([*ROAD, 300.0], [*ALIKE, 100], 300, truck_kg=600))
    candidate = board.candidate(board.tour(3, 4, 5))
    assert farms_of(board.prized(candidate, 200).tours) == [0, 1, 2, 3, 4, 5]
    assert board.prized(candidate, 101).tours == ()
    assert board.prized(candidate, 100).tours == ()


def test_a_search_hands_on_the_tours_it_passed() -> None:
    board = Board(lane(ROAD, ALIKE, 300))
    found = board.prized(board.candidate(board.tour(3, 5, 4)), 150)
    assert set(found.tours) <= set(found.seen)


def test_a_closed_gate_is_not_called_at_for_any_prize() -> None:
    problem = changed(lane(ROAD, ALIKE, 300, truck_kg=600), "farms", closes_s=np.array([86_400] * 5 + [0]))
    problem = changed(problem, "farms", opens_s=np.array([0] * 5 + [10]))
    board = Board(problem)
    assert farms_of(board.prized(board.candidate(board.tour(0, 1)), SHORTAGE).tours) == [0, 1, 2, 3, 4]


def test_no_truck_goes_again_on_a_day_that_is_paid() -> None:
    board = Board(lane(ROAD, ALIKE, 300))
    assert len(board.prized(board.candidate(board.tour(0, 1, 2)), SHORTAGE).tours) == 1


def test_a_farm_with_more_than_a_truckload_counts_once() -> None:
    board = Board(lane([10.0], [100], 500, held_kg=500, truck_kg=300))
    found = board.prized(board.candidate(board.tour(0), board.tour(0, vehicle=1)), SHORTAGE)
    assert {one.stops for one in found.tours} == {(0,)}


def scattered(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    at_km = np.concatenate([rng.normal(centre, 6, 6) for centre in rng.uniform(-60, 60, 4)])
    return lane(at_km.tolist(), rng.integers(95, 106, 24).tolist(), 1050, trucks=6)


def test_choosing_together_beats_everything_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = scattered(1)
    chosen = solver.solve(problem, QUICK)
    monkeypatch.setattr(together, "plan_together", lambda *_: None)
    before = solver.solve(problem, QUICK)
    assert check(problem, chosen) == ()
    assert chosen.report.cost.objective < before.report.cost.objective


def planned(problem: Problem, params: Params, *, stop: bool = False) -> list[str]:
    """The stages heard of when the tours of a first plan are chosen together, by who stops at its first word or not."""
    heard: list[str] = []
    instance = Instance(problem)
    best = Best(problem, lambda progress: heard.append(progress.stage))
    ways = expected_ways(instance, *expected_loads(instance))
    with Shards(1, time.monotonic() + 60, lambda: stop and STAGE in heard) as shards:
        planner = Planner(instance, allocator(instance, 1), shards)
        plan_together(planner, ways, params, best)
        assert heard == []
        best.offer("greedy", planner.plan(ways, first_limits(instance), Budget(0, 1)))
        plan_together(planner, ways, params, best)
    return heard


def test_who_stops_a_round_gets_no_other() -> None:
    rounds = planned(scattered(1), QUICK)
    assert planned(scattered(1), QUICK, stop=True).count(STAGE) < rounds.count(STAGE)


def test_rounds_that_find_nothing_are_the_last() -> None:
    problem = lane([10.0, 11.0], [100, 100], 200)
    many = planned(problem, replace(QUICK, rounds=50)).count(STAGE)
    assert many == planned(problem, replace(QUICK, rounds=4)).count(STAGE)


def test_a_farm_that_needs_two_trucks_leaves_the_choice_to_walks() -> None:
    assert STAGE in planned(lane([10.0], [100], 500, held_kg=500), QUICK)


def test_where_no_farm_is_called_at_there_are_no_tours_to_choose() -> None:
    assert planned(lane([4000.0], [1900], 1), QUICK) == ["greedy"]


def test_who_has_stopped_already_hears_nothing() -> None:
    heard: list[str] = []
    plan = solver.solve(
        thin_region(1), QUICK, on_progress=lambda told: heard.append(told.stage), should_stop=lambda: "joint" in heard
    )
    assert plan.report.stopped_by == StoppedBy.CANCELLED
    assert STAGE not in heard
