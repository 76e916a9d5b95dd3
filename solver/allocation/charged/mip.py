"""Branch and bound over which lots are open, on a whole piece or on a neighbourhood of it (HiGHS)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import highspy
import numpy as np

from solver.allocation.charged.flow import flow_of_opened
from solver.allocation.charged.piece import Piece
from solver.allocation.charged.strong import HALF, StrongModel
from solver.problem import Flags, Ints

SLACK, SLACK_PER_UNIT = 1e-9, 1e-7
"""A bound of HiGHS may be too high by so much of itself, and a unit wanted: what its dual tolerance can hide."""


@dataclass(frozen=True, slots=True)
class Budget:
    """When branch and bound ends: seconds, and nodes where the result must not depend on the clock."""

    seconds: float
    nodes: int | None = None


@dataclass(frozen=True, slots=True)
class Branched:
    """A plan no dearer than the one it began with, and a bound that holds for what was free."""

    sent: Ints
    bound_minor: int


def branch(piece: Piece, sent: Ints, budget: Budget, fixed: Flags | None = None) -> Branched:
    """Search from a plan on; lots that are `fixed` stay open."""
    model = StrongModel(piece)
    if fixed is not None:
        model.between(fixed.astype(np.float64), np.ones(len(fixed)))
    began_s = time.monotonic()
    if model.relax(budget.seconds) is None:
        return Branched(sent, 0)
    highs, doors = model.highs, model.doors
    whole = np.full(len(doors), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    highs.changeColsIntegrality(len(doors), doors, whole)
    highs.setOptionValue("time_limit", highs.getRunTime() + max(budget.seconds - (time.monotonic() - began_s), 0.0))
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.5)
    if budget.nodes is not None:
        highs.setOptionValue("mip_max_nodes", budget.nodes)
    start = highspy.HighsSolution()
    opened = (piece.of_lot(sent) > 0) | model.always
    start.col_value = [*sent.astype(float).tolist(), *opened.astype(float).tolist()]
    highs.setSolution(start)
    highs.run()
    found = highs.getInfo()
    bound = found.mip_dual_bound
    best = sent
    if found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.array(highs.getSolution().col_value)
        tried = flow_of_opened(piece, values[len(piece.lot) :] > HALF)
        best = min(sent, tried, key=piece.minor)
    # Half a minor unit may be missing to the end; every plan costs a whole number.
    slack = SLACK * abs(bound) + SLACK_PER_UNIT * float(piece.wanted.sum())
    return Branched(best, math.ceil(bound - slack) if math.isfinite(bound) else 0)
