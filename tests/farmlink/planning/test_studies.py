"""A sample of the orders, planned as if nobody else had ordered."""

import numpy as np

from farmlink.planning.work.studies import only
from solver.check import check_problem
from solver.problem import Earlier, Pins, ints
from tests.solver.builder import small_region


def test_a_sample_holds_its_own_batches_and_quantities_and_no_promises() -> None:
    before = Earlier(lot=ints(0), batch=ints(1), quantity=ints(10))
    problem = small_region(pins=Pins(lot=ints(0), at_least=ints(10), at_most=ints(20)), earlier=before)
    first, last = str(problem.batches.id[0]), str(problem.batches.id[-1])

    sample = only(problem, {last: 700, first: 300})

    check_problem(sample)
    assert dict(zip(sample.batches.id.tolist(), sample.batches.quantity.tolist(), strict=True)) == {
        first: 300,
        last: 700,
    }
    assert np.array_equal(sample.batches.point, problem.batches.point[[0, -1]])
    assert len(sample.pins.lot) == len(sample.earlier.lot) == 0
    assert sample.lots is problem.lots
