"""Made lots are what the measurements were made with."""

import numpy as np
import pytest

from solver.allocation.charged.problem import check_charged
from tests.benchmarks.made.lots import NEAREST, made_lots


@pytest.mark.parametrize(("hard", "quantity", "wanted"), [(False, 2_718_639, 1_601_801), (True, 2_720_982, 1_099_435)])
def test_a_size_and_a_seed_name_the_problem_of_the_measurements(
    hard: bool,  # noqa: FBT001  # a kind of problem
    quantity: int,
    wanted: int,
) -> None:
    problem = made_lots(10_000, hard=hard)
    check_charged(problem)
    assert problem.lots.quantity.sum() == quantity
    assert problem.batches.quantity.sum() == wanted
    assert (np.bincount(problem.lanes.lot) == NEAREST).all()


def test_linear_leaves_out_charges_and_minima_alone() -> None:
    plain, charged = made_lots(1000, linear=True), made_lots(1000)
    assert plain.linear()
    assert not charged.linear()
    assert (plain.lanes.cost_minor == charged.lanes.cost_minor).all()
    assert 0.4 < (charged.lots.minimum > 0).mean() < 0.6
