"""A plan changed by hand, to be looked at: what the changes cost, and which rules they break. Nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

import numpy as np

from farmlink.cycles import queries as cycles
from farmlink.planning import commands, queries
from farmlink.planning.queries.snapshot import Snapshot
from farmlink.planning.rules import MoveImpossibleError, NothingChangedError
from farmlink.planning.values import Broken, Edit, HeldTo, HoldKind, Move, PlanId, RouteView, Subject
from farmlink.planning.work.drawn import Drawn, draw, unpacked
from farmlink.planning.work.made import PHASES, made_plan, timed_routes
from farmlink.store.store import Store
from solver.check import Rule, Violation, check
from solver.check.trace import trace
from solver.cost import price
from solver.explain.trips import limits
from solver.problem import Holds, Ints, Problem
from solver.roads import RoadMap
from solver.solution import Phase, Solution, StoppedBy

OF_THE_SEARCH: Final = frozenset({Rule.COST, Rule.BOUNDS, Rule.EXPLANATIONS, Rule.REASONS, Rule.HOLDS})
"""What a plan says of itself, which a changed one does not, and wishes: who changes a plan by hand has another."""
BY_HAND: Final = "by-hand"
MOST_MOVES: Final = 40


@dataclass(frozen=True, slots=True)
class Tried:
    """A changed plan: its trips, what it breaks, and its figures before and after."""

    routes: list[RouteView]
    drawn: Drawn
    broken: list[Broken]
    distance_m: tuple[int, int]
    landed_minor: tuple[int, int]


def tried(store: Store, plan_id: PlanId, moves: Sequence[Move], collect_on: date, zone: str) -> Tried:
    """Change a plan by hand, one move after the other; the trips keep their numbers."""
    problem, solution = unpacked(store, plan_id)
    changed, numbers = changed_by(problem, solution, moves)
    cost = price(problem, changed)
    changed = replace(changed, report=replace(changed.report, cost=cost))
    seen = draw(problem, changed)
    routes = timed_routes(problem, changed, collect_on, zone)
    return Tried(
        routes=[replace(route, number=number) for route, number in zip(routes, numbers, strict=True)],
        drawn=replace(
            seen,
            trips=tuple(replace(trip, number=number) for trip, number in zip(seen.trips, numbers, strict=True)),
        ),
        broken=_broken(problem, changed, numbers),
        distance_m=(int(solution.routes.distance_m.sum()), int(changed.routes.distance_m.sum())),
        landed_minor=(solution.report.cost.landed, cost.landed),
    )


def keep(store: Store, key: UUID, plan_id: PlanId, moves: Sequence[Move]) -> PlanId:
    """Keep a plan changed by hand as a version of its own, with all that it breaks; the key makes it one.

    Raises
    ------
    NothingChangedError
        Nothing was moved.
    MoveImpossibleError
        As for a trial.
    """
    if not moves:
        raise NothingChangedError(field="move")
    problem, solution = unpacked(store, plan_id)
    changed, numbers = changed_by(problem, solution, moves)
    written = _reported(problem, changed)
    plan = store.read(queries.get_plan, plan_id)
    cycle = store.read(cycles.cycle, plan.cycle_id)
    _, left_out = store.read(queries.explaining, plan_id)
    held = _held(problem, written, plan.held)
    taken = Snapshot(replace(problem, holds=Holds()), tuple(left_out), held)
    made = made_plan(taken, written, cycle.collect_on, cycle.time_zone)
    edit = Edit(plan_id, list(moves), _broken(problem, written, range(1, len(numbers) + 1)))
    return store.once(key, commands.keep_edited, edit, made)


def _held(problem: Problem, changed: Solution, before: Sequence[HeldTo]) -> tuple[HeldTo, ...]:
    """What became of what planners held to: a place that another truck serves by now is held to no longer."""
    moved, holds = set[tuple[str, str]](), problem.holds
    for row in (found.row for found in check(problem, changed) if found.rule is Rule.HOLDS):
        phase = Phase(int(holds.phase[row]))
        table = problem.farms if phase is Phase.COLLECTION else problem.points
        moved.add((PHASES[phase], str(table.id[holds.calls_at[row]])))
    return tuple(
        replace(one, code=BY_HAND) if one.kind is HoldKind.STOP and (one.phase, str(one.place_id)) in moved else one
        for one in before
    )


def _reported(problem: Problem, changed: Solution) -> Solution:
    """The changed plan as it speaks of itself: priced again, its trucks explained again, and found by nobody's search.

    One that breaks rules may cost less than any that keeps them: what bounds those does not bound it.
    """
    report, cost = changed.report, price(problem, changed)
    told = [one for one in report.explanations if one.subject != Subject.VEHICLE]
    told += limits(trace(problem, changed))
    return replace(
        changed,
        report=replace(
            report,
            cost=cost,
            bound_minor=min(report.bound_minor, cost.objective),
            stopped_by=StoppedBy.BY_HAND,
            explanations=tuple(told),
        ),
    )


def changed_by(problem: Problem, solution: Solution, moves: Sequence[Move]) -> tuple[Solution, list[int]]:
    """Apply moves; with the numbers of the trips that are left, for one without stops is gone.

    Raises
    ------
    MoveImpossibleError
        A stop or trip is not there, or the trip is of another phase, or between hubs.
    """
    order = _moved(solution, moves)
    numbers = [number for number, rows in enumerate(order, start=1) if rows]
    kept = np.array([number - 1 for number in numbers], dtype=np.int64)
    rows = np.array([row for rows in order for row in rows], dtype=np.int64)
    route = np.repeat(np.arange(len(kept)), [len(order[number - 1]) for number in numbers])
    place_of = np.empty(len(rows), dtype=np.int64)
    place_of[rows] = np.arange(len(rows))
    routes, stops, loads = solution.routes, solution.stops, solution.loads
    routes = replace(routes, **{name: getattr(routes, name)[kept] for name in routes.__dataclass_fields__})
    timed = replace(
        solution,
        routes=routes,
        stops=replace(stops, **{name: getattr(stops, name)[rows] for name in stops.__dataclass_fields__}),
        loads=replace(loads, stop=place_of[loads.stop]),
    )
    timed = replace(timed, stops=replace(timed.stops, route=route))
    touched = {move.trip for move in moves} | {move.to_trip for move in moves}
    again = [index for index, number in enumerate(numbers) if number in touched]
    return _driven(problem, timed, again, _opens_s(problem, solution)[rows]), numbers


def _moved(solution: Solution, moves: Sequence[Move]) -> list[list[int]]:
    """The rows of the stops of every trip, after all moves."""
    phase, route = solution.routes.phase, solution.stops.route
    order = [np.flatnonzero(route == trip).tolist() for trip in range(len(phase))]
    if len(moves) > MOST_MOVES:
        raise MoveImpossibleError(field="move")
    for move in moves:
        trips = range(1, len(order) + 1)
        if move.trip not in trips or move.to_trip not in trips:
            raise MoveImpossibleError(field="move")
        source, target = order[move.trip - 1], order[move.to_trip - 1]
        kinds = {int(phase[move.trip - 1]), int(phase[move.to_trip - 1])}
        room = len(target) + (source is not target)
        if (
            len(kinds) > 1
            or kinds == {int(Phase.LINE_HAUL)}
            or not 1 <= move.position <= len(source)
            or not 1 <= move.to_position <= room
        ):
            raise MoveImpossibleError(field="move")
        target.insert(move.to_position - 1, source.pop(move.position - 1))
    return order


def _driven(problem: Problem, solution: Solution, trips: Sequence[int], opens_s: Ints) -> Solution:
    """Drive some trips again: they leave when they left, wait where it is closed, and serve as long as they served."""
    routes, stops = solution.routes, solution.stops
    arrive_s, start_s, leave_s = stops.arrive_s.copy(), stops.start_s.copy(), stops.leave_s.copy()
    return_s, distance_m = routes.return_s.copy(), routes.distance_m.copy()
    home = problem.hubs.place[problem.vehicles.hub[routes.vehicle]]
    roads = RoadMap(problem.places, problem.roads)
    for trip in trips:
        rows = np.flatnonzero(stops.route == trip)
        way = np.concatenate([[home[trip]], stops.place[rows], [home[trip]]])
        legs = roads.legs(way[:-1], way[1:])
        now_s = int(routes.depart_s[trip])
        for row, drive_s in zip(rows.tolist(), legs.duration_s.tolist(), strict=False):
            served_s = int(leave_s[row] - start_s[row])
            arrive_s[row] = now_s + drive_s
            start_s[row] = max(int(arrive_s[row]), int(opens_s[row]))
            now_s = leave_s[row] = int(start_s[row]) + served_s
        return_s[trip] = now_s + int(legs.duration_s[-1])
        distance_m[trip] = int(legs.distance_m.sum())
    return replace(
        solution,
        routes=replace(routes, return_s=return_s, distance_m=distance_m),
        stops=replace(stops, arrive_s=arrive_s, start_s=start_s, leave_s=leave_s),
    )


def _opens_s(problem: Problem, solution: Solution) -> Ints:
    """From when on each stop may be served."""
    plan, rhythm = trace(problem, solution), problem.rhythm
    from_s = np.array([rhythm.collect_from_s, rhythm.haul_from_s, rhythm.deliver_from_s])
    opens_s = from_s[solution.routes.phase[solution.stops.route]]
    for phase, ends, table in (
        (Phase.COLLECTION, plan.farm, problem.farms),
        (Phase.DELIVERY, plan.point, problem.points),
    ):
        rows = plan.loads_of(phase)
        np.maximum.at(opens_s, solution.loads.stop[rows], table.opens_s[ends[solution.loads.allocation[rows]]])
    return opens_s


def _broken(problem: Problem, solution: Solution, numbers: Sequence[int]) -> list[Broken]:
    """What the checker says, each rule once at each trip and place."""
    found = [
        _where(problem, solution, numbers, one) for one in check(problem, solution) if one.rule not in OF_THE_SEARCH
    ]
    return list(dict.fromkeys(found))


def _where(problem: Problem, solution: Solution, numbers: Sequence[int], one: Violation) -> Broken:
    row = {"loads": solution.loads.stop, "stops": np.arange(len(solution.stops.route))}.get(one.table)
    rule = one.rule.name.lower().replace("_", "-")
    if row is not None and one.row >= 0:
        stop = int(row[one.row])
        place = UUID(str(problem.places.id[solution.stops.place[stop]]))
        return Broken(rule, numbers[int(solution.stops.route[stop])], place)
    if one.table == "routes" and one.row >= 0:
        return Broken(rule, numbers[one.row], None)
    if one.table in {"farms", "points"} and one.row >= 0:
        return Broken(rule, None, UUID(str(getattr(problem, one.table).id[one.row])))
    return Broken(rule, None, None)
