"""Lots with charges and minima: the plan against every possible one, the bound, and what must not matter."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.allocation.charged import solve, work
from solver.allocation.charged.linear import Piecework, Worked
from solver.allocation.charged.piece import Piece
from solver.allocation.charged.problem import ChargedProblem
from solver.allocation.charged.solve import Effort, allocate, taken_apart
from solver.allocation.charged.verify import Verdict, verify_charged
from solver.errors import InvalidProblemError, SolutionRejectedError
from solver.problem import Ints, ints
from tests.solver.allocation.lanes import charged, cheapest, made, shuffled, small_problems, two_lots

LONG = Effort(seconds=200, workers=1)
STEPS = replace(LONG, searches=2)


@given(small_problems())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_nothing_is_cheaper_than_a_proven_plan(problem: ChargedProblem) -> None:
    plan = allocate(problem, LONG)
    assert plan.cost_minor == cheapest(problem) == plan.bound_minor


@given(small_problems(linear=True))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_without_charges_and_minima_a_flow_is_the_cheapest_plan(problem: ChargedProblem) -> None:
    plan = allocate(problem, LONG)
    assert plan.cost_minor == cheapest(problem) == plan.bound_minor
    assert plan.gap == 0


@pytest.mark.parametrize(
    ("effort", "column"),
    [
        (Effort(seconds=-1.0), "seconds"),
        (Effort(seconds=float("nan")), "seconds"),
        (Effort(workers=0), "workers"),
        (Effort(workers=1.5), "workers"),  # type: ignore[arg-type]  # what a caller without types may give
        (Effort(seed=-1), "seed"),
        (Effort(searches=-1), "iterations"),
    ],
)
def test_an_effort_that_is_none_is_refused(effort: Effort, column: str) -> None:
    with pytest.raises(InvalidProblemError, match=f"effort.{column}"):
        allocate(two_lots(), effort)


@pytest.mark.parametrize("searches", [0, 1])
def test_no_more_searches_than_were_asked_for(searches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Ints] = []

    def improved(_piece: Piece, sent: Ints, *_: object) -> Ints:
        tried.append(sent)
        return sent

    monkeypatch.setattr(work, "improved", improved)
    monkeypatch.setattr(work, "WHOLE_LOTS", 1)
    allocate(made(60, seed=3), replace(LONG, searches=searches))
    assert len(tried) == searches


def test_a_dear_visit_is_not_made_for_cheaper_goods() -> None:
    plan = allocate(two_lots(), LONG)
    assert plan.sent.tolist() == [6, 4, 0, 0]
    assert (plan.cost_minor, plan.short.tolist()) == (20 + 6 * 10 + 4 * 12, [0, 0])


def test_a_lot_that_cannot_reach_its_minimum_stays_at_home() -> None:
    plan = allocate(charged([(10, 5, 1)], [(4, 50)], [(0, 0, 1)]), LONG)
    assert (plan.sent.tolist(), plan.short.tolist(), plan.cost_minor, plan.bound_minor) == ([0], [4], 200, 200)


def test_units_dearer_than_their_shortage_are_sent_where_they_fill_a_minimum() -> None:
    problem = charged([(10, 6, 1)], [(4, 50), (4, 5)], [(0, 0, 1), (0, 1, 9)])
    assert allocate(problem, LONG).sent.tolist() == [4, 2]


def test_two_minima_that_do_not_fit_together_are_not_both_kept() -> None:
    problem = charged([(5, 4, 0), (5, 4, 0)], [(6, 50)], [(0, 0, 1), (1, 0, 2)])
    plan = allocate(problem, LONG)
    assert plan.sent.tolist() == [5, 0]
    assert plan.cost_minor == plan.bound_minor == 55


def test_nothing_to_send_is_a_plan() -> None:
    plan = allocate(charged([(3, 0, 0)], [(2, 7)], []), LONG)
    assert (plan.cost_minor, plan.bound_minor, plan.gap) == (14, 14, 0)


@given(small_problems(), st.integers(0, 100))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_one_more_lot_never_costs_more(problem: ChargedProblem, seed: int) -> None:
    kept = problem.lanes.lot < len(problem.lots.id) - 1
    fewer = ChargedProblem(
        type(problem.lots)(*(getattr(problem.lots, name)[:-1] for name in problem.lots.__slots__)),
        problem.batches,
        type(problem.lanes)(*(getattr(problem.lanes, name)[kept] for name in problem.lanes.__slots__)),
    )
    assert allocate(problem, LONG).cost_minor <= allocate(fewer, LONG).cost_minor


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_decides_nothing(seed: int) -> None:
    problem = made(18, batches=6, near=3)
    other, lanes = shuffled(problem, seed)
    plan, again = allocate(problem, STEPS), allocate(other, STEPS)
    assert (again.sent == plan.sent[lanes]).all()
    assert again.bound_minor == plan.bound_minor


def test_the_same_searches_find_the_same_plan_wherever_they_run() -> None:
    problem = charged_in_parts()
    here, there = allocate(problem, STEPS), allocate(problem, replace(STEPS, workers=2))
    with ThreadPoolExecutor(2) as threads:
        lent = allocate(problem, STEPS, executor=threads)
    assert (here.sent == there.sent).all()
    assert (here.sent == lent.sent).all()
    assert here.bound_minor == there.bound_minor == lent.bound_minor


def charged_in_parts() -> ChargedProblem:
    """Three rings of 12 lots and 4 batches that share nothing."""
    parts = [made(12, seed, batches=4, near=3) for seed in (1, 2, 3)]
    lots, batches = 12 * np.arange(3), 4 * np.arange(3)
    return ChargedProblem(
        type(parts[0].lots)(
            np.arange(36),
            *(np.concatenate([getattr(p.lots, n) for p in parts]) for n in ("quantity", "minimum", "charge_minor")),
        ),
        type(parts[0].batches)(
            np.arange(12),
            *(np.concatenate([getattr(p.batches, n) for p in parts]) for n in ("quantity", "shortage_minor")),
        ),
        type(parts[0].lanes)(
            np.concatenate([p.lanes.lot + first for p, first in zip(parts, lots, strict=True)]),
            np.concatenate([p.lanes.batch + first for p, first in zip(parts, batches, strict=True)]),
            np.concatenate([p.lanes.cost_minor for p in parts]),
        ),
    )


@pytest.mark.parametrize(("relaxed", "whole"), [(1000, 0), (0, 0), (0, 1000)])
def test_large_pieces_get_neighbourhoods_and_bounds_that_hold(
    monkeypatch: pytest.MonkeyPatch, relaxed: int, whole: int
) -> None:
    problem = made(60)
    best = allocate(problem, LONG)
    monkeypatch.setattr(work, "RELAXED_LOTS", relaxed)
    monkeypatch.setattr(work, "WHOLE_LOTS", whole)
    plan = allocate(problem, replace(LONG, searches=6))
    assert best.bound_minor == best.cost_minor
    assert 0.9 * best.cost_minor <= plan.bound_minor <= best.cost_minor <= plan.cost_minor
    assert plan.cost_minor <= 1.1 * best.cost_minor


def test_whoever_stops_at_once_has_a_plan_and_a_bound() -> None:
    problem = made(60)
    plan = allocate(problem, LONG, stop=lambda: True)
    best = allocate(problem, LONG)
    assert 0 < plan.bound_minor <= best.cost_minor <= plan.cost_minor
    assert plan.gap > best.gap == 0


@pytest.mark.parametrize("relaxed", [1000, 0])
@pytest.mark.parametrize("looks", range(1, 6))
def test_whenever_a_piece_is_stopped_it_has_a_plan_and_a_bound(
    monkeypatch: pytest.MonkeyPatch, relaxed: int, looks: int
) -> None:
    monkeypatch.setattr(work, "RELAXED_LOTS", relaxed)
    monkeypatch.setattr(work, "SLOPE_ROUNDS", 1)
    (cut,) = taken_apart(made(60), 1)[1]
    looked = iter([False] * looks)
    worked = work.charge_piece(Piecework(cut.piece, time.time() + 1000), lambda: next(looked, True))
    assert 0 < worked.bound_minor <= cut.piece.cast(np.int64).minor(worked.sent.astype(np.int64))


def test_a_plan_that_breaks_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "charge_piece", lambda *_: Worked(np.full(4, 9, np.int32), 0))
    with pytest.raises(SolutionRejectedError, match="lot 0 sends more than it holds"):
        allocate(two_lots(), LONG)


class TestTheChecker:
    """A plan that keeps each rule, and one that just does not."""

    @pytest.mark.parametrize(
        ("sent", "reason"),
        [
            ([6, 4, 0, 0], None),
            ([6, -1, 0, 0], "lane 1 sends less than nothing"),
            ([0, 0, 5, 0], None),
            ([0, 0, 4, 0], "lot 1 sends less than its minimum"),
            ([0, 0, 6, 4], None),
            ([6, 5, 0, 0], "lot 0 sends more than it holds"),
            ([6, 0, 0, 0], None),
            ([7, 0, 0, 0], "batch 0 gets more than it wants"),
        ],
    )
    def test_rules(self, sent: list[int], reason: str | None) -> None:
        verdict = verify_charged(two_lots(), ints(*sent))
        assert (reason in verdict.violations) if reason else (not verdict.violations)

    def test_costs(self) -> None:
        verdict = verify_charged(two_lots(), ints(1, 0, 5, 0))
        assert verdict.cost_minor == 1 * 10 + 5 * 1 + 20 + 130 + 4 * 50
        assert verdict.short.tolist() == [0, 4]
        assert verify_charged(two_lots(), ints(1, 0, 0, 0)).cost_minor == 10 + 20 + 5 * 50 + 4 * 50

    def test_columns_of_another_problem_are_refused(self) -> None:
        verdict: Verdict = verify_charged(two_lots(), ints(1, 0, 5))
        assert verdict.violations == ("sent: int64 (3,) for 4 lanes",)

    def test_many_broken_rows_are_counted(self) -> None:
        problem = charged([(1, 0, 0)] * 7, [(99, 1)], [(lot, 0, 1) for lot in range(7)])
        verdict = verify_charged(problem, np.full(7, 2))
        assert len(verdict.violations) == 6
        assert verdict.violations[-1] == "2 more: lot sends more than it holds"
