"""What plans with charges are made of: refusals, pieces, flows, prices, the relaxation, neighbourhoods."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.allocation.charged import neighbours, strong
from solver.allocation.charged.flow import flow_of_opened
from solver.allocation.charged.mip import Branched, Budget, branch
from solver.allocation.charged.neighbours import NEAR_BATCHES, around, improved
from solver.allocation.charged.piece import Piece
from solver.allocation.charged.pieces import canonical_lanes, split
from solver.allocation.charged.prices import Prices, climb, flow_prices
from solver.allocation.charged.problem import ChargedProblem, check_charged
from solver.allocation.charged.slopes import scale_slopes
from solver.allocation.charged.strong import StrongModel, dive
from solver.errors import InvalidProblemError
from solver.problem import ints
from tests.solver.allocation.lanes import charged, cheapest, made, small_problems, two_lots

LONG_S = 200.0


def never() -> bool:
    return False


def whole(problem: ChargedProblem) -> Piece:
    """All that may be used of it as one piece."""
    (cut,) = split(canonical_lanes(problem)[0], 10**9)
    return cut.piece.cast(np.int64)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("table", "column", "values", "said"),
        [
            ("lots", "quantity", ints(10, -1), r"lots\[1\].quantity: is not from 0 to 1000000000"),
            ("lots", "charge_minor", ints(10, 10**9 + 1), r"lots\[1\].charge_minor: is not from 0"),
            ("lots", "minimum", ints(0), r"lots.minimum: has 1 rows, the first column 2"),
            ("lots", "id", ints(7, 7), r"lots\[1\].id: is another lot's"),
            ("batches", "id", ints(7, 7), r"batches\[1\].id: is another batch's"),
            ("batches", "quantity", np.array([1.5, 2]), r"batches.quantity: is 1-dimensional float64, not whole int64"),
            ("lanes", "lot", ints(0, 0, 1, 2), r"lanes\[3\].lot: names none of the 2 rows"),
            ("lanes", "batch", ints(0, -1, 0, 1), r"lanes\[1\].batch: names none of the 2 rows"),
            ("lanes", "batch", ints(0, 0, 0, 1), r"lanes\[1\].batch: has a lane from this lot"),
            ("lanes", "batch", ints(1, 0, 1, 1), r"lanes\[3\].batch: has a lane from this lot"),
        ],
    )
    def test_columns(self, table: str, column: str, values: Any, said: str) -> None:
        problem = two_lots()
        wrong = replace(problem, **{table: replace(getattr(problem, table), **{column: values})})
        with pytest.raises(InvalidProblemError, match=said):
            check_charged(wrong)

    def test_more_money_than_eight_bytes_hold_in_64ths(self) -> None:
        rows = [(10**9, 18 * 10**6)] * 5
        check_charged(charged([(1, 0, 0)], rows[:4], []))
        with pytest.raises(InvalidProblemError, match="cost_minor: 9e"):
            check_charged(charged([(1, 0, 0)], rows, []))

    def test_the_largest_numbers_are_flown_exactly(self) -> None:
        piece = whole(charged([(10**9, 10**9, 10**9)], [(10**9, 3)], [(0, 0, 1)]))
        spread = scale_slopes(piece, 3, never)
        assert (spread.sent.tolist(), spread.bound_minor) == ([10**9], 2 * 10**9)


class TestPieces:
    def test_lots_that_share_no_batch_are_apart_and_idle_ones_in_none(self) -> None:
        problem = charged([(5, 0, 0)] * 4, [(3, 9)] * 4, [(0, 2, 1), (1, 1, 1), (1, 2, 5), (3, 0, 1)])
        first, second = split(problem)
        assert (first.lanes.tolist(), second.lanes.tolist()) == ([0, 1, 2], [3])
        assert first.piece.batch.tolist() == [1, 0, 1]
        assert first.piece.lot.tolist() == [0, 1, 1]
        assert len(second.piece.quantity) == len(second.piece.wanted) == 1

    def test_small_components_go_together(self) -> None:
        problem = charged([(5, 0, 0)] * 5, [(3, 9)] * 5, [(lot, 4 - lot, 1) for lot in range(5)])
        assert [len(cut.lanes) for cut in split(problem, 2)] == [2, 2, 1]
        assert [cut.lanes.tolist() for cut in split(problem, 9)] == [[0, 1, 2, 3, 4]]

    @pytest.mark.parametrize(
        ("lot", "used"),
        [
            ((10, 0, 160), True),
            ((10, 0, 161), False),
            ((10, 11, 0), False),
            ((7, 7, 0), False),
            ((0, 0, 0), False),
        ],
    )
    def test_lanes_of_lots_that_are_never_worth_their_visit_are_left_out(self, lot: Any, used: bool) -> None:  # noqa: FBT001  # drawn
        problem = charged([lot], [(4, 50), (2, 5)], [(0, 0, 10), (0, 1, 9)])
        problem = replace(problem, lots=replace(problem.lots, minimum=ints(lot[1])))
        assert bool(list(split(problem))) == used


class TestBounds:
    @given(small_problems(), st.lists(st.floats(0, 40), min_size=2, max_size=2))
    @settings(max_examples=60, deadline=None, derandomize=True)
    def test_no_prices_promise_more_than_the_optimum(self, problem: ChargedProblem, prices: list[float]) -> None:
        best = cheapest(problem)
        for cut in split(canonical_lanes(problem)[0], 10**9):
            piece = cut.piece.cast(np.int64)
            unreached = problem.batches.quantity @ problem.batches.shortage_minor
            unreached -= piece.wanted @ piece.shortage_minor
            answered = Prices(piece).answer(np.array(prices)[: len(piece.wanted)])
            assert answered.bound_minor + unreached <= best

    def test_the_relaxation_and_the_climb_meet(self) -> None:
        piece = whole(made(40))
        model = StrongModel(piece)
        relaxed = model.relax(LONG_S)
        assert relaxed is not None
        exact = Prices(piece).answer(relaxed.prices).bound_minor
        first = scale_slopes(piece, 8, never)
        start = flow_prices(piece, first.flow, first.lane_cost)
        climbed = [answered.bound_minor for answered in climb(piece, start, piece.minor(first.sent))]
        assert climbed == sorted(climbed)
        assert first.bound_minor <= exact
        assert 0.99 * exact <= climbed[-1] <= exact

    def test_prices_that_leave_nothing_missing_end_the_climb(self) -> None:
        piece = whole(charged([(5, 0, 0)], [(5, 9)], [(0, 0, 1)]))
        assert [answered.bound_minor for answered in climb(piece, np.array([9.0]), 5.0)] == [5]

    def test_flow_prices_are_what_one_more_unit_costs(self) -> None:
        problem = charged([(4, 0, 0), (9, 0, 0)], [(3, 50), (3, 50)], [(0, 0, 1), (0, 1, 2), (1, 1, 7)])
        piece = whole(problem)
        assert flow_prices(piece, ints(3, 1, 2), piece.cost_minor.astype(float)).tolist() == [6.0, 7.0]

    def test_prices_are_good_however_long_their_ways(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("solver.allocation.charged.prices.ROUNDS", 1)
        piece = whole(made(20))
        first = scale_slopes(piece, 0, never)
        prices = flow_prices(piece, first.flow, first.lane_cost)
        assert Prices(piece).answer(prices).bound_minor <= piece.minor(first.sent)


class TestPlans:
    @given(small_problems())
    @settings(max_examples=40, deadline=None, derandomize=True)
    def test_branch_and_bound_proves_the_cheapest_plan(self, problem: ChargedProblem) -> None:
        for cut in split(canonical_lanes(problem)[0]):
            piece = cut.piece.cast(np.int64)
            found = branch(piece, np.zeros(len(piece.lot), np.int64), Budget(LONG_S))
            assert found.bound_minor == piece.minor(found.sent)

    def test_branch_and_bound_without_time_returns_what_it_began_with(self) -> None:
        piece = whole(two_lots())
        found = branch(piece, ints(0, 0, 5, 0), Budget(0.0))
        assert (found.sent.tolist(), found.bound_minor) == ([0, 0, 5, 0], 0)

    def test_branch_and_bound_that_finds_nothing_returns_what_it_began_with(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(StrongModel, "relax", lambda *_: True)
        piece = whole(made(60))
        began = scale_slopes(piece, 0, never).sent
        found = branch(piece, 2 * began, Budget(0.0))
        assert (found.sent == 2 * began).all()
        assert found.bound_minor <= piece.minor(began)

    def test_slopes_end_when_told_and_when_nothing_changes(self) -> None:
        piece = whole(made(30))
        told, settled = scale_slopes(piece, 50, lambda: True), scale_slopes(piece, 50, never)
        assert piece.minor(settled.sent) <= piece.minor(told.sent)
        assert settled.bound_minor == told.bound_minor

    def test_a_dive_that_is_cut_short_opens_enough(self) -> None:
        piece = whole(made(60))
        model = StrongModel(piece)
        relaxed = model.relax(LONG_S)
        assert relaxed is not None
        cut_short = flow_of_opened(piece, dive(model, relaxed, -1.0))
        ended = flow_of_opened(piece, dive(StrongModel(piece), relaxed, LONG_S))
        bound = Prices(piece).answer(relaxed.prices).bound_minor
        assert bound <= piece.minor(ended) <= 1.1 * bound
        assert piece.minor(cut_short) <= 1.3 * bound

    def test_a_relaxation_whose_rows_do_not_end_still_has_prices(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(strong, "ROUNDS", 0)
        piece = whole(made(60))
        relaxed = StrongModel(piece).relax(LONG_S)
        assert relaxed is not None
        assert Prices(piece).answer(relaxed.prices).bound_minor > 0

    def test_neighbourhoods_only_ever_improve_and_keep_what_is_outside(self) -> None:
        piece = whole(made(60))
        first = scale_slopes(piece, 0, never).sent
        worth = Prices(piece).answer(np.full(12, 80.0)).worth
        batches = np.arange(12) < 5
        better = improved(piece, first, batches, worth, Budget(LONG_S))
        outside = ~batches[piece.batch]
        assert piece.minor(better) < piece.minor(first)
        assert (better[outside] == first[outside]).all()
        used = piece.of_lot(better)
        assert not ((used > 0) & (used < piece.minimum)).any()
        assert (used <= piece.quantity).all()

    def test_no_search_may_leave_a_lot_below_its_minimum(self, monkeypatch: pytest.MonkeyPatch) -> None:
        piece = whole(charged([(10, 5, 1)], [(4, 50), (4, 50)], [(0, 0, 1), (0, 1, 1)]))
        monkeypatch.setattr(neighbours, "branch", lambda part, *_: Branched(np.zeros(len(part.lot), np.int64), 0))
        monkeypatch.setattr(Piece, "minor", lambda _, sent: int(sent.sum()))
        kept = improved(piece, ints(4, 4), np.array([True, False]), np.array([-1.0]), Budget(LONG_S))
        assert kept.tolist() == [4, 4]

    def test_batches_around_a_lot_are_near_and_not_too_many(self) -> None:
        problem = made(3000, batches=2 * NEAR_BATCHES, near=3)
        piece, random = whole(problem), np.random.default_rng(1)
        home = piece.batch[piece.lot == 0]
        near = around(piece, 0, random)
        assert near.sum() == NEAR_BATCHES
        assert near[home].all()
        alone = whole(charged([(1, 0, 1), (1, 0, 1)], [(1, 9)] * 3, [(0, 0, 1), (0, 1, 1), (1, 2, 1)]))
        assert around(alone, 0, random).tolist() == [True, True, False]
