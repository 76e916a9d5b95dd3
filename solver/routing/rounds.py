"""One errand on several cores: searches side by side from the best trips so far, then whole days of trucks combined.

The combination is set partitioning over every truck's day that a search held for good (Balinski & Quandt 1964; as the
last step of a search: Rochat & Taillard 1995), by CP-SAT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
from ortools.sat.python import cp_model

from solver.routing.errand import Errand, Trip, alike
from solver.routing.first import first_trips
from solver.routing.improve import Effort, best_trips
from solver.routing.timing import Timed, day, trips_cost
from solver.shards import Halted, Shards

GOOD, MOST_DAYS = 1.01, 500
"""Days of plans this much dearer than the best are kept too, and of all the latest: 400 days of two searches of 150
visits took 0.5 to 1.1 % off the better one in half a second; of 1,300 (at 1.03) CP-SAT made next to nothing."""
COMBINE_WORK = 2.0
"""Deterministic seconds of CP-SAT."""
PER_MINOR = 1000

Day = tuple[int, tuple[tuple[int, ...], ...]]
"""Kind of truck, and the visits of each of its trips."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """So many searches side by side, so often, each of so many iterations."""

    rounds: int
    searches: int
    iterations: int
    seed: int


def route(errand: Errand, asked: Rounds, shards: Shards) -> list[Timed]:
    """The cheapest trips of all rounds; visits left out cost their prize.

    Parameters
    ----------
    errand
        Visits, trucks and the drives between them; up to a few hundred visits (`pieces` cuts larger ones).
    asked
        The same numbers give the same trips, unless `shards` are halted before.
    shards
        Where the searches run.
    """
    gates = np.flatnonzero(np.maximum(errand.opens_s, errand.ready_s) <= errand.closes_s)
    part = errand.only(gates)
    best = first_trips(part)
    pool: dict[Day, None] = {}
    for turn in range(asked.rounds if len(gates) else 0):
        if shards.halted():
            break
        known = tuple(timed.trip for timed in best) if turn else ()
        seeds = range(asked.seed + turn * asked.searches, asked.seed + (turn + 1) * asked.searches)
        efforts = [Effort(part, asked.iterations, seed, known) for seed in seeds]
        for trips, days in shards.map(searched, efforts):
            pool |= dict.fromkeys(days)
            best = min(best, trips, key=lambda some: trips_cost(part, some))
        best = combined(part, list(pool)[-MOST_DAYS:], best)
    done = day(errand, [Trip(timed.trip.truck, tuple(gates[list(timed.trip.visits)].tolist())) for timed in best])
    assert done is not None, "a part's trips are the errand's"
    return done


def searched(effort: Effort, halted: Halted) -> tuple[list[Timed], list[Day]]:
    """The best trips of one search, and the days it held for good on its way."""
    heard = _Heard()
    return best_trips(effort, halted, heard), list(heard.days)


class _Heard(pyvrp.IteratedLocalSearchCallbacks):
    """Collects the days of every plan that is nearly as good as the best."""

    def __init__(self) -> None:
        self.days: dict[Day, None] = {}

    def on_iteration(self, current: Any, candidate: Any, best: Any, cost_evaluator: Any) -> None:  # noqa: ARG002  # PyVRP's names
        """A plan that breaks no rule and costs little more than the best."""
        if candidate.is_feasible() and cost_evaluator.cost(candidate) <= GOOD * cost_evaluator.cost(best):
            for route in candidate.routes():
                self.days[route.vehicle_type(), _trips_of(route)] = None


def _trips_of(route: pyvrp.Route) -> tuple[tuple[int, ...], ...]:
    trips: list[list[int]] = [[]]
    for stop in route:
        if stop.is_client():
            trips[-1].append(stop.idx)
        elif trips[-1]:
            trips.append([])
    return tuple(tuple(visits) for visits in trips if visits)


def combined(errand: Errand, pool: Sequence[Day], best: list[Timed]) -> list[Timed]:
    """The cheapest plan made of whole days of the pool and of the best plan; the best itself if none is cheaper."""
    kinds = alike(errand.trucks)
    days = list(dict.fromkeys([*_days_of(kinds, best), *pool]))
    priced = [(one, minor) for one in days if (minor := _minor(errand, kinds, one)) is not None]
    model = cp_model.CpModel()
    drives = [model.new_bool_var("") for _ in priced]
    skips = [model.new_bool_var("") for _ in range(len(errand))]
    covers: list[list[cp_model.IntVar]] = [[skip] for skip in skips]
    crews: list[list[cp_model.IntVar]] = [[] for _ in kinds]
    for drive, ((kind, trips), _) in zip(drives, priced, strict=True):
        crews[kind].append(drive)
        for visits in trips:
            for visit in visits:
                covers[visit].append(drive)
    for cover in covers:
        model.add_exactly_one(cover)
    for crew, members in zip(crews, kinds, strict=True):
        model.add(sum(crew) <= len(members))
    _hint(model, drives, skips, [one for one, _ in priced], set(_days_of(kinds, best)))
    prizes = (errand.prize_minor * PER_MINOR).tolist()
    costs = [round(cost * PER_MINOR) for _, cost in priced]
    model.minimize(cp_model.LinearExpr.weighted_sum([*drives, *skips], [*costs, *prizes]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = COMBINE_WORK
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return best
    taken = [one for drive, (one, _) in zip(drives, priced, strict=True) if solver.boolean_value(drive)]
    found = _driven(errand, kinds, taken)
    return min(best, found, key=lambda some: trips_cost(errand, some))


def _hint(
    model: cp_model.CpModel, drives: Sequence[cp_model.IntVar], skips: Sequence[cp_model.IntVar],
    days: Sequence[Day], mine: set[Day],
) -> None:  # fmt: skip
    served = {visit for _, trips in mine for visits in trips for visit in visits}
    for drive, one in zip(drives, days, strict=True):
        model.add_hint(drive, one in mine)
    for visit, skip in enumerate(skips):
        model.add_hint(skip, visit not in served)


def _days_of(kinds: Sequence[Sequence[int]], trips: Sequence[Timed]) -> list[Day]:
    kind_of = {truck: kind for kind, members in enumerate(kinds) for truck in members}
    days: dict[int, list[tuple[int, ...]]] = {}
    for timed in trips:
        days.setdefault(timed.trip.truck, []).append(timed.trip.visits)
    return [(kind_of[truck], tuple(visits)) for truck, visits in days.items()]


def _minor(errand: Errand, kinds: Sequence[Sequence[int]], one: Day) -> float | None:
    """What the day costs without regard to who is left out; None when it breaks a rule."""
    trips = day(errand, [Trip(kinds[one[0]][0], visits) for visits in one[1]])
    if trips is None:
        return None
    out = np.ones(len(errand), dtype=np.bool_)
    out[[visit for visits in one[1] for visit in visits]] = False
    return trips_cost(errand, trips) - float(errand.prize_minor[out].sum())


def _driven(errand: Errand, kinds: Sequence[Sequence[int]], days: Sequence[Day]) -> list[Timed]:
    waiting = [list(members) for members in kinds]
    trips: list[Trip] = []
    for kind, visits_of in days:
        truck = waiting[kind].pop(0)
        trips += [Trip(truck, visits) for visits in visits_of]
    done = day(errand, trips)
    assert done is not None, "each truck's day works out by itself"
    return done
