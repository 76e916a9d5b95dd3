"""What a farm's goods need of trucks: one visit, or several when no truck takes all at once."""

from __future__ import annotations

import numpy as np

from solver.draft import Draft
from solver.instance import Instance
from solver.problem import AMBIENT, CHILLED, FROZEN, Problem, ints
from solver.routing.cargo import Consignment, consign
from solver.routing.errand import CRATES, VOLUME, WEIGHT
from solver.routing.fleet import Fleet
from tests.solver.builder import changed, small_region

FARM_2_ROWS = ints(0, 1)
"""Apples and eggs of farm 2."""


def consigned(problem: Problem, apples: int, eggs: int) -> Consignment:
    instance = Instance(problem)
    draft = Draft(ints(-1, -1, 1), ints(1, -1, -1), np.zeros(3, np.bool_), ints(2, 3), ints(0, 3), ints(apples, eggs))
    return consign(instance, draft, FARM_2_ROWS, ints(2, 2), Fleet(instance).trucks(1, 8 * 3600))


def test_a_farm_whose_goods_fit_on_a_truck_is_one_visit() -> None:
    load = consigned(small_region(), apples=20_000, eggs=100)
    assert load.owner.tolist() == [2]
    assert load.room[0, WEIGHT] == 26_000
    assert load.room[0, VOLUME] == 32_000 + 9000
    assert load.room[0, CRATES] == 3
    assert load.masks[0] == 1 << (AMBIENT | CHILLED) | 1 << AMBIENT


def test_more_than_the_largest_truck_holds_is_full_trucks_and_a_rest() -> None:
    problem = changed(small_region(), "vehicles", weight_g=ints(10_000, 10_000, 12_000))
    load = consigned(problem, apples=30_000, eggs=0)
    assert sorted(load.room[:, WEIGHT].tolist()) == [6000, 12_000, 12_000]
    assert load.cargo.quantity.sum() == 30_000
    assert not load.stranded.any()


def test_crates_and_litres_split_a_load_too() -> None:
    by_crates = consigned(changed(small_region(), "vehicles", crates=ints(1, 1, 2)), apples=20_000, eggs=0)
    assert by_crates.room[:, CRATES].tolist() == [2, 1]
    by_litres = consigned(changed(small_region(), "vehicles", volume_ml=ints(1, 1, 16_000)), apples=20_000, eggs=0)
    assert by_litres.room[:, VOLUME].tolist() == [16_000, 16_000]


def test_goods_that_take_no_room_by_volume_are_split_by_weight() -> None:
    problem = changed(small_region(), "vehicles", weight_g=ints(1, 1, 15_000))
    problem = changed(problem, "products", volume_ml_per_1000=ints(0, 0, 0, 0))
    assert consigned(problem, apples=20_000, eggs=0).room[:, WEIGHT].tolist() == [15_000, 5000]


def test_goods_of_classes_that_no_truck_carries_together_are_two_visits() -> None:
    problem = changed(small_region(), "products", cold=ints(CHILLED, CHILLED, AMBIENT, FROZEN))
    problem = changed(problem, "vehicles", hub=ints(1, 1, 0), cold=ints(CHILLED, AMBIENT, AMBIENT))
    load = consigned(problem, apples=20_000, eggs=100)
    assert sorted(load.masks.tolist()) == sorted([1 << CHILLED, 1 << AMBIENT])


def test_goods_that_no_truck_carries_at_all_stay_behind() -> None:
    problem = changed(small_region(), "vehicles", cold=ints(FROZEN, FROZEN, FROZEN))
    load = consigned(problem, apples=20_000, eggs=100)
    assert not len(load.owner)
    assert load.stranded.tolist() == [20_000, 100]


def test_a_unit_that_is_larger_than_every_truck_stays_behind() -> None:
    problem = changed(small_region(), "vehicles", weight_g=ints(50, 50, 50))
    assert consigned(problem, apples=0, eggs=3).stranded.tolist() == [0, 3]
