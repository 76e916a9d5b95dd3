"""What limits each route: the fullest axis, or time, and how many minutes it has to spare."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.trace import Trace
from solver.check.vehicles import peak_load, stop_sizes
from solver.cost import PPM, by_row
from solver.problem import Ints
from solver.solution import Explanation, Phase

NO_LIMIT = np.iinfo(np.int64).max
AXES = ("weight", "volume", "crates", "time")


def limits(plan: Trace) -> Iterator[Explanation]:
    """One explanation per route: its number, slack and how full it is on each axis; the code names the fullest."""
    vehicles, routes = plan.problem.vehicles, plan.solution.routes
    sizes = zip(stop_sizes(plan), (vehicles.weight_g, vehicles.volume_ml, vehicles.crates), strict=True)
    full_ppm = [peak_load(plan, *size) * PPM // np.maximum(room[routes.vehicle], 1) for size, room in sizes]
    worked_s = _worked_s(plan)
    full_ppm.append(worked_s * PPM // np.maximum(vehicles.shift_s[routes.vehicle], 1))
    slack_s = np.minimum(_window_slack_s(plan), vehicles.shift_s[routes.vehicle] - worked_s)
    slack_s = np.minimum(slack_s, _onward_slack_s(plan))
    for row in range(len(routes.phase)):
        filled = {axis: int(ppm[row]) for axis, ppm in zip(AXES, full_ppm, strict=True)}
        binding = max(AXES, key=lambda axis, filled=filled: filled[axis])  # type: ignore[misc]  # the row's own filling
        facts = {"route": row + 1, "slack_min": int(slack_s[row]) // 60}
        facts |= {f"{axis}_ppm": ppm for axis, ppm in filled.items()}
        yield Explanation("vehicle", str(vehicles.id[routes.vehicle[row]]), f"limited-by-{binding}", facts)


def _worked_s(plan: Trace) -> Ints:
    """What each route's vehicle works in its phase, all its trips together."""
    routes = plan.solution.routes
    shift = routes.vehicle * len(Phase) + routes.phase
    shifts = len(plan.problem.vehicles.id) * len(Phase)
    worked_s: Ints = by_row(shift, routes.return_s - routes.depart_s, shifts)[shift]
    return worked_s


def _window_slack_s(plan: Trace) -> Ints:
    """How much later each route could leave and still start every service in time; waiting takes delay away."""
    stops = plan.solution.stops
    slack_s = np.full(len(plan.home), NO_LIMIT, dtype=np.int64)
    waited_s = np.cumsum(stops.start_s - stops.arrive_s)
    first = np.searchsorted(stops.route, np.arange(len(plan.home)))
    before_s = waited_s[first] - (stops.start_s - stops.arrive_s)[first]
    spare_s = closes_s(plan) - stops.start_s + waited_s - before_s[stops.route]
    np.minimum.at(slack_s, stops.route, spare_s)
    return slack_s


def closes_s(plan: Trace) -> Ints:
    """Latest start of service at each stop."""
    rhythm, loads, phase = plan.problem.rhythm, plan.solution.loads, plan.solution.routes.phase
    until_s = np.array([rhythm.collect_until_s, rhythm.haul_until_s, rhythm.deliver_until_s])
    latest_s = until_s[phase[plan.solution.stops.route]]
    for of_phase, ends, table in (
        (Phase.COLLECTION, plan.farm, plan.problem.farms),
        (Phase.DELIVERY, plan.point, plan.problem.points),
    ):
        rows = plan.loads_of(of_phase)
        np.minimum.at(latest_s, loads.stop[rows], table.closes_s[ends[loads.allocation[rows]]])
    return latest_s


def _onward_slack_s(plan: Trace) -> Ints:
    """How much later what a route brings in could be there without holding up what carries it on."""
    loads, routes = plan.solution.loads, plan.solution.routes
    slack_s = np.full(len(plan.home), NO_LIMIT, dtype=np.int64)
    waits_s = np.full(len(plan.farm), NO_LIMIT, dtype=np.int64)
    out = plan.loads_of(Phase.DELIVERY)
    np.minimum.at(waits_s, loads.allocation[out], routes.depart_s[plan.load_route[out]] - plan.problem.rhythm.sort_s)
    hauled = plan.loads_of(Phase.LINE_HAUL)
    leaves_s = np.where(
        plan.picked[hauled],
        plan.solution.stops.start_s[loads.stop[hauled]],
        routes.depart_s[plan.load_route[hauled]],
    )
    hauled_s = np.full(len(plan.farm), NO_LIMIT, dtype=np.int64)
    np.minimum.at(hauled_s, loads.allocation[hauled], leaves_s)
    for phase, due_s in (
        (Phase.COLLECTION, np.where(plan.source == plan.target, waits_s, hauled_s)),
        (Phase.LINE_HAUL, waits_s),
    ):
        rows = plan.loads_of(phase)
        there_s = np.where(
            (phase == Phase.COLLECTION) | plan.picked[rows],
            routes.return_s[plan.load_route[rows]],
            plan.solution.stops.leave_s[loads.stop[rows]],
        )
        np.minimum.at(slack_s, plan.load_route[rows], due_s[loads.allocation[rows]] - there_s)
    return slack_s
