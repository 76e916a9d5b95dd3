"""PyVRP's iterated local search (Wouda, Lan & Kool 2024) on an errand, judged by our own times."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning, ScalingWarning

from solver.problem import Ints
from solver.routing.errand import FIRST_MARK, MASKS, Errand, Trip, Trucks, alike, carries
from solver.routing.first import first_trips
from solver.routing.timing import Timed, day, trips_cost
from solver.shards import Halted

PER_MINOR = 3600
"""Cost units a minor unit, so that a driver's second at a whole price an hour is whole."""
MOST_PRIZE = 2**40
ROOM_TO_SPARE = 0.7
"""Trucks come home and go again only where the goods take more than this of all trucks' room: it widens the search."""
LONGER_S = 10**7
"""Beyond any shift."""
LEAST_OVERTIME, MINUTE_S = 100_000, 60
"""Cost units a second of overtime, PyVRP's own highest penalty; a minute's is as dear as the dearest visit."""
FINE = 2_000_000
"""Room is counted so fine at least that a truck is no cheaper overfull: PyVRP's penalties a unit have a bound."""
LOOK_UP = 64


@dataclass(frozen=True, slots=True)
class Effort:
    """One errand to search, with what makes the search repeatable."""

    errand: Errand
    iterations: int
    seed: int
    known: tuple[Trip, ...] = ()  # where to begin, if that is better than the first trips
    once: bool = False  # no truck goes again


def best_trips(effort: Effort, halted: Halted, heard: pyvrp.IteratedLocalSearchCallbacks | None = None) -> list[Timed]:
    """The cheapest of the first trips, the known ones and what the search finds; visits left out cost their prize.

    `heard` listens to PyVRP's search, where visits with a closed gate are not numbered.
    """
    errand = effort.errand
    first = _begin(errand, effort.known, keep=effort.iterations == 0)
    # A closed gate is no visit, nor one whose goods come too late; PyVRP does not take its window.
    open_visits = np.flatnonzero(np.maximum(errand.opens_s, errand.ready_s) <= errand.closes_s)
    if not len(open_visits) or not len(errand.trucks) or effort.iterations == 0 or halted():
        return first
    begin = [] if not effort.known else _renumbered(first, open_visits)
    found_trips = _search(replace(effort, errand=errand.only(open_visits), known=tuple(begin)), halted, heard)
    trips = [Trip(trip.truck, tuple(open_visits[list(trip.visits)].tolist())) for trip in found_trips]
    # What a truck cannot do within its shift after all is left out again.
    found = day(errand, trips) or _begin(errand, trips, keep=False)
    return min(first, found, key=lambda some: trips_cost(errand, some))


@dataclass(frozen=True, slots=True)
class Passed:
    """The trips a search ends with, and those of every plan that was its best for a while."""

    best: tuple[Trip, ...]
    seen: tuple[Trip, ...]


def passed_trips(effort: Effort, halted: Halted) -> Passed:
    """All that a search from the known trips passes; of trucks that are alike the first goes. Every gate is open."""
    if not len(effort.errand) or not len(effort.errand.trucks):
        return Passed((), ())
    seen = Seen()
    begin = tuple(timed.trip for timed in _kept(effort.errand, effort.known))
    best = _search(replace(effort, known=begin), halted, seen)
    kinds = alike(effort.errand.trucks)
    return Passed(tuple(best), tuple(Trip(kinds[kind][0], visits) for kind, visits in sorted(seen.routes)))


class Seen(pyvrp.IteratedLocalSearchCallbacks):
    """Vehicle type and visits of every route of a plan that was the best so far."""

    def __init__(self) -> None:
        self.routes: set[tuple[int, tuple[int, ...]]] = set()

    def on_best(self, best: pyvrp.Solution) -> None:
        """Keep its routes, if they work out."""
        for route in best.routes() if best.is_feasible() else ():
            self.routes.add((route.vehicle_type(), tuple(stop.idx for stop in route if stop.is_client())))


