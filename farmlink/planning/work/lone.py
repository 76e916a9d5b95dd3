"""What it would take if every farm shipped alone; worked out once a plan, in a child process, while people look on."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from threading import Lock
from typing import Final

from farmlink.planning import queries
from farmlink.planning.values import PlanId
from farmlink.store.store import Store
from solver import baselines, codec
from solver.problem import Problem

KEPT: Final = 64
"""So many plans' comparisons are remembered in a process."""
VAN_G: Final = 900_000
VAN_CRATES: Final = 100
"""A farm's own van: what a delivery van carries."""


@dataclass(frozen=True, slots=True)
class Alone:
    """The plan's goods with every farm on its own tours to the points, beside what the plan drives for them.

    Farms drive their own vans at the hourly and kilometre price of the plan's cheapest truck. What no farm reaches is
    `left_g`, and nothing is counted for it.
    """

    trips: int
    distance_m: int
    duration_s: int
    money_minor: int
    left_g: int
    planned_trips: int
    planned_distance_m: int
    planned_duration_s: int
    planned_money_minor: int


_ASKED: Final = OrderedDict[PlanId, Future[Alone]]()
_GUARD: Final = Lock()
_DESK: Final = ThreadPoolExecutor(1, "alone")
"""One at a time: it takes a core for some seconds."""


def begin(store: Store, plan_id: PlanId) -> None:
    """Have the comparison worked out, unless it is or was; after a failure it is begun anew.

    Nothing of the database is held meanwhile.
    """
    blobs = store.read(queries.blobs, plan_id)
    with _GUARD:
        asked = _ASKED.get(plan_id)
        if asked is None or (asked.done() and asked.exception()):
            _ASKED[plan_id] = _DESK.submit(_in_a_child, *blobs)
            while len(_ASKED) > KEPT:
                _ASKED.popitem(last=False)


def known(plan_id: PlanId) -> Alone | None:
    """The comparison, if it was worked out before."""
    with _GUARD:
        asked = _ASKED.get(plan_id)
    return asked.result() if asked is not None and asked.done() and not asked.exception() else None


def under_way(plan_id: PlanId) -> bool:
    """Tell whether somebody began the comparison and it is not worked out yet."""
    with _GUARD:
        asked = _ASKED.get(plan_id)
    return asked is not None and not asked.done()


def _in_a_child(problem: bytes, solution: bytes) -> Alone:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(compared, problem, solution).result()


def compared(problem_bytes: bytes, solution_bytes: bytes) -> Alone:
    """Compare a plan with farms that ship alone."""
    problem = codec.problem_from_bytes(problem_bytes)
    solution = codec.solution_from_bytes(problem, solution_bytes)
    theirs = asdict(baselines.alone(problem, solution, van_of(problem)))
    cost, routes = solution.report.cost, solution.routes
    return Alone(
        trips=theirs["routes"],
        distance_m=theirs["distance_m"],
        duration_s=theirs["duration_s"],
        money_minor=theirs["money_minor"],
        left_g=theirs["left_g"],
        planned_trips=len(routes.phase),
        planned_distance_m=int(routes.distance_m.sum()),
        planned_duration_s=int((routes.return_s - routes.depart_s).sum()),
        planned_money_minor=cost.collection + cost.hub + cost.line_haul + cost.delivery + cost.parcel,
    )


def van_of(problem: Problem) -> baselines.Van:
    """What a farm would drive: a van at the plan's own cheapest prices, for the plan's longest shift."""
    vehicles = problem.vehicles
    if not len(vehicles.id):
        return baselines.Van(weight_g=VAN_G, crates=VAN_CRATES, minor_per_km=0, minor_per_hour=0)
    return baselines.Van(
        weight_g=VAN_G,
        crates=VAN_CRATES,
        minor_per_km=int(vehicles.minor_per_km.min()),
        minor_per_hour=int(vehicles.minor_per_hour.min()),
        shift_s=int(vehicles.shift_s.max()),
    )
