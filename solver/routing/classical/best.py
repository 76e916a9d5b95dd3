"""The best plan that the checker accepted, and why others were refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from solver.errors import NoSolutionError, SolutionRejectedError
from solver.instances.classical import ClassicalProblem
from solver.routing.classical.model import Routes
from solver.routing.classical.verify import Verdict, verify_routes


@dataclass(frozen=True)
class RoutedPlan:
    """Routes that the checker accepted, and their cost in the rounding of the problem's class."""

    routes: Routes
    cost: float
    first_s: float = field(default=0.0, compare=False)
    """Seconds until there was any plan."""
    bound: float = field(default=0.0, compare=False)
    """No plan costs less; 0 while that is not known."""


def nobody(_plan: RoutedPlan) -> None:
    """Where nobody wants to hear of better plans."""


@dataclass
class Best:
    """Of equally good plans the same one in whatever order they come, so that a seed tells the plan."""

    problem: ClassicalProblem
    started_s: float
    heard: Callable[[RoutedPlan], None] = nobody
    bound: float = 0.0
    routes: Routes = ()
    cost: float = 0.0
    first_s: float | None = None
    refused: list[Verdict] = field(default_factory=list)

    def take(self, routes: Routes, *, certain: bool = True) -> bool:
        """Whether the checker accepts it; who is not certain may be refused without a word."""
        verdict = verify_routes(self.problem, routes)
        if verdict.violations:
            self.refused += [verdict] if certain else []
            return False
        better = self.first_s is None or verdict.cost < self.cost
        if self.first_s is None:
            self.first_s = time.monotonic() - self.started_s
            self.routes, self.cost = routes, verdict.cost
        self.routes, self.cost = min((self.routes, self.cost), (routes, verdict.cost), key=_rank)
        if better:
            self.heard(self.plan())
        return True

    def settle(self, routes: Routes) -> None:
        """Of equally good plans this one, whatever came before it."""
        verdict = verify_routes(self.problem, routes)
        if not verdict.violations and verdict.cost <= self.cost:
            self.routes, self.cost = routes, verdict.cost

    def plan(self) -> RoutedPlan:
        """The best plan.

        Raises
        ------
        NoSolutionError
            There is none.
        SolutionRejectedError
            There were some, and the checker refused them all.
        """
        if self.first_s is not None:
            return RoutedPlan(self.routes, self.cost, self.first_s, min(self.bound, self.cost))
        if self.refused:
            raise SolutionRejectedError(self.refused[-1].violations)
        raise NoSolutionError("no feasible routes were found in the time given")


def _rank(plan: tuple[Routes, float]) -> tuple[float, list[tuple[int, ...]]]:
    routes, cost = plan
    return cost, [route.clients for route in routes]
