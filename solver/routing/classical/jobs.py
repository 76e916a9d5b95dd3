"""What one worker does at a time: search everything, or piece after piece of its part of the plan."""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from pyvrp.exceptions import PenaltyBoundWarning

from solver.instances.classical import ClassicalRoute
from solver.routing.classical.anneal import Annealer, Budget, Cooling
from solver.routing.classical.decompose import part, pieces
from solver.routing.classical.measure import Measured
from solver.routing.classical.model import Routes, pyvrp_model, routes_of, solution_of
from solver.routing.classical.opening import opening
from solver.routing.classical.pool import Columns, Pool
from solver.routing.classical.watch import Watch
from solver.workers import Send


@dataclass(frozen=True)
class Found:
    """A plan, or a worker's part of it, that its search holds for feasible; at its end with the routes seen."""

    worker: int
    routes: Routes
    seen: Columns = field(default_factory=lambda: Pool().columns())


@dataclass(frozen=True)
class Job:
    """Routes to improve; a search over everything makes its own start where it gets none."""

    worker: int
    seed: int
    problem: Measured
    start: Routes
    cooling: Cooling
    budget: Budget


@dataclass(frozen=True)
class Piecewise:
    """Pieces of about so many clients; each may take `spare` vehicles more than it has."""

    job: Job
    clients: int
    spare: int | None


def search(send: Send, job: Job) -> None:
    """Improve the plan over everything; sends `Found`, the best one last."""
    found = _searched(job, lambda routes: send(Found(job.worker, routes)))
    if found is not None:
        send(found)


def search_pieces(send: Send, given: Piecewise) -> None:
    """Improve piece after piece, each with its share of the time; sends `Found` for all of them."""
    job, pool = given.job, Pool()
    waiting = pieces(job.problem, job.start, given.clients, job.seed)
    done: Routes = ()
    for number in range(len(waiting)):
        piece, *waiting = waiting
        others = done + tuple(route for later in waiting for route in later)

        def tell(routes: Routes, others: Routes = others) -> None:
            send(Found(job.worker, routes + others))

        budget = replace(job.budget, deadline_s=_share_s(job.budget.deadline_s, piece, waiting))
        found = _improved(replace(job, start=piece, budget=budget, seed=job.seed + number), given.spare, tell)
        pool.merge(found.seen)
        done += found.routes
    send(Found(job.worker, done, pool.columns()))


def _share_s(deadline_s: float, piece: Routes, waiting: list[Routes]) -> float:
    """Until when a piece is searched: time is shared by clients."""
    sizes = [sum(len(route.clients) for route in routes) for routes in [piece, *waiting]]
    now_s = time.monotonic()
    return now_s + max(deadline_s - now_s, 0.0) * sizes[0] / sum(sizes)


def _improved(job: Job, spare: int | None, tell: Callable[[Routes], None]) -> Found:
    """The same clients in better routes, by a search that sees only them."""
    clients = np.sort(np.concatenate([route.clients for route in job.start])).astype(np.int32)
    vehicles = None if spare is None else len(job.start) + spare

    def outside(routes: Routes) -> Routes:
        return tuple(ClassicalRoute(0, tuple(clients[list(route.clients)].tolist())) for route in routes)

    within = tuple(ClassicalRoute(0, tuple(np.searchsorted(clients, route.clients).tolist())) for route in job.start)
    piece = replace(job, problem=part(job.problem, clients, vehicles), start=within)
    found = _searched(piece, lambda routes: tell(outside(routes)))
    assert found is not None, "a piece starts feasible"
    return Found(job.worker, outside(found.routes), found.seen.renamed(clients))


def _searched(job: Job, tell: Callable[[Routes], None]) -> Found | None:
    problem, watch = job.problem, Watch(tell)
    with warnings.catch_warnings():
        # A penalty at its bound says that windows are tight; the checker judges what comes out.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        start = job.start or opening(problem, job.worker, job.seed, job.budget.deadline_s, watch)
        model = pyvrp_model(problem, len(start))
        annealer = Annealer(model, job.seed, windows=problem.late is not None)
        best = annealer.run(solution_of(model, start), job.cooling, job.budget, watch)
    return Found(job.worker, routes_of(best), watch.pool.columns()) if best.is_feasible() else None
