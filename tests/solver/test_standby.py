"""Who stands by: whoever could send more if others decline, and nobody for their own farm."""

from __future__ import annotations

from solver.pooling import greedy
from solver.problem import ints
from tests.solver.builder import changed, small_region


def test_a_lot_stands_by_when_another_farm_may_decline() -> None:
    problem = small_region()
    solution = greedy(problem)
    product, farm = problem.lots.product, problem.lots.farm
    sent = {(int(product[lot]), int(farm[lot])) for lot in solution.allocations.lot}
    assert len(solution.standby.lot)
    for lot in solution.standby.lot:
        assert {other for kind, other in sent if kind == product[lot]} - {int(farm[lot])}


def test_nobody_stands_by_for_their_own_farm() -> None:
    problem = small_region()
    alone = changed(problem, "lots", farm=ints(*[0] * len(problem.lots.id)))
    assert len(greedy(alone).allocations.lot)
    assert len(greedy(alone).standby.lot) == 0
