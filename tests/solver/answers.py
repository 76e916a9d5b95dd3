"""What farms answer to a plan, and what a plan again has moved of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.cost import allocation_ends, lot_most
from solver.earlier import earlier_of
from solver.problem import Ints, Pins, Problem
from solver.solution import Phase, Solution


@dataclass(frozen=True, slots=True)
class Moved:
    """Farms that confirmed: how many send less than that, go to another hub, or see another truck."""

    less: int
    hub: int
    truck: int


def answered(problem: Problem, plan: Solution, part: float, seed: int) -> Problem:
    """The problem after this part of the allocations was declined and the others were accepted, one answer a lot."""
    sent = sent_by_lot(problem, plan)
    asked = np.flatnonzero(sent)
    declined = np.random.default_rng(seed).random(len(asked)) < part
    at_least = np.where(declined, 0, sent[asked])
    at_most = np.where(declined, 0, lot_most(problem)[asked])
    pinned = replace(problem, pins=Pins(asked, at_least, at_most))
    return replace(pinned, earlier=earlier_of(problem, plan, pinned))


def moved(problem: Problem, before: Solution, after: Solution) -> Moved:
    """Of the farms with something confirmed in `problem`, those that a plan again disturbs."""
    lots = problem.pins.lot[problem.pins.at_least > 0]
    confirmed = np.unique(problem.lots.farm[lots])
    less = sent_by_lot(problem, after)[lots] < problem.pins.at_least[problem.pins.at_least > 0]
    trucks = [called_by(problem, plan) for plan in (before, after)]
    return Moved(
        len(np.unique(problem.lots.farm[lots[less]])),
        int((before.farm_hub[confirmed] != after.farm_hub[confirmed]).sum()),
        sum(not trucks[0][farm] <= trucks[1][farm] for farm in confirmed.tolist()),
    )


def sent_by_lot(problem: Problem, plan: Solution) -> Ints:
    """Quantity of each lot."""
    sent: Ints = np.bincount(plan.allocations.lot, plan.allocations.quantity, len(problem.lots.id)).astype(np.int64)
    return sent


def called_by(problem: Problem, plan: Solution) -> list[set[int]]:
    """The vehicles that collect from each farm."""
    farm, _ = allocation_ends(problem, plan.allocations)
    route = plan.stops.route[plan.loads.stop]
    collecting = plan.routes.phase[route] == Phase.COLLECTION
    called: list[set[int]] = [set() for _ in problem.farms.id]
    vehicles = plan.routes.vehicle[route[collecting]].tolist()
    for owner, vehicle in zip(farm[plan.loads.allocation[collecting]].tolist(), vehicles, strict=True):
        called[owner].add(vehicle)
    return called
