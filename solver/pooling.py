"""From a problem to a plan that the independent checker accepts."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from solver.allocation.choose import allocator
from solver.allocation.limits import first_limits, promises
from solver.allocation.ways import expected_loads, expected_ways
from solver.best import Best
from solver.bounds import allocation_bounds, lower_bounds
from solver.canonical import Order, canonical, restore
from solver.check import check_problem
from solver.errors import PieceLostError
from solver.instance import Instance
from solver.joint import Planner
from solver.measured import measured_ways
from solver.params import DEFAULT, Params, Progress
from solver.problem import Hubs, Places, Problem, ints
from solver.replan import replan
from solver.routing.transport import Budget
from solver.search.starts import search_candidates
from solver.shards import Shards
from solver.solution import Solution, StoppedBy

LAST_EFFORT = 2
"""The best draft's routes are searched this many times longer at the end."""


def unheard(progress: Progress) -> None:
    """Nobody listens."""


def never() -> bool:
    """Nobody stops the search."""
    return False


def solve(
    problem: Problem,
    params: Params = DEFAULT,
    on_progress: Callable[[Progress], None] = unheard,
    should_stop: Callable[[], bool] = never,
    executor: Executor | None = None,
) -> Solution:
    """Pool the farms' lots to cover every batch at least landed cost.

    Parameters
    ----------
    problem
        F farms, L lots, B batches, V vehicles; grams, minor units, metres, seconds.
    params
        Iteration budgets and seed decide the result; the deadline only aborts.
    on_progress
        Hears of every stage, with the plan when there is a better one.
    should_stop
        Asked often; when it says so the best plan so far is returned.
    executor
        Any of `concurrent.futures` that is to search the routes in place of `params.workers` processes: threads, or a
        Dask cluster (`distributed.Client(...).get_executor()`). The plan is the same wherever it is made.

    Returns
    -------
    Solution
        Every base unit of every batch is in exactly one allocation or shortfall. The best plan that the checker
        accepted; at worst the greedy one, marked degraded.

    Raises
    ------
    InvalidProblemError
        The columns contradict each other, or a number of `params` is out of its range.
    SolutionRejectedError
        The independent checker refused every answer, the greedy one too.
    PieceLostError
        A worker died twice, or hung, before there was any plan; later, the best plan so far is returned.

    Notes
    -----
    Fixed-charge transport problem with slope scaling (Kim & Pardalos 1999), routes by iterated local search
    (Wouda, Lan & Kool 2024), and measured route costs fed back.

    Examples
    --------
    >>> from pathlib import Path
    >>> from solver.codec import read_problem
    >>> problem = read_problem(Path("docs/example/problem.json"))
    >>> plan = solve(problem, Params(iterations=20, rounds=1, workers=1))
    >>> "no-supply" in plan.shortfalls.reason
    True
    >>> plan.report.bound_minor <= plan.report.cost.objective
    True
    """
    check_problem(problem)
    params.check()
    deadline_s = time.monotonic() + params.deadline_s
    ordered, order = canonical(with_a_hub(problem))
    with Shards(params.workers, deadline_s, should_stop, executor) as shards:
        best = Best(ordered, lambda found: on_progress(replace(found, solution=_given(found.solution, order))))
        try:
            _improve(Instance(ordered), params, shards, best)
            stopped = stopped_by(shards)
        except PieceLostError:
            if best.planned is None:
                raise
            stopped = StoppedBy.CRASHED
        solution = best.solution(params.seed, stopped)
    return restore(solution, order)


def greedy(problem: Problem, params: Params = DEFAULT) -> Solution:
    """The plan without any search: one flow, first routes, the checker's word.

    Raises
    ------
    InvalidProblemError
        The columns contradict each other.
    SolutionRejectedError
        The independent checker refused it.
    """
    check_problem(problem)
    ordered, order = canonical(with_a_hub(problem))
    with Shards(1, time.monotonic() + params.deadline_s, never) as shards:
        best, instance = Best(ordered, unheard), Instance(ordered)
        best.bounds = allocation_bounds(instance)
        _first(instance, params, shards, best)
        _keep_promises(instance, params, shards, best)
        return restore(best.solution(params.seed, StoppedBy.GREEDY), order)


def with_a_hub(problem: Problem) -> Problem:
    """Where every hub is closed, one that no truck calls its home: nothing moves, and what is asked is short."""
    if len(problem.hubs.id):
        return problem
    places, nowhere, nothing = problem.places, np.array(["nowhere"]), ints(0)
    if not len(places.id):
        places = Places(nowhere, nothing, nothing)
    return replace(problem, places=places, hubs=Hubs(nowhere, nothing, nothing, nothing, nothing))


def stopped_by(shards: Shards) -> StoppedBy:
    """Who ended the search."""
    if shards.cancelled():
        return StoppedBy.CANCELLED
    return StoppedBy.DEADLINE if shards.halted() else StoppedBy.ITERATIONS


def _first(instance: Instance, params: Params, shards: Shards, best: Best) -> None:
    ways, limits = expected_ways(instance, *expected_loads(instance)), first_limits(instance)
    best.offer("greedy", Planner(instance, allocator(instance, 1), shards).plan(ways, limits, Budget(0, params.seed)))


def _keep_promises(instance: Instance, params: Params, shards: Shards, best: Best) -> None:
    """Where the goods of others crowd promised ones off the trucks: a plan of nothing but promises."""
    ways, limits = expected_ways(instance, *expected_loads(instance)), promises(first_limits(instance))
    planner = Planner(instance, allocator(instance, 1), shards)
    if best.planned is None and len(instance.problem.earlier.lot):
        best.offer("earlier", planner.kept(ways, params.seed))
    for iterations in (0, params.iterations):
        if best.planned is None:
            best.offer("promises", planner.plan(ways, limits, Budget(iterations, params.seed)))


def _improve(instance: Instance, params: Params, shards: Shards, best: Best) -> None:
    # Before any plan: whoever ends the solve may end it without a word, and what was told last is what is kept.
    best.bounds = allocation_bounds(instance)
    if params.around_earlier and replan(Planner(instance, allocator(instance, 1), shards), params, best):
        return
    _first(instance, params, shards, best)
    _keep_promises(instance, params, shards, best)
    best.bounds = lower_bounds(instance, best.bounds, shards.halted)
    expected = expected_ways(instance, *expected_loads(instance))
    ways, limits = expected, first_limits(instance)
    planner = Planner(instance, allocator(instance, params.slope_rounds), shards)
    for _ in range(params.rounds + 1):
        if shards.halted():
            return
        planned = planner.plan(ways, limits, Budget(params.iterations, params.seed))
        if not best.offer("joint", planned):
            break
        ways = measured_ways(instance, ways, planned.draft, planned.moved)
    search_candidates(planner, expected, params, best)
    from solver.search.together import plan_together  # noqa: PLC0415  # a plan again does not wait for CP-SAT

    plan_together(planner, expected, params, best)
    if len(instance.problem.earlier.lot) and not shards.halted():
        # Not before: it is so good a plan that no round of others follows it.
        best.offer("earlier", planner.kept(expected, params.seed))
    if best.planned is not None and not shards.halted():
        best.offer("routes", planner.again(best.planned, Budget(LAST_EFFORT * params.iterations, params.seed)))


def _given(solution: Solution | None, order: Order) -> Solution | None:
    return None if solution is None else restore(solution, order)
