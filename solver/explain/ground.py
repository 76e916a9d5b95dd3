"""A plan taken apart into its products, whose goods never meet."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from solver.check.trace import Trace
from solver.explain.gates import Gates
from solver.explain.market import Ground
from solver.problem import Batches, Flags, Ints, Lots, Pins, Problem
from solver.reserves import share_limits
from solver.solution import NONE

T = TypeVar("T", Lots, Batches)


def grounds(plan: Trace, calls: Gates, products: Ints) -> dict[int, tuple[Ground, Ints]]:
    """What each of these products' markets stands on, and the rows of its lots."""
    problem, solution = plan.problem, plan.solution
    caps = share_limits(problem)
    hubs = len(problem.hubs.id)
    driven = np.eye(hubs, dtype=np.bool_)
    driven[plan.source, plan.target] = True
    called_at = solution.farm_hub != NONE
    found = {}
    for product in np.unique(products).tolist():
        lots = np.flatnonzero(problem.lots.product == product)
        batches = np.flatnonzero(problem.batches.product == product)
        farm = problem.lots.farm[lots]
        found[product] = (
            Ground(
                problem=_alone(problem, lots, batches),
                caps={farm: most for (capped, farm), most in caps.items() if capped == product},
                sent=plan.sent[lots],
                lot_hub=calls.hub[farm],
                called_at=called_at[farm],
                batch_hub=solution.point_hub[problem.batches.point[batches]],
                driven=driven,
            ),
            lots,
        )
    return found


def _alone(problem: Problem, lots: Ints, batches: Ints) -> Problem:
    pins = problem.pins
    mine: Flags = np.isin(pins.lot, lots)
    kept = Pins(np.searchsorted(lots, pins.lot[mine]), pins.at_least[mine], pins.at_most[mine])
    return replace(problem, lots=_rows(problem.lots, lots), batches=_rows(problem.batches, batches), pins=kept)


def _rows(table: T, rows: Ints) -> T:
    return type(table)(**{column.name: getattr(table, column.name)[rows] for column in fields(table)})
