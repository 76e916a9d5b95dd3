"""Best routes for a classical problem on both cores, verified."""

import time
from collections.abc import Callable
from threading import Thread

from solver.instances.classical import ClassicalProblem, check_classical
from solver.params import check_search
from solver.routing.classical.best import Best, RoutedPlan, nobody
from solver.routing.classical.bound import lower_bound
from solver.routing.classical.clock import Clock
from solver.routing.classical.crew import WORKERS, Crew
from solver.routing.classical.measure import Measured, measured
from solver.routing.classical.savings import savings_routes
from solver.workers import never

# Measured on the X and Gehring-Homberger sets; a matrix of 3,000 clients takes 75 MB in each search.
_PARTS_FROM, _WHOLE_UP_TO = 600, 3000
# Two searches with a matrix each of 10,000 clients take 6 GB.
_TWICE_UP_TO = 10_000


def solve_routes(
    problem: ClassicalProblem,
    seconds: float,
    *,
    seed: int = 0,
    iterations: int | None = None,
    started_s: float | None = None,
    stop: Callable[[], bool] = never,
    heard: Callable[[RoutedPlan], None] = nobody,
) -> RoutedPlan:
    """Route every client at least distance: an annealing a core, over halves of the plan where there are many clients.

    Parameters
    ----------
    problem
        D depots, C clients, as `solver.instances.routing.read_classical` gives it.
    seconds
        Wall time, all of it is used; counted from `started_s` (monotonic clock), else from the call.
    seed
        The same seed and `iterations` give the same plan as long as `seconds` does not end the search.
    iterations
        Iterations of each search, where the result must not depend on the clock.
    stop
        Asked ten times a second; True ends the search with the best plan so far.
    heard
        Called with every better plan, and the bound that is known by then.

    Returns
    -------
    RoutedPlan
        Accepted by the independent checker; `bound <= cost`.

    Raises
    ------
    InvalidProblemError
        A number that no optimiser can count with, with table, row and column, or a demand that nobody can serve.
    NoSolutionError
        Nothing feasible was found in time.
    SolutionRejectedError
        The checker refused every plan that a search held for feasible.

    Notes
    -----
    Savings start (Clarke & Wright 1964); simulated annealing over the ruin, insertion and local search of PyVRP
    (Wouda, Lan & Kool 2024); parts of the plan by the places of its routes (Santini et al. 2023); set partitioning
    over all good routes (Balinski & Quandt 1964). No matrix of all clients is made for one depot with more than 3,000
    clients, unless the savings start breaks a rule.
    """
    started_s = time.monotonic() if started_s is None else started_s
    check_classical(problem)
    check_search("routes", seconds, seed, iterations)
    if not problem.clients:
        return RoutedPlan((), 0.0)
    best = Best(problem, started_s, heard)
    with Crew(WORKERS, "solver.routing.classical.rounds") as crew:
        scaled = measured(problem)
        start = tuple(savings_routes(scaled))
        warm = best.take(start, certain=False)
        # Two seconds for 7,000 clients, in which the workers begin.
        bounding = Thread(target=_bound, args=(best, scaled), daemon=True)
        bounding.start()
        from solver.routing.classical.rounds import Rounds  # noqa: PLC0415  # the first plan does not wait for OR-Tools

        clients = len(problem.clients)
        rounds = Rounds(crew, best, scaled, seed, Clock(started_s + seconds, iterations, stop))
        if warm and scaled.depots == 1 and clients >= _PARTS_FROM:
            rounds.parts(opening=scaled.late is not None and clients <= _WHOLE_UP_TO)
        else:
            usable = warm and (scaled.late is None or clients > _WHOLE_UP_TO)
            rounds.whole(start if usable else (), WORKERS if clients <= _TWICE_UP_TO else 1)
    # Who stops, or has no time left, does not wait for it; where iterations decide, the plan has it in any case.
    clock = rounds.clock
    bounding.join(None if iterations is not None else 0.0 if clock.over else clock.left_s)
    return best.plan()


def _bound(best: Best, problem: Measured) -> None:
    best.bound = lower_bound(problem)
