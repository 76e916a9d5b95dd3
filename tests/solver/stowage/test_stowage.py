"""What each truck takes when its round stands, and which farms see another truck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from solver.allocation.limits import first_limits
from solver.allocation.ways import expected_loads, expected_ways
from solver.draft import Draft
from solver.instance import Instance
from solver.problem import FROZEN, Ints, Pins, Problem, ints
from solver.reserves import share_limits
from solver.search.candidates import FARMS, Evaluator
from solver.search.goods import Chosen
from solver.solution import NONE, Phase
from solver.stowage import changes
from solver.stowage.changes import with_few_changes
from solver.stowage.rounds import Round, Stowage, Stowed
from solver.stowage.trips import loaded, rounds_of
from tests.solver.builder import APPLES, HUB_A, HUB_B, MILK, changed, small_region

TRUCK_A, VAN_A, TRUCK_B = range(3)
DEAR = 20_000
ALONE, ONE = ints(HUB_A, HUB_A, NONE), [Round(TRUCK_A, (0, 1))]
"""Nobody calls at farm 2."""
EVERYWHERE = [Round(TRUCK_A, (0, 1)), Round(TRUCK_B, (2,))]


class Course:
    """A region with hub A's trucks at farms 0 and 1, and hub B's at farm 2."""

    def __init__(self, problem: Problem, farm_hub: Ints | None = None) -> None:
        self.instance = Instance(problem)
        expected_kg = expected_loads(self.instance)
        self.evaluator = Evaluator(self.instance, expected_ways(self.instance, *expected_kg))
        self.limits = first_limits(self.instance)
        farm_hub = ints(HUB_A, HUB_A, HUB_B) if farm_hub is None else farm_hub
        links = np.ones((2, 2), dtype=np.bool_)
        self.chosen = Chosen(farm_hub, ints(HUB_A, HUB_B, HUB_A), np.zeros(3, dtype=np.bool_), links)

    def stowage(self, rounds: Sequence[Round] = EVERYWHERE) -> Stowage:
        room = np.ones(len(rounds))
        return Stowage(self.instance, self.evaluator.rates, self.limits, self.chosen, rounds, room)

    def stowed(self, rounds: Sequence[Round] = EVERYWHERE) -> Stowed:
        return self.stowage(rounds).stowed()

    def changed(self, rounds: Sequence[Round], worth_it: float = 100.0) -> list[Round]:
        tour_costs = self.evaluator.tour_costs[FARMS]
        return list(with_few_changes(self.instance, tour_costs, rounds, self.stowage, worth_it)[0])


def with_room(kg: int, *vehicles: int, short_minor: int = 2000, **columns: Ints) -> Problem:
    problem: Problem = changed(small_region(), "vehicles", **columns)
    problem = changed(problem, "products", shortfall_minor_per_1000=ints(*[short_minor] * 4))
    weight_g = problem.vehicles.weight_g.copy()
    weight_g[list(vehicles)] = kg * 1000
    narrow: Problem = changed(problem, "vehicles", weight_g=weight_g)
    return narrow


def confirmed(problem: Problem, lot: int, quantity: int) -> Problem:
    return replace(problem, pins=Pins(ints(lot), ints(quantity), problem.lots.offered[[lot]]))


def test_where_there_is_room_everybody_is_served() -> None:
    stowed = Course(small_region()).stowed()
    problem = small_region()
    for product, asked in ((APPLES, 152_000), (MILK, 40_000)):
        assert stowed.sent[problem.lots.product == product].sum() == asked
    assert stowed.own.tolist() == [0, 0, 1, 1, 0]
    assert not stowed.further


def test_a_full_truck_takes_what_is_worth_most() -> None:
    course = Course(with_room(60, TRUCK_A, TRUCK_B))
    stowage = course.stowage()
    stowed, (worth, spare_kg) = stowage.stowed(), stowage.worth()
    load_g = np.bincount(stowed.own, stowed.sent * course.instance.lot_weight_g, 2)
    assert (load_g <= 60_000).all()
    assert (load_g >= 30_000).all()
    assert worth[0] > 0
    assert spare_kg[0] == pytest.approx(0)
    assert course.stowage().solve() > Course(small_region()).stowage().solve()


def test_room_counts_in_litres_too() -> None:
    problem = changed(small_region(), "vehicles", volume_ml=ints(30_000, 30_000, 30_000))
    stowed = Course(problem).stowed()
    litres = stowed.sent * problem.products.volume_ml_per_1000[problem.lots.product] / 1e6
    assert (np.bincount(stowed.own, litres, 2) <= 30).all()
    assert litres.sum() > 50


def test_what_is_promised_goes_first() -> None:
    problem = confirmed(with_room(60, TRUCK_A), lot=1, quantity=50_000)
    stowed = Course(problem).stowed()
    # Only 40,000 are asked, but a promise stands.
    assert stowed.sent[1] == 50_000
    assert stowed.sent[0] <= 10_000


def test_who_would_send_less_than_its_least_sends_nothing_and_others_take_the_room() -> None:
    problem = with_room(100, TRUCK_A)
    before = Course(problem, ALONE).stowed(ONE).sent
    asked_less = changed(problem, "lots", minimum=ints(10_000, 45_000, 5000, 100, 5000))
    sent = Course(asked_less, ALONE).stowed(ONE).sent
    assert (before[1], sent[1]) == (40_000, 0)
    assert sent[0] >= before[0] + 30_000


def test_no_truck_takes_what_it_may_not_carry() -> None:
    problem = with_room(4500, cold=ints(FROZEN, FROZEN, FROZEN))
    assert not Course(problem).stowed().sent.any()
    assert (Course(problem).stowed().own == -1).all()


def test_nobody_sells_more_than_its_share() -> None:
    problem = small_region()
    capped = replace(problem, policy=replace(problem.policy, share_cap_ppm=100_000, share_cap_farms=2))
    (cap,) = {most for (product, _), most in share_limits(capped).items() if product == APPLES}
    sent = Course(capped).stowed().sent
    assert cap < 152_000
    assert sent[[0, 2]].tolist() == [cap, cap]
    # Who is not called at has no share to keep.
    assert Course(capped, ints(NONE, HUB_A, HUB_B)).stowed().sent[0] == 0


def test_trucks_share_what_one_of_them_cannot_hold() -> None:
    problem = confirmed(with_room(100, TRUCK_A, VAN_A), lot=0, quantity=150_000)
    course = Course(problem)
    rounds = [Round(TRUCK_A, (0, 1)), Round(VAN_A, (0,)), Round(TRUCK_B, (2,))]
    stowed = course.stowed(rounds)
    assert stowed.sent[0] >= 150_000
    assert list(stowed.further) == [(0, 1)]
    assert 50_000 <= stowed.further[0, 1] <= 100_000
    batch, quantity = ints(0, 1, 4), ints(80_000, 65_000, 5000)
    chosen = course.chosen
    draft = Draft(chosen.farm_hub, chosen.point_hub, chosen.parcel, ints(0, 0, 0), batch, quantity)
    known = loaded(course.instance, draft, rounds, stowed)
    own, further = (sum(trip.calls[0].goods.values()) for trip in known[Phase.COLLECTION, HUB_A])
    assert (own, further) == (150_000 - stowed.further[0, 1], stowed.further[0, 1])
    # Nobody calls where nothing is fetched.
    assert rounds_of(known) == [Round(TRUCK_A, (0,)), Round(VAN_A, (0,))]


class TestAnotherTruck:
    def test_calls_where_the_own_one_is_full(self) -> None:
        rounds = Course(with_room(60, TRUCK_A, short_minor=DEAR), ALONE).changed(ONE)
        assert [one.vehicle for one in rounds] == [TRUCK_A, VAN_A]
        assert sorted(farm for one in rounds for farm in one.farms) == [0, 1]

    def test_takes_the_only_farm_of_a_small_one(self) -> None:
        course = Course(with_room(20, VAN_A, short_minor=DEAR), ints(HUB_A, NONE, NONE))
        assert course.changed([Round(VAN_A, (0,))]) == [Round(VAN_A, ()), Round(TRUCK_A, (0,))]

    def test_that_drives_anyway_calls_on_its_way(self) -> None:
        course = Course(with_room(20, TRUCK_A, short_minor=DEAR), ALONE)
        own, other = course.changed([Round(TRUCK_A, (0,)), Round(VAN_A, (1,))])
        assert own == Round(TRUCK_A, ())
        assert sorted(other.farms) == [0, 1]

    def test_does_not_call_where_that_is_not_worth_it(self) -> None:
        assert Course(with_room(60, TRUCK_A, short_minor=DEAR), ALONE).changed(ONE, worth_it=1e9) == ONE

    def test_does_not_call_where_its_shift_is_too_short(self) -> None:
        problem = with_room(60, TRUCK_A, short_minor=DEAR, shift_s=ints(36_000, 1800, 36_000))
        assert Course(problem, ALONE).changed(ONE) == ONE

    def test_does_not_call_where_others_send_as_cheaply(self) -> None:
        rounds = [Round(VAN_A, (0,)), Round(TRUCK_B, (2,))]
        assert Course(with_room(20, VAN_A), ints(HUB_A, NONE, HUB_B)).changed(rounds) == rounds

    def test_is_seen_by_so_many_farms_at_most(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(changes, "MOST_CHANGES", 1)
        rounds = Course(with_room(20, TRUCK_A, short_minor=DEAR), ALONE).changed(ONE)
        assert sorted(len(one.farms) for one in rounds) == [1, 1]

    def test_does_not_call_without_room_for_what_is_promised(self) -> None:
        problem = confirmed(with_room(90, TRUCK_A, short_minor=DEAR), lot=0, quantity=65_000)
        narrow = changed(problem, "vehicles", weight_g=ints(90_000, 60_000, 4_500_000))
        own, *_ = Course(narrow, ALONE).changed([*ONE, Round(VAN_A, (1,))])
        assert 0 in own.farms
