"""Tours that collect most worth beyond their cost; a farm may be left out (Feillet, Dejax & Gendreau 2005)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.draft import Draft
from solver.problem import Ints
from solver.routing.errand import Errand, Trip
from solver.routing.errands import collection
from solver.routing.fleet import Fleet
from solver.routing.improve import Effort, passed_trips
from solver.routing.known import Call, KnownTrip
from solver.routing.transport import Budget
from solver.search.candidates import FARMS, Evaluator
from solver.search.tours import Tour
from solver.search.worth import Worth, gains
from solver.shards import Shards

EACH_FARM = 16
"""A search goes on for an iteration of the budget for so many farms: 400 are 6,250 among 250 farms."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a search begins, and the prices that it sees."""

    worth: Worth
    tours: tuple[Tour, ...]


@dataclass(frozen=True, slots=True)
class Prized:
    """The tours of all hubs with which a search ends, and all that it passed."""

    tours: tuple[Tour, ...]
    seen: tuple[Tour, ...]


@dataclass(frozen=True, slots=True)
class _Gates:
    """A hub's errand to every farm that pays, with the farm of each visit."""

    farm: Ints
    errand: Errand
    known: tuple[Trip, ...]


def prized_tours(
    evaluator: Evaluator, driving: Ints, begins: Sequence[Begin], budget: Budget, shards: Shards
) -> list[Prized]:
    """One search of all hubs from each of the beginnings, with these vehicles, whose days are paid."""
    hubs = np.unique(evaluator.instance.problem.vehicles.hub[driving]).tolist()
    gates = [(number, _gates(evaluator, begin, driving, hub)) for number, begin in enumerate(begins) for hub in hubs]
    efforts = [
        Effort(one.errand, budget.iterations * len(one.errand) // EACH_FARM, budget.seed + number, one.known, once=True)
        for number, one in gates
    ]
    tours: list[list[Tour]] = [[] for _ in begins]
    seen: list[list[Tour]] = [[] for _ in begins]
    for (number, one), passed in zip(gates, shards.map(passed_trips, efforts), strict=True):
        tours[number] += _tours(evaluator, one, passed.best)
        seen[number] += _tours(evaluator, one, passed.seen)
    return [Prized(tuple(best), tuple(others)) for best, others in zip(tours, seen, strict=True)]


def _tours(evaluator: Evaluator, gates: _Gates, trips: Sequence[Trip]) -> list[Tour]:
    """Trips as the search counts them; a farm that is called at twice on one, because it has so much, counts once."""
    vehicle, tour = gates.errand.trucks.vehicle, evaluator.tour_costs[FARMS].tour
    found = (
        tour(int(vehicle[trip.truck]), tuple(dict.fromkeys(gates.farm[list(trip.visits)].tolist()))) for trip in trips
    )
    return [one for one in found if one is not None]


def _gates(evaluator: Evaluator, begin: Begin, driving: Ints, hub: int) -> _Gates:
    instance = evaluator.instance
    problem, rhythm, vehicles = instance.problem, instance.problem.rhythm, instance.problem.vehicles
    lot, quantity, minor = (np.concatenate(column) for column in zip(*gains(evaluator, begin.worth, hub), strict=True))
    farm = problem.lots.farm[lot]
    opens_s = np.maximum(problem.farms.opens_s, rhythm.collect_from_s)
    # PyVRP takes no window that is closed.
    rows = np.flatnonzero(opens_s[farm] <= np.minimum(problem.farms.closes_s, rhythm.collect_until_s)[farm])
    lot, quantity, minor = lot[rows], quantity[rows], minor[rows]
    nobody = np.zeros(len(problem.points.id), dtype=np.int64)
    draft = Draft(np.full(len(problem.farms.id), hub), nobody, nobody > 0, lot, np.zeros_like(lot), quantity)
    mine = set(driving[vehicles.hub[driving] == hub].tolist())
    known = [KnownTrip(one.vehicle, tuple(map(Call, one.stops))) for one in begin.tours if one.vehicle in mine]
    task = collection(instance, draft, Fleet(instance), hub, known)
    cargo, trucks = task.taken_on, task.errand.trucks
    prize = np.bincount(
        cargo.visit, minor[cargo.row] * cargo.quantity / np.maximum(quantity[cargo.row], 1), len(task.owner)
    )
    rows = np.flatnonzero(np.isin(trucks.vehicle, driving))
    paid = trucks.only(rows)
    errand = replace(
        task.errand,
        trucks=replace(paid, fixed_minor=np.zeros_like(paid.fixed_minor)),
        prize_minor=np.rint(prize).astype(np.int64),
    )
    number = {truck: row for row, truck in enumerate(rows.tolist())}
    return _Gates(task.owner, errand, tuple(Trip(number[trip.truck], trip.visits) for trip in task.known))
