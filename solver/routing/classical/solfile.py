"""CVRPLIB's solution format: a line a route, the cost last."""

from solver.instances.classical import ClassicalProblem, Rounding
from solver.routing.classical.best import RoutedPlan


def solution_text(problem: ClassicalProblem, plan: RoutedPlan) -> str:
    """Clients count from 1 without depots; the depot is named where there are several."""
    lines = []
    for number, route in enumerate(plan.routes, 1):
        depot = f" (depot {route.depot + 1})" if len(problem.depots) > 1 else ""
        lines.append(f"Route #{number}{depot}: {' '.join(str(client + 1) for client in route.clients)}")
    return "\n".join([*lines, f"Cost {cost_text(problem.rounding, plan.cost)}", ""])


def cost_text(rounding: Rounding, cost: float) -> str:
    """As many decimals as the class's rounding has."""
    if rounding is Rounding.NEAREST:
        return f"{cost:.0f}"
    return f"{cost:.1f}" if rounding is Rounding.TENTHS else f"{cost:.6f}"
