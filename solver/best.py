"""The cheapest plan so far that the independent checker accepts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from solver.bounds import Bounds
from solver.check import check
from solver.errors import SolutionRejectedError
from solver.explain import explained
from solver.joint import Planned
from solver.params import Progress
from solver.problem import Problem
from solver.solution import Solution, StoppedBy, degrade


class Best:
    """Judges every plan before it counts, and says when there is a better one."""

    def __init__(self, problem: Problem, heard: Callable[[Progress], None]) -> None:
        self._problem, self._heard = problem, heard
        self._refused: list[str] = []
        self.bounds = Bounds(0, 0)
        self.planned: Planned | None = None
        self._searched = False

    def offer(self, stage: str, planned: Planned) -> bool:
        """Take this plan when it is cheaper than the best and the checker accepts it; whether it was taken."""
        minor = planned.solution.report.cost.objective
        found: Solution | None = None
        better = self.planned is None or minor < self.planned.solution.report.cost.objective
        if better:
            planned = replace(planned, solution=explained(self._problem, planned.solution, effort=0))
            violations = check(self._problem, planned.solution)
            self._refused += [str(violation) for violation in violations]
            if not violations:
                self.planned, found = planned, self._bounded(planned.solution)
        # A search that finds nothing cheaper than the first plan has searched all the same.
        self._searched |= stage != "greedy" and (found is not None or not better)
        best_minor = None if self.planned is None else self.planned.solution.report.cost.objective
        self._heard(Progress(stage, best_minor, self.bounds.objective_minor, found))
        return found is not None

    def solution(self, seed: int, stopped: StoppedBy) -> Solution:
        """The plan with its report; the greedy one is marked degraded.

        Raises
        ------
        SolutionRejectedError
            The checker refused every plan.
        """
        if self.planned is None:
            raise SolutionRejectedError(list(dict.fromkeys(self._refused)))
        solution = self._bounded(self.planned.solution)
        if stopped is StoppedBy.ITERATIONS:
            # Who was stopped is waited for: what its lots hear stays an estimate.
            solution = explained(self._problem, solution)
        done = replace(solution, report=replace(solution.report, seed=seed, stopped_by=stopped))
        return done if self._searched else degrade(done, stopped)

    def _bounded(self, solution: Solution) -> Solution:
        """With what is known by now of how much cheaper a plan could be: who is told of it may be the last to hear."""
        cost = solution.report.cost
        report = replace(
            solution.report,
            bound_minor=self.bounds.objective_minor,
            allocation_minor=cost.objective - cost.collection - cost.line_haul - cost.delivery - cost.parcel,
            allocation_bound_minor=self.bounds.allocation_minor,
        )
        return replace(solution, report=report)
