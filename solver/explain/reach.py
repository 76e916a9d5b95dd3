"""Farms and points that no vehicle can visit, even alone, and why."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.reach import Reach, farm_reach, point_reach
from solver.check.trace import Trace
from solver.eligibility import eligible
from solver.problem import Farms, Flags, Points, Problem
from solver.solution import Explanation


def out_of_reach(plan: Trace) -> Iterator[Explanation]:
    """One explanation per farm with something to sell, and per point that asks for something, that is out of reach."""
    problem, rhythm = plan.problem, plan.problem.rhythm
    selling = np.zeros(len(problem.farms.id), dtype=np.bool_)
    selling[problem.lots.farm[eligible(problem)]] = True
    asking = np.zeros(len(problem.points.id), dtype=np.bool_)
    asking[problem.batches.point[problem.batches.quantity > 0]] = True
    farms, points = farm_reach(problem, plan.roads), point_reach(problem, plan.roads)
    yield from _unreached(problem, "farm", problem.farms, selling, farms, rhythm.collect_until_s)
    trucked = asking & problem.points.by_truck
    yield from _unreached(problem, "point", problem.points, trucked, points, rhythm.deliver_until_s)


def _unreached(  # the columns of one kind of stop
    problem: Problem, subject: str, table: Farms | Points, of_interest: Flags, reach: Reach, until_s: int
) -> Iterator[Explanation]:
    for row in np.flatnonzero(of_interest & ~reach.reached.any(axis=0)).tolist():
        if not len(problem.vehicles.id):
            yield Explanation(subject, str(table.id[row]), "no-vehicle")
        elif not reach.in_shift[:, row].any():
            facts = {"trip_s": int(reach.trip_s[:, row].min()), "shift_s": int(problem.vehicles.shift_s.max())}
            yield Explanation(subject, str(table.id[row]), "beyond-shift", facts)
        else:
            closes_s = int(min(until_s, table.closes_s[row]))
            facts = {"earliest_s": int(reach.start_s[:, row].min()), "closes_s": closes_s}
            yield Explanation(subject, str(table.id[row]), "closed-before", facts)
