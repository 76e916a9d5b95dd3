"""Fair shares: what is sold is spread, at least cost for what was declared; the highest floor is the highest."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.allocation.charged import fair
from solver.allocation.charged.fair import PPM, FairWorked, allocate_fairly, segments
from solver.allocation.charged.piece import Piece
from solver.allocation.charged.problem import ChargedProblem
from solver.allocation.charged.solve import Effort, allocate
from solver.errors import InvalidProblemError, SolutionRejectedError
from solver.problem import Ints, ints
from tests.solver.allocation.lanes import charged, made, shuffled, small_problems

LONG = Effort(seconds=200, workers=1)


def linear(problem: ChargedProblem) -> ChargedProblem:
    nothing = np.zeros_like(problem.lots.charge_minor)
    return replace(problem, lots=replace(problem.lots, charge_minor=nothing, minimum=nothing))


def all_of(problem: ChargedProblem) -> Piece:
    """Every row of it, useful or not."""
    lots, batches, lanes = problem.lots, problem.batches, problem.lanes
    return Piece(
        lots.quantity, lots.minimum, lots.charge_minor, batches.quantity, batches.shortage_minor, lanes.lot,
        lanes.batch, lanes.cost_minor,
    )  # fmt: skip


def sold(problem: ChargedProblem, sent: Ints) -> Ints:
    return np.bincount(problem.lanes.lot, sent, len(problem.lots.id)).astype(np.int64)


def test_a_slightly_dearer_lot_sells_too() -> None:
    problem = charged([(10, 0, 0), (10, 0, 0)], [(10, 900)], [(0, 0, 50), (1, 0, 60)])
    assert sold(problem, allocate(problem, LONG).sent).tolist() == [10, 0]
    fair_plan = allocate_fairly(problem, 100, LONG)
    assert sold(problem, fair_plan.sent).tolist() == [6, 4]
    assert fair_plan.cost_minor == 6 * 50 + 4 * 60


def test_without_weight_fair_is_cheapest() -> None:
    problem = linear(made(60))
    assert allocate_fairly(problem, 0, LONG).cost_minor == allocate(problem, LONG).cost_minor


def test_more_weight_costs_more_and_leaves_fewer_lots_with_nothing() -> None:
    problem = linear(made(60))
    plans = [allocate_fairly(problem, weight, LONG) for weight in (0, 20, 60)]
    costs, empty = [plan.cost_minor for plan in plans], [(sold(problem, plan.sent) == 0).sum() for plan in plans]
    assert costs == sorted(costs)
    assert empty[0] > empty[1] > empty[2]


@given(small_problems(linear=True), st.integers(0, 60))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_money_and_terms_together_are_the_least_of_all(problem: ChargedProblem, weight: int) -> None:
    def stated(sent: Ints) -> int:
        offers = segments(all_of(problem), weight)
        total = int(sent @ problem.lanes.cost_minor)
        for lot, left in enumerate(sold(problem, sent).tolist()):
            for row in np.flatnonzero(offers.lot == lot).tolist():
                part = min(left, int(offers.room[row]))
                total, left = total + part * int(offers.cost[row]), left - part  # noqa: PLW2901  # poured out
        got = np.bincount(problem.lanes.batch, sent, len(problem.batches.id)).astype(np.int64)
        return total + int((problem.batches.quantity - got) @ problem.batches.shortage_minor)

    rooms = np.minimum(problem.lots.quantity[problem.lanes.lot], problem.batches.quantity[problem.lanes.batch])
    plans = (np.array(plan, dtype=np.int64) for plan in itertools.product(*(range(r + 1) for r in rooms.tolist())))
    possible = [
        stated(plan)
        for plan in plans
        if (sold(problem, plan) <= problem.lots.quantity).all()
        and (np.bincount(problem.lanes.batch, plan, len(problem.batches.id)) <= problem.batches.quantity).all()
    ]
    assert stated(allocate_fairly(problem, weight, LONG).sent) == min(possible)


def test_a_floor_of_less_than_a_unit_is_a_unit() -> None:
    problem = charged([(1, 0, 0), (3, 0, 0)], [(3, 100)], [(0, 0, 2), (1, 0, 1)])
    plan = allocate_fairly(problem, None, LONG)
    assert (plan.sent.tolist(), plan.floor_ppm.tolist()) == ([1, 2], [666_000, 666_000])


def test_the_highest_floor_is_kept_and_no_higher_one_could_be() -> None:
    problem = charged([(10, 0, 0), (30, 0, 0)], [(21, 900)], [(0, 0, 50), (1, 0, 60)])
    plan = allocate_fairly(problem, None, LONG)
    assert plan.floor_ppm.tolist() == [500_000, 500_000]  # 5 and 15 of 21; 501 would be 6 and 16
    assert sold(problem, plan.sent).tolist() == [6, 15]


def test_lots_that_share_nothing_have_floors_of_their_own() -> None:
    problem = charged([(10, 0, 0), (10, 0, 0), (10, 0, 0)], [(10, 90), (5, 90)], [(0, 0, 1), (1, 1, 1)])
    plan = allocate_fairly(problem, None, LONG)
    assert plan.floor_ppm.tolist() == [PPM, 500_000, 0]
    assert sold(problem, plan.sent).tolist() == [10, 5, 0]


@pytest.mark.parametrize("weight", [30, None])
def test_the_order_of_the_rows_decides_nothing(weight: int | None) -> None:
    problem = linear(made(40))
    other, lanes = shuffled(problem, 3)
    plan, again = allocate_fairly(problem, weight, LONG), allocate_fairly(other, weight, LONG)
    assert (again.sent == plan.sent[lanes]).all()


def test_charges_and_minima_are_refused() -> None:
    problem = charged([(10, 0, 0), (10, 3, 0)], [(10, 900)], [(0, 0, 50)])
    with pytest.raises(InvalidProblemError, match=r"lots\[1\].charge_minor: fair shares take no charge"):
        allocate_fairly(problem, 1, LONG)


def test_a_plan_that_breaks_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair, "fair_piece", lambda *_: FairWorked(np.full(1, 9, np.int32), 0))
    with pytest.raises(SolutionRejectedError, match="batch 0 gets more than it wants"):
        allocate_fairly(charged([(10, 0, 0)], [(4, 90)], [(0, 0, 1)]), 1, LONG)


def test_segments_are_cut_at_whole_units_and_hold_all_of_a_lot() -> None:
    offers = segments(all_of(charged([(7, 0, 0), (0, 0, 0)], [(4, 90)], [(0, 0, 1)])), 100)
    assert offers.room.tolist() == [0, 1, 1, 2, 3, 0, 0, 0, 0, 0]
    assert offers.cost.tolist() == 2 * [0, 40, 60, 80, 100]
    assert ints(*offers.lot.tolist()).tolist() == [0] * 5 + [1] * 5


@pytest.mark.parametrize("weight_minor", [-1, 10**9 + 1])
def test_a_weight_that_no_flow_can_hold_is_refused(weight_minor: int) -> None:
    with pytest.raises(InvalidProblemError, match=r"terms.weight_minor: -?\d+ is not from 0 to 1000000000"):
        allocate_fairly(linear(made(5)), weight_minor, LONG)
