"""What a search finds on its way: better plans told now and then, and the routes of good plans kept."""

import time
from collections.abc import Callable

import pyvrp

from solver.routing.classical.model import Routes, route_of, routes_of
from solver.routing.classical.pool import Pool

# Pickling a plan of a thousand clients takes a millisecond: ten reports a second cost a hundredth of the search.
_BETWEEN_REPORTS_S = 0.1
# Reading the routes of a plan takes about as long as an iteration.
_PLANS_BETWEEN_LOOKS = 20


class Watch:
    """Hears of the plans of one search."""

    def __init__(self, tell: Callable[[Routes], None]) -> None:
        self.pool = Pool()
        self._tell = tell
        self._told_s = 0.0
        self._passed = 0

    def better(self, best: pyvrp.Solution) -> None:
        """A feasible plan, shorter than all before."""
        self._keep(best)
        if time.monotonic() - self._told_s >= _BETWEEN_REPORTS_S:
            self._tell(routes_of(best))
            self._told_s = time.monotonic()

    def passed(self, plan: pyvrp.Solution) -> None:
        """A plan about as good as the best, feasible or not."""
        self._passed += 1
        if self._passed % _PLANS_BETWEEN_LOOKS == 0:
            self._keep(plan)

    def _keep(self, plan: pyvrp.Solution) -> None:
        for route in plan.routes():
            if route.is_feasible():
                self.pool.add(route_of(route), route.distance())
