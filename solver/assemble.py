"""From a draft and its trips to a plan: routes, stops, loads and shortfalls in columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from solver.cost import price
from solver.draft import Draft
from solver.instance import Instance
from solver.problem import Ints, Names
from solver.routing.timing import Timed
from solver.routing.transport import Driven, Transport
from solver.solution import Allocations, Cost, Loads, Report, Routes, Shortfalls, Solution, Standby, StoppedBy, Stops


@dataclass(slots=True)
class _Book:
    """Columns as they grow."""

    routes: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    stops: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    loads: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)


def assemble(instance: Instance, draft: Draft, moved: Transport, reasons: Names, standby: Standby) -> Solution:
    """The plan of a draft that loses nothing on the way; its report holds the cost and no bound yet."""
    book = _Book()
    for driven in moved.driven:
        for trip in sorted(driven.trips, key=lambda t: (t.trip.truck, t.depart_s)):
            _enter(book, driven, trip)
    routes = np.array(book.routes, dtype=np.int64).reshape(-1, 5).T
    stops = np.array(book.stops, dtype=np.int64).reshape(-1, 5).T
    loads = np.concatenate([np.empty((3, 0), dtype=np.int64), *(np.stack(load) for load in book.loads)], axis=1)
    short = instance.problem.batches.quantity - draft.served(len(instance.problem.batches.id))
    rows = np.flatnonzero(short)
    solution = Solution(
        farm_hub=draft.farm_hub,
        point_hub=draft.point_hub,
        parcel=draft.parcel,
        allocations=Allocations(draft.lot, draft.batch, draft.quantity),
        shortfalls=Shortfalls(rows, short[rows], reasons[rows]),
        routes=Routes(*routes),
        stops=Stops(*stops),
        loads=Loads(*loads),
        standby=standby,
        report=Report(Cost(), 0, 0, 0, StoppedBy.ITERATIONS, 0),
    )
    return replace(solution, report=replace(solution.report, cost=price(instance.problem, solution)))


def _enter(book: _Book, driven: Driven, trip: Timed) -> None:
    task, route = driven.task, len(book.routes)
    nodes = np.array([0, *(v + 1 for v in trip.trip.visits), 0])
    metres = int(task.errand.distance_m[nodes[:-1], nodes[1:]].sum())
    vehicle = int(task.errand.trucks.vehicle[trip.trip.truck])
    book.routes.append((int(driven.phase), vehicle, trip.depart_s, trip.return_s, metres))
    times = zip(trip.trip.visits, trip.arrive_s, trip.start_s, trip.leave_s, strict=True)
    for visit, arrive_s, start_s, leave_s in times:
        for cargo in (task.put_down, task.taken_on):
            mine = cargo.visit == visit
            number = np.full(int(mine.sum()), len(book.stops))
            book.loads.append((number, cargo.row[mine], cargo.quantity[mine]))
        book.stops.append((route, int(task.place[visit]), arrive_s, start_s, leave_s))
