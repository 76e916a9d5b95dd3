"""A run from beginning to end: snapshot, solve in a child process, verify, store. No transaction is open meanwhile."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.planning import commands, queries
from farmlink.planning.rules import RunEndedError
from farmlink.planning.values import Budget, PlanId, Progress, RunId, WhatIfId
from farmlink.planning.work.holding import NoPlanError, solved
from farmlink.planning.work.lease import kept_alive
from farmlink.planning.work.made import made_plan
from farmlink.planning.work.watch import Ended, run_child
from farmlink.store.store import Store
from solver.check import check
from solver.codec import problem_to_bytes, solution_from_bytes
from solver.problem import Problem
from solver.solution import Solution, StoppedBy, degrade

DEFAULT_BUDGET: Final = Budget()
CHILD: Final = (sys.executable, "-m", "farmlink.planning.work.child")
GREEDY_DEADLINE_S: Final = 900


class RunStoppedError(Exception):
    """Whoever planned was told to stop: the run is handed back, and the next to look begins it anew."""


def unheard(progress: Progress) -> None:
    """Nobody listens."""


def plan_cycle(  # noqa: PLR0913  # what a run is, and who hears of it
    store: Store,
    cycle_id: CycleId,
    cause: str,
    budget: Budget = DEFAULT_BUDGET,
    on_progress: Callable[[Progress], None] = unheard,
    *,
    publish: bool,
    run_id: RunId | None = None,
    command: Sequence[str] = CHILD,
    stop: Event | None = None,
    what_if_id: WhatIfId | None = None,
) -> PlanId:
    """Plan a closed cycle and store the plan; refused while the region's other run lives.

    `command` starts another child than ours: the way to a solver elsewhere, and to the faults that tests plant.
    Without `publish` the plan is made to be looked at and never holds, and with `what_if_id` it is of what somebody
    supposed. Who sets `stop` gets no plan: the run is handed back.
    """
    live = store.run(commands.begin_run, cycle_id, cause, budget.seed, run_id, publish=publish, what_if_id=what_if_id)

    def tell(progress: Progress) -> bool:
        if stop is not None and stop.is_set():
            raise RunStoppedError
        on_progress(progress)
        return store.run(commands.report_progress, live, progress)

    try:
        with kept_alive(store, live):
            taken = store.read(queries.snapshot, cycle_id, store.read(queries.assumptions, what_if_id))
            taken, solution = solved(
                taken,
                lambda problem: _solve(problem, budget, tell, command),
                lambda problem: _greedy(problem, budget, tell),
            )
            cycle = store.read(cycles.cycle, cycle_id)
            made = made_plan(taken, solution, cycle.collect_on, cycle.time_zone)
            tell(Progress("storing", solution.report.cost.objective, solution.report.bound_minor))
            return store.run(commands.store_plan, live, made)
    except RunStoppedError:
        with suppress(RunEndedError):
            store.run(commands.hand_back, live)
        raise
    except BaseException as error:
        with suppress(RunEndedError):  # another process took the run for dead, or the plan was stored after all
            store.run(commands.fail_run, live, f"{type(error).__name__}: {error}")
        raise


def _solve(problem: Problem, budget: Budget, tell: Callable[[Progress], bool], command: Sequence[str]) -> Solution:
    """Solve in a child; whatever becomes of it, the answer is verified, at worst greedy and marked degraded."""
    found, ended = _answer(problem, budget, tell, command)
    if found:
        return found
    try:
        return _greedy(problem, budget, tell)
    except NoPlanError as refused:
        raise NoPlanError(f"{ended.how}: {ended.error or 'refused by the checker'}; {refused}") from refused


def _greedy(problem: Problem, budget: Budget, tell: Callable[[Progress], bool]) -> Solution:
    """The plan without a search, which nobody cancels: who does keeps the best plan so far, and there is none."""

    def tell_only(progress: Progress) -> bool:
        tell(progress)
        return True

    patient = replace(budget, deadline_s=GREEDY_DEADLINE_S)
    found, ended = _answer(problem, patient, tell_only, (*CHILD, "--greedy"))
    if found:
        return found
    raise NoPlanError(f"greedy {ended.how}: {ended.error}")


def _answer(
    problem: Problem, budget: Budget, tell: Callable[[Progress], bool], command: Sequence[str]
) -> tuple[Solution | None, Ended]:
    """What a child answers, if it is true, and how it ended."""
    with tempfile.TemporaryDirectory(prefix="farmlink-plan-") as folder:
        best = Path(folder) / "best"
        ended = run_child(command, problem_to_bytes(problem), budget, best, tell)
        tell(Progress("verifying", peak_memory_mb=ended.peak_memory_mb))
        return verified(problem, best, ended), ended


def verified(problem: Problem, kept: Path, ended: Ended) -> Solution | None:
    """What a child left, if the checker accepts it here too; who did not come to the end leaves a degraded plan."""
    try:
        solution = solution_from_bytes(problem, kept.read_bytes())
        if check(problem, solution):
            return None
    except Exception:  # noqa: BLE001  # whatever a child leaves, missing, garbled or absurd, the greedy plan is behind it
        return None
    why = solution.report.stopped_by if ended.how == "done" else StoppedBy(ended.how)
    return solution if why is StoppedBy.ITERATIONS else degrade(solution, why)