def _begin(errand: Errand, known: Sequence[Trip], *, keep: bool) -> list[Timed]:
    """First trips, or what still works of the known ones with first trips for what they leave out.

    With `keep`, the known ones whatever they cost: cheaper ones might be home too late for the next phase.
    """
    kept = _kept(errand, known)
    longer = first_trips(errand, kept)
    if keep or not kept:
        return longer
    return min(first_trips(errand), longer, key=lambda trips: trips_cost(errand, trips))


def _kept(errand: Errand, known: Sequence[Trip]) -> list[Timed]:
    """The known trips one after another; one that breaks a rule goes without its visits of least worth."""
    kept: list[Trip] = []
    for trip in known:
        visits = [visit for visit in trip.visits if _may(errand, trip.truck, visit)]
        while visits and day(errand, [*kept, Trip(trip.truck, tuple(visits))]) is None:
            visits.remove(min(reversed(visits), key=lambda visit: int(errand.prize_minor[visit])))
        if visits:
            kept.append(Trip(trip.truck, tuple(visits)))
    return day(errand, kept) or []


def _may(errand: Errand, truck: int, visit: int) -> bool:
    """No other vehicle is held to where the visit goes."""
    held = int(errand.masks[visit]) & -FIRST_MARK
    return not held or bool(carries(errand.trucks, held)[truck])


def _renumbered(trips: Sequence[Timed], open_visits: Ints) -> list[Trip]:
    number = {visit: row for row, visit in enumerate(open_visits.tolist())}
    return [Trip(timed.trip.truck, tuple(number[visit] for visit in timed.trip.visits)) for timed in trips]


def _search(effort: Effort, halted: Halted, seen: pyvrp.IteratedLocalSearchCallbacks | None = None) -> list[Trip]:
    model, kinds = pyvrp_model(effort.errand, again=not effort.once and reloads(effort.errand))
    count = 0

    def spent(best_cost: int) -> bool:  # noqa: ARG001  # PyVRP calls it by this name
        nonlocal count
        count += 1
        return count > effort.iterations or (count % LOOK_UP == 0 and halted())

    with warnings.catch_warnings():
        # A penalty at its bound says that windows are tight, a large price that a visit matters; `day` judges.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        warnings.simplefilter("ignore", ScalingWarning)
        begin = _known(model, kinds, effort.known)
        # PyVRP's own default is None, which its hint does not say.
        heard = pyvrp.IteratedLocalSearchParams(callbacks=cast(Any, seen))
        result = pyvrp.solve(
            model, spent, seed=effort.seed, collect_stats=False, display=False, initial_solution=begin,
            params=pyvrp.SolveParams(ils=heard),
        )  # fmt: skip
    return trips_of(result.best, kinds) if result.best.is_feasible() else []


def _known(model: pyvrp.ProblemData, kinds: Sequence[Sequence[int]], trips: Sequence[Trip]) -> pyvrp.Solution | None:
    """The trips to begin with as PyVRP's own; none when a truck goes again in a model where no truck does."""
    days: dict[int, list[pyvrp.Activity]] = {}
    for trip in trips:
        stops = [pyvrp.Activity(pyvrp.ActivityType.CLIENT, visit) for visit in trip.visits]
        home = [pyvrp.Activity(pyvrp.ActivityType.DEPOT, 0)] if trip.truck in days else []
        days[trip.truck] = [*days.get(trip.truck, []), *home, *stops]
    again = len(days) < len(trips)
    if not trips or (again and not model.vehicle_type(0).reload_depots):
        return None
    kind_of = {truck: kind for kind, members in enumerate(kinds) for truck in members}
    return pyvrp.Solution(model, [pyvrp.Route(model, stops, kind_of[truck]) for truck, stops in days.items()])


def trips_of(solution: pyvrp.Solution, kinds: Sequence[Sequence[int]]) -> list[Trip]:
    """PyVRP's plan: each route gets a truck of its kind; coming home in between ends a trip."""
    waiting = [list(kind) for kind in kinds]
    trips: list[Trip] = []
    for route in solution.routes():
        truck = waiting[route.vehicle_type()].pop(0)
        visits: list[int] = []
        for stop in route:
            if stop.is_client():
                visits.append(stop.idx)
            elif visits:
                trips.append(Trip(truck, tuple(visits)))
                visits = []
    return trips


