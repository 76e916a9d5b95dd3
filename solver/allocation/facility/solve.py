"""Cheapest open facilities and flows, with a bound that says how far from the best they can be."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solver.allocation.facility.transport import Transport
from solver.allocation.facility.verify import Flow, verify_flows
from solver.allocation.facility.work import Bounded, Budget, Improved, filled, improve, price, prove
from solver.errors import SolutionRejectedError
from solver.instances.orlib import FacilityProblem, check_facilities
from solver.params import check_search
from solver.workers import Task, never, race

# Up to here branch and bound on the whole model ends in about a second.
_WHOLE_MODEL_UP_TO = 10_000
# So long it may try here, before processes are started: OR-Library's cap64 to cap134 are proven in 0.02 s.
_HERE_S = 0.5
_LAST_REPORT_S = 0.05
_GRACE_S = 0.5
# Proven: what is left between cost and bound is the arithmetic of doubles.
_PROVEN = 1e-9


@dataclass(frozen=True)
class FacilityPlan:
    """Flows that the checker accepted, their cost, and a cost below which no plan exists."""

    cost: float
    bound: float
    opened: tuple[int, ...]
    flows: tuple[Flow, ...]


def solve_facilities(
    problem: FacilityProblem,
    seconds: float,
    *,
    seed: int = 0,
    sets: int | None = None,
    started_s: float | None = None,
    stop: Callable[[], bool] = never,
) -> FacilityPlan:
    """Open facilities and split demands at least cost; ends as soon as nothing better can exist.

    Parameters
    ----------
    problem
        F facilities, C customers, as `solver.instances.orlib.read_facilities` gives it.
    seconds
        Wall time at most, counted from `started_s` (monotonic clock), else from the call.
    sets
        Sets of open facilities that each search prices, where the result must not depend on the clock.
    stop
        Asked ten times a second; True ends the search with the best plan so far.

    Returns
    -------
    FacilityPlan
        Accepted by the independent checker; `bound <= cost`.

    Raises
    ------
    InvalidProblemError
        A number that no optimiser can count with, with table, row and column, or a demand that nobody can serve.
    SolutionRejectedError
        The checker refused every plan.

    Notes
    -----
    Strong formulation by HiGHS for small problems; else Lagrangean relaxation of the demands (Daskin 2013, ch. 4) and
    local search over open sets, each priced by an exact transport problem.
    """
    check_facilities(problem)
    check_search("facilities", seconds, seed)
    transport = Transport(problem)
    best = _Best(problem)
    best.receive(Improved(transport.flows(filled(transport, frozenset()))))
    deadline_s = (time.monotonic() if started_s is None else started_s) + seconds
    budget = Budget(deadline_s - _LAST_REPORT_S, sets)
    small = problem.cost.size <= _WHOLE_MODEL_UP_TO
    if small and not stop():
        prove(best.hear, problem, Budget(min(time.monotonic() + _HERE_S, budget.deadline_s)))
        if best.proven():
            return best.plan()
    other = Task(prove, (problem, budget)) if small else Task(improve, (problem, budget, 2 * seed + 1))
    tasks = [other, Task(price, (problem, budget, 2 * seed))]
    race(tasks, best.receive, deadline_s=deadline_s + _GRACE_S, stop=stop)
    return best.plan()


class _Best:
    """The cheapest plan that the checker accepted and the highest bound."""

    def __init__(self, problem: FacilityProblem) -> None:
        self.problem = problem
        # Costs are never negative.
        self.bound = 0.0
        self.cost = math.inf
        self.flows: tuple[Flow, ...] = ()
        self.opened: tuple[int, ...] = ()
        self.refused: tuple[str, ...] = ()

    def receive(self, message: Any) -> bool:
        """Whether the plan is proven to be the best."""
        if isinstance(message, Bounded):
            self.bound = max(self.bound, message.bound)
        elif isinstance(message, Improved):
            self._take(message.flows)
        return self.proven()

    def hear(self, message: Any) -> None:
        """The same, from a search in this process."""
        self.receive(message)

    def proven(self) -> bool:
        """Nothing better can exist."""
        return self.bound >= self.cost * (1 - _PROVEN)

    def _take(self, flows: tuple[Flow, ...]) -> None:
        verdict = verify_flows(self.problem, flows)
        if verdict.violations:
            self.refused = verdict.violations
        elif verdict.cost < self.cost:
            self.cost, self.flows, self.opened = verdict.cost, flows, verdict.opened

    def plan(self) -> FacilityPlan:
        if self.cost == math.inf:
            raise SolutionRejectedError(self.refused)
        return FacilityPlan(self.cost, min(self.bound, self.cost), self.opened, self.flows)
