"""From the solver's columns back to rows with farmlink's ids and instants."""

from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from farmlink.network.values import FarmId
from farmlink.planning.queries.snapshot import Snapshot
from farmlink.planning.values import FarmShare, MadePlan, RouteView, Sending, ShortfallView, StopView, Subject
from solver import codec, figures
from solver.cost import allocation_hubs, hub_intake_g
from solver.figures.fairness import farm_shares
from solver.problem import Ints, Problem
from solver.solution import Phase, Solution

DAY_S: Final = 86_400
PROGRAMS: Final = ("farmlink", "numpy", "highspy", "ortools", "pyvrp")
PHASES: Final = {Phase.COLLECTION: "collection", Phase.LINE_HAUL: "line-haul", Phase.DELIVERY: "delivery"}


def made_plan(taken: Snapshot, solution: Solution, collect_on: date, zone: str) -> MadePlan:
    """Write a verified plan as rows; seconds of the problem count from midnight of the collection day in its zone."""
    problem, report = taken.problem, solution.report
    asked = int(problem.batches.quantity.sum())
    return MadePlan(
        seed=report.seed,
        stopped_by=report.stopped_by.value,
        degraded=report.degraded,
        inputs_hash=codec.inputs_hash(problem),
        versions={name: version(name) for name in PROGRAMS},
        figures=figures.of(problem, solution),
        landed_minor=report.cost.landed,
        left_out=list(taken.left_out),
        ordered=asked + sum(short.quantity for short in _not_looked_at(taken)),
        planned=int(solution.allocations.quantity.sum()),
        problem=codec.problem_to_bytes(problem),
        solution=codec.solution_to_bytes(problem, solution),
        allocations=_sendings(problem, solution),
        shortfalls=_shortfalls(problem, solution) + _not_looked_at(taken),
        standby=[
            (UUID(str(problem.lots.id[lot])), int(quantity))
            for lot, quantity in zip(solution.standby.lot, solution.standby.quantity, strict=True)
        ],
        routes=timed_routes(problem, solution, collect_on, zone),
        intake_g=[
            (UUID(str(hub)), int(intake))
            for hub, intake in zip(problem.hubs.id, hub_intake_g(problem, solution), strict=True)
            if intake
        ],
        shares=_shares(problem, solution),
        held=list(taken.held),
    )


def _shares(problem: Problem, solution: Solution) -> list[FarmShare]:
    return [
        FarmShare(FarmId(UUID(str(farm))), int(offered), int(sold))
        for farm, offered, sold in zip(problem.farms.id, *farm_shares(problem, solution), strict=True)
        if offered
    ]


def _sendings(problem: Problem, solution: Solution) -> list[Sending]:
    sent = solution.allocations
    columns = (
        problem.lots.id[sent.lot],
        problem.batches.id[sent.batch],
        *(problem.hubs.id[hub] for hub in allocation_hubs(problem, solution)),
    )
    ids = [[UUID(str(key)) for key in column] for column in columns]
    return [
        Sending(lot, batch, int(quantity), source, target)
        for lot, batch, source, target, quantity in zip(*ids, sent.quantity, strict=True)
    ]


def _shortfalls(problem: Problem, solution: Solution) -> list[ShortfallView]:
    short = solution.shortfalls
    return [
        ShortfallView(UUID(str(problem.batches.id[batch])), int(quantity), str(reason))
        for batch, quantity, reason in zip(short.batch, short.quantity, short.reason, strict=True)
    ]


def _not_looked_at(taken: Snapshot) -> list[ShortfallView]:
    """Batches that had to be left out are short as a whole."""
    return [
        ShortfallView(one.id, one.facts["quantity"], one.code) for one in taken.left_out if one.subject is Subject.BATCH
    ]


def timed_routes(problem: Problem, solution: Solution, collect_on: date, zone: str) -> list[RouteView]:
    """Trips with their stops, by the clocks of a zone."""
    routes, stops = solution.routes, solution.stops
    weight_g = _stop_weights_g(problem, solution)
    first = np.searchsorted(stops.route, np.arange(len(routes.phase) + 1))
    midnights = [_midnight(collect_on, int(depart_s) // DAY_S, zone) for depart_s in routes.depart_s]

    def at(route: int, second: int) -> datetime:
        return midnights[route] + timedelta(seconds=int(second))

    return [
        RouteView(
            number=number + 1,
            phase=PHASES[Phase(int(routes.phase[number]))],
            vehicle_id=UUID(str(problem.vehicles.id[routes.vehicle[number]])),
            depart_at=at(number, routes.depart_s[number]),
            return_at=at(number, routes.return_s[number]),
            distance_m=int(routes.distance_m[number]),
            stops=[
                StopView(
                    position=position,
                    place_id=UUID(str(problem.places.id[stops.place[stop]])),
                    arrive_at=at(number, stops.arrive_s[stop]),
                    start_at=at(number, stops.start_s[stop]),
                    leave_at=at(number, stops.leave_s[stop]),
                    weight_g=int(weight_g[stop]),
                )
                for position, stop in enumerate(range(first[number], first[number + 1]), start=1)
            ],
        )
        for number in range(len(routes.phase))
    ]


def _midnight(collect_on: date, day: int, zone: str) -> datetime:
    """Where a route's seconds count from: twelve hours before noon of its day; a clock change then moves no daytime."""
    noon = datetime.combine(collect_on + timedelta(days=day), time(12), ZoneInfo(zone))
    return noon.astimezone(UTC) - timedelta(hours=12, seconds=day * DAY_S)


def _stop_weights_g(problem: Problem, solution: Solution) -> Ints:
    """Weight that changes hands at each stop, grams."""
    loads = solution.loads
    product = problem.lots.product[solution.allocations.lot[loads.allocation]]
    weights_g = np.zeros(len(solution.stops.place), dtype=np.int64)
    np.add.at(weights_g, loads.stop, loads.quantity * problem.products.unit_weight_g[product])
    return weights_g