def pyvrp_model(errand: Errand, *, again: bool) -> tuple[pyvrp.ProblemData, list[list[int]]]:
    """PyVRP's own problem, and the trucks of each of its vehicle types."""
    trucks = errand.trucks
    axes, gates = _axes(errand)
    finer = np.maximum(FINE // np.maximum(trucks.room[:, axes].max(axis=0), 1), 1)
    drop, fetch, room = (column[:, axes] * finer for column in (errand.drop, errand.fetch, trucks.room))
    kinds = alike(trucks)
    overtime = max(LEAST_OVERTIME, int(np.minimum(errand.prize_minor * PER_MINOR, MOST_PRIZE).max()) // MINUTE_S)
    km_prices = sorted({int(trucks.minor_per_km[kind[0]]) for kind in kinds})
    types = [
        pyvrp.VehicleType(
            len(kind),
            [*room[kind[0]].tolist(), *_gate_room(trucks, kind[0], gates, len(errand) * FINE)],
            fixed_cost=int(trucks.fixed_minor[kind[0]]) * PER_MINOR,
            tw_early=max(errand.from_s, int(trucks.free_s[kind[0]])),
            shift_duration=int(trucks.shift_s[kind[0]]),
            # One that goes again may work longer at a price hardly ever worth it, and `day` judges: on releases, shifts
            # and trips together PyVRP 0.14 misprices moves, and its local search goes in circles for ever.
            max_overtime=LONGER_S if again else 0,
            unit_overtime_cost=overtime if again else 0,
            unit_duration_cost=int(trucks.minor_per_hour[kind[0]]),
            profile=km_prices.index(int(trucks.minor_per_km[kind[0]])),
            reload_depots=[0] if again else [],
        )
        for kind in kinds
    ]
    costs: list[Any] = [
        errand.distance_m * price * PER_MINOR // 1000 + errand.toll_minor * PER_MINOR for price in km_prices
    ]
    model = pyvrp.ProblemData(
        [pyvrp.Location(0, 0)] * (len(errand) + 1),
        _clients(errand, drop, fetch, gates),
        [pyvrp.Depot(0, service_duration=errand.loading_s)],
        types,
        costs,
        cast(Any, [errand.duration_s] * len(costs)),
    )
    return model, kinds


def _clients(errand: Errand, drop: Ints, fetch: Ints, gates: list[int]) -> list[pyvrp.Client]:
    """Visits with their loads on every axis; the last axes are gates that keep classes of goods off a truck."""
    return [
        pyvrp.Client(
            v + 1,
            [*drop[v].tolist(), *([0] * len(gates))],
            [*fetch[v].tolist(), *((int(errand.masks[v]) >> mask & 1) * FINE for mask in gates)],
            int(errand.service_s[v]),
            int(errand.opens_s[v]),
            int(errand.closes_s[v]),
            int(errand.ready_s[v]),
            prize=min(int(errand.prize_minor[v]) * PER_MINOR, MOST_PRIZE),
            required=False,
        )
        for v in range(len(errand))
    ]


def _axes(errand: Errand) -> tuple[list[int], list[int]]:
    """The axes that can bind at all, and the cold masks that some truck cannot carry (each an axis of its own)."""
    trucks = errand.trucks
    total = np.maximum(errand.drop.sum(axis=0), errand.fetch.sum(axis=0))
    axes = [axis for axis in range(len(total)) if axis == 0 or total[axis] > trucks.room[:, axis].min()]
    needed = int(np.bitwise_or.reduce(errand.masks))
    gates = [m for m in range(MASKS) if needed >> m & 1 and not carries(trucks, 1 << m).all()]
    return axes, gates


def _gate_room(trucks: Trucks, truck: int, gates: list[int], all_visits: int) -> list[int]:
    return [all_visits if carries(trucks, 1 << mask)[truck] else 0 for mask in gates]


def reloads(errand: Errand) -> bool:
    """Whether trucks may come home and go again."""
    total = np.maximum(errand.drop.sum(axis=0), errand.fetch.sum(axis=0))
    return bool((total > ROOM_TO_SPARE * errand.trucks.room.sum(axis=0)).any())
