"""The shortest plan out of all routes seen: set partitioning (Balinski & Quandt 1964) by CP-SAT."""

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.routing.classical.jobs import Found
from solver.routing.classical.model import Routes
from solver.routing.classical.pool import Columns
from solver.workers import Send

_SOLVED = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(frozen=True)
class Partition:
    """Routes to choose from, vehicles by depot, the best plan so far, and how long to try.

    `work` is CP-SAT's deterministic time, where the result must not depend on the clock; it then has one thread.
    """

    columns: Columns
    vehicles: Sequence[int | None]
    best: Routes
    seconds: float
    threads: int
    work: float | None = None


def combine(send: Send, partition: Partition) -> None:
    """Choose routes that visit every client once; sends the `Found` plan, which is at most as long as the best."""
    routes = [route for route, _ in partition.columns.routes()]
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in routes]
    by_client: dict[int, list[cp_model.IntVar]] = {}
    by_depot: list[list[cp_model.IntVar]] = [[] for _ in partition.vehicles]
    known = {(route.depot, frozenset(route.clients)) for route in partition.best}
    for choice, route in zip(chosen, routes, strict=True):
        by_depot[route.depot].append(choice)
        for client in route.clients:
            by_client.setdefault(client, []).append(choice)
        model.add_hint(choice, (route.depot, frozenset(route.clients)) in known)
    for visits in by_client.values():
        model.add_exactly_one(visits)
    for vehicles, starts in zip(partition.vehicles, by_depot, strict=True):
        if vehicles is not None:
            model.add(cp_model.LinearExpr.sum(starts) <= vehicles)
    model.minimize(cp_model.LinearExpr.weighted_sum(chosen, partition.columns.lengths.tolist()))
    solver = _solver(partition)
    if solver.solve(model) in _SOLVED:
        picked = zip(chosen, routes, strict=True)
        send(Found(0, tuple(route for choice, route in picked if solver.boolean_value(choice))))


def _solver(partition: Partition) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = partition.seconds
    solver.parameters.num_workers = partition.threads
    if partition.work is not None:
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = partition.work
    return solver
