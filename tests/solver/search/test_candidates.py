"""Which farms, points, hubs and tours are worth it: judged by trying everything, and rule by rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import solver
from solver import pooling
from solver.allocation.ways import expected_loads, expected_ways
from solver.check import check
from solver.instance import Instance
from solver.params import Params
from solver.problem import Flags, Ints, Matrix, Pins, Problem, Rhythm, Roads, ints
from solver.roads import RoadMap
from solver.search import starts, together
from solver.search.candidates import FARMS, POINTS, Candidate, Evaluator
from solver.search.goods import Chosen
from solver.search.insert import PARCEL, TRUCK, Insertion
from solver.search.moves import Search
from solver.solution import NONE, StoppedBy
from tests.solver.builder import HOUR, changed, small_region
from tests.solver.thin import cheapest, thin_region

PATIENT = Params(iterations=100, rounds=2, workers=1)


def chosen(farm_hub: Ints, point_hub: Ints, links: Flags) -> Chosen:
    return Chosen(farm_hub, point_hub, np.zeros(len(point_hub), dtype=np.bool_), links)


def boards(problem: Problem) -> tuple[Evaluator, Search]:
    instance = Instance(problem)
    evaluator = Evaluator(instance, expected_ways(instance, *expected_loads(instance)))
    return evaluator, Search(evaluator, 1, lambda: False)


def walked(problem: Problem, flows: int = 600, *, by_truck: bool = True) -> tuple[Evaluator, Search, Candidate]:
    evaluator, search = boards(problem)
    return evaluator, search, search.improved(search.begun(0, by_truck=by_truck), flows)


@pytest.mark.parametrize("seed", [1, 5, 9, 10, 12, 17])
def test_a_tiny_region_is_planned_as_well_as_by_trying_everything(seed: int) -> None:
    problem = thin_region(seed, hubs=1 + seed % 2)
    plan, least = solver.solve(problem, PATIENT), cheapest(problem)
    assert plan.report.cost.objective <= least * 1.001 + 20
    assert plan.report.bound_minor <= least


def test_a_search_with_routes_in_sight_beats_measured_prices_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = thin_region(5, hubs=2)
    searched_plan = solver.solve(problem, PATIENT)
    monkeypatch.setattr(pooling, "search_candidates", lambda *_: None)
    monkeypatch.setattr(together, "plan_together", lambda *_: None)
    assert searched_plan.report.cost.objective < 0.95 * solver.solve(problem, PATIENT).report.cost.objective


def test_a_plan_made_from_the_best_candidate_costs_what_it_says() -> None:
    problem = thin_region(4, farms=8, points=4)
    _, _, candidate = walked(problem)
    assert solver.solve(problem, PATIENT).report.cost.objective <= candidate.minor * 1.001 + 20


def test_a_region_too_large_for_candidates_is_planned_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "MOST_OWNERS", 1)
    problem = thin_region(2)
    assert check(problem, solver.solve(problem, PATIENT)) == ()


def test_goods_cross_hubs_where_a_line_haul_pays() -> None:
    problem = changed(
        small_region(),
        "products",
        shortfall_minor_per_1000=ints(9000, 9000, 90_000, 9000),
    )
    evaluator, search = boards(problem)
    candidate = search.improved(search.begun(0, by_truck=True), 2000)
    linked = replace(candidate.chosen, links=np.ones((2, 2), dtype=np.bool_))
    crossing = evaluator.drawn(linked, candidate.tours)
    assert crossing.link_kg().shape == (2, 2)
    assert crossing.sold[0].minor <= candidate.sold[0].minor


def test_a_line_haul_costs_its_whole_trip() -> None:
    problem = thin_region(3, farms=6, points=3, hubs=2)
    problem = replace(problem, rhythm=Rhythm())
    evaluator, _ = boards(problem)
    links = np.ones((2, 2), dtype=np.bool_)
    farm_hub, point_hub = np.zeros(6, dtype=np.int64), np.ones(3, dtype=np.int64)
    apart = evaluator.drawn(chosen(farm_hub, point_hub, links), ((), ()))
    assert apart.link_kg()[0, 1] > 0
    legs = RoadMap(problem.places, problem.roads).legs(problem.hubs.place[[0]], problem.hubs.place[[1]])
    vehicles = problem.vehicles
    works_s = 2 * int(legs.duration_s[0]) + problem.rhythm.haul_handling_s
    trip = 2 * int(legs.distance_m[0]) * int(vehicles.minor_per_km[0]) / 1000
    trip += works_s * int(vehicles.minor_per_hour[0]) / 3600
    by_kg = apart.link_kg()[0, 1] * evaluator.rates.haul[0, 1]
    together = sum(sold.minor for sold in apart.sold) + float(problem.hubs.fixed_minor.sum())
    assert apart.minor == pytest.approx(together + trip - by_kg)


def test_a_point_may_go_by_truck_by_parcel_or_not_at_all() -> None:
    problem = thin_region(1, points=3)
    problem = changed(problem, "points", by_parcel=np.ones(3, dtype=np.bool_))
    evaluator, _, candidate = walked(problem)
    insertion = Insertion(evaluator)
    left = insertion.closed(candidate, POINTS, np.arange(3))
    assert not left.chosen.parcel.any()
    posted = insertion.opened(left, POINTS, (0, 0, PARCEL))
    driven = insertion.opened(left, POINTS, (0, 0, TRUCK))
    assert posted is not None
    assert driven is not None
    assert posted[0].chosen.parcel[0]
    assert posted[1] == 0
    assert driven[1] > 0
    assert len(driven[0].tours[POINTS]) == 1


def test_who_cannot_be_reached_is_opened_by_no_truck() -> None:
    problem = changed(thin_region(1), "farms", closes_s=np.zeros(4, dtype=np.int64))
    evaluator, search = boards(problem)
    nothing = search.begun(0, by_truck=True)
    assert Insertion(evaluator).opened(nothing, FARMS, (0, 0, TRUCK)) is None
    assert (nothing.chosen.farm_hub == NONE).all()
    assert search.improved(nothing, 100).tours[FARMS] == ()


def test_a_walk_ends_when_it_is_told_to() -> None:
    problem = thin_region(1)
    evaluator, _ = boards(problem)
    search = Search(evaluator, 1, lambda: True)
    start = search.begun(0, by_truck=False)
    assert search.improved(start, 600).minor <= start.minor


def test_a_region_without_vehicles_has_a_candidate_without_tours() -> None:
    problem = thin_region(1)
    none = {column: getattr(problem.vehicles, column)[:0] for column in type(problem.vehicles).__slots__}
    _, _, candidate = walked(changed(problem, "vehicles", **none))
    assert candidate.tours == ((), ())


def test_a_round_that_is_slower_without_a_stop_goes_altogether() -> None:
    problem = thin_region(1, farms=2)
    places = len(problem.places.id)
    away = ~np.eye(places, dtype=np.bool_)
    seconds = np.where(away, 60, 0)
    hub, slow = int(problem.hubs.place[0]), int(problem.farms.place[1])
    seconds[hub, slow] = 20 * HOUR
    problem = replace(problem, roads=Roads(matrix=Matrix(seconds * 10, seconds)))
    evaluator, _ = boards(problem)
    both = evaluator.tour_costs[FARMS].tour(0, (0, 1))
    assert both is not None
    farm_hub = np.zeros(2, dtype=np.int64)
    points = np.full(len(problem.points.id), NONE)
    candidate = evaluator.drawn(chosen(farm_hub, points, np.eye(1, dtype=np.bool_)), ((both,), ()))
    left = Insertion(evaluator).closed(candidate, FARMS, np.array([0]))
    assert left.tours[FARMS] == ()
    assert (left.chosen.farm_hub == NONE).all()


def test_promised_farms_stay_in_every_candidate() -> None:
    problem = thin_region(5, hubs=2)
    plan = solver.solve(problem, PATIENT)
    lot = int(plan.allocations.lot[0])
    quantity = int(plan.allocations.quantity[plan.allocations.lot == lot].sum())
    pinned = replace(problem, pins=Pins(ints(lot), ints(quantity), ints(quantity)))
    _, search = boards(pinned)
    start = search.improved(search.begun(int(plan.farm_hub[problem.lots.farm[lot]]), by_truck=False), 600)
    farm = problem.lots.farm[lot]
    assert start.chosen.farm_hub[farm] != NONE


def test_who_stops_the_search_gets_the_best_plan_so_far() -> None:
    heard: list[str] = []
    problem = thin_region(1)
    plan = solver.solve(
        problem,
        PATIENT,
        on_progress=lambda progress: heard.append(progress.stage),
        should_stop=lambda: "search" in heard,
    )
    assert check(problem, plan) == ()
    assert plan.report.stopped_by == StoppedBy.CANCELLED
    assert "routes" not in heard


@pytest.mark.parametrize("times", [1, 100])
def test_an_overfull_hub_is_dearer_than_leaving_everybody_out_whatever_goods_cost(times: int) -> None:
    problem = thin_region(1)
    problem = changed(problem, "products", shortfall_minor_per_1000=times * problem.products.shortfall_minor_per_1000)
    problem = changed(problem, "lots", ask_minor_per_1000=times * problem.lots.ask_minor_per_1000)
    problem = changed(problem, "hubs", throughput_g=ints(1000), fixed_minor=ints(0), handling_minor_per_kg=ints(0))
    evaluator, _ = boards(problem)
    links, nobody = np.eye(1, dtype=np.bool_), chosen(np.full(4, NONE), np.full(2, NONE), np.eye(1, dtype=np.bool_))
    everybody = evaluator.drawn(chosen(ints(0, 0, 0, 0), ints(0, 0), links), ((), ()))
    assert everybody.intake_kg()[0] > 10
    assert everybody.minor > evaluator.drawn(nobody, ((), ())).minor
