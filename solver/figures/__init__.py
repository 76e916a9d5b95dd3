"""The figures of a plan, exactly as the planning problem defines them; plain values for JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np

from solver.cost import PPM, allocation_weight_g, by_row, price_lines
from solver.eligibility import eligible, eligible_farms
from solver.figures import fairness, lines
from solver.figures.purchase import cheapest_purchase_minor
from solver.problem import Ints, Problem
from solver.solution import Cost, Phase, Solution

COMPONENTS = (
    "purchase",
    "collection",
    "hub",
    "line_haul",
    "delivery",
    "parcel",
    "packaging",
    "spoilage",
    "commission",
    "payment_fees",
)
TRANSPORT = ("collection", "line_haul", "delivery", "parcel")
"""What moving goods costs."""


def of(problem: Problem, solution: Solution) -> dict[str, Any]:
    """Figures of a plan that the checker accepts: costs, routes, fill rate, gaps, fairness, shortfalls, lines."""
    cost, report = solution.report.cost, solution.report
    weight_g = int(allocation_weight_g(problem, solution.allocations).sum())
    shared = price_lines(problem, solution)
    return {
        "batches": len(problem.batches.id),
        "farms_with_lots": len(np.unique(problem.lots.farm)),
        "farms_used": len(np.unique(problem.lots.farm[solution.allocations.lot])),
        "weight_g": weight_g,
        "fill_rate": fill_rate(problem, planned(problem, solution)),
        "cost_minor": {**asdict(cost), "landed": cost.landed, "objective": cost.objective},
        "landed_cost_per_kg_minor": per_kg(cost, weight_g),
        "transport_per_kg_minor": _ratio(1000 * sum(getattr(cost, part) for part in TRANSPORT), weight_g),
        "controllable_minor": cost.landed - cheapest_purchase_minor(problem, solution),
        **_routes(solution),
        "gap": gap(cost.objective, report.bound_minor),
        "gap_allocation": gap(report.allocation_minor, report.allocation_bound_minor),
        "jain": fairness.farms(problem, solution).jain,
        "fairness": {
            "farms": asdict(fairness.farms(problem, solution)),
            "points": asdict(fairness.points(problem, solution)),
            "small_farms": small_farm_shares(problem, solution),
        },
        "shortfalls": _shortfalls(problem, solution),
        "by_product": lines.by_product(problem, solution, shared),
        "by_farm": lines.by_farm(problem, solution, shared),
        "explanations": _explanations(solution),
    }


def planned(problem: Problem, solution: Solution) -> Ints:
    """Quantity of each batch that the plan serves."""
    return by_row(solution.allocations.batch, solution.allocations.quantity, len(problem.batches.id))


def fill_rate(problem: Problem, quantity: Ints) -> float:
    """Value served by value ordered, at the posted price; `quantity` per batch, at most what was ordered counts."""
    batches = problem.batches
    served = np.minimum(quantity, batches.quantity) * batches.price_minor_per_1000
    return _ratio(int(served.sum()), int((batches.quantity * batches.price_minor_per_1000).sum()))


def per_kg(cost: Cost, weight_g: int) -> dict[str, float]:
    """Landed cost by component and in all, minor units per kilogram."""
    parts = {name: _ratio(1000 * getattr(cost, name), weight_g) for name in COMPONENTS}
    return {**parts, "total": _ratio(1000 * cost.landed, weight_g)}


def gap(objective_minor: int, bound_minor: int) -> float:
    """How far the objective may be from the best, as a part of the objective."""
    return _ratio(objective_minor - bound_minor, objective_minor)


def small_farm_shares(problem: Problem, solution: Solution) -> dict[str, dict[str, float]]:
    """Of each product with a floor for small farms: the part reserved, and the part of its demand they serve."""
    policy, lots = problem.policy, problem.lots
    small_lot = problem.farms.small[lots.farm]
    sent = by_row(solution.allocations.lot, solution.allocations.quantity, len(lots.id))
    found: dict[str, dict[str, float]] = {}
    for product, farm in eligible_farms(problem).items():
        if policy.small_floor_ppm and int(problem.farms.small[farm].sum()) >= policy.share_cap_farms:
            asked = int(problem.batches.quantity[problem.batches.product == product].sum())
            served = int(sent[small_lot & eligible(problem) & (lots.product == product)].sum())
            found[str(problem.products.id[product])] = {
                "reserved": policy.small_floor_ppm / PPM,
                "served": _ratio(served, asked),
            }
    return found


def _routes(solution: Solution) -> dict[str, Any]:
    routes = solution.routes
    duration_s = routes.return_s - routes.depart_s
    phases = {
        phase.name.lower(): {
            "routes": int((routes.phase == phase).sum()),
            "distance_m": int(routes.distance_m[routes.phase == phase].sum()),
            "duration_s": int(duration_s[routes.phase == phase].sum()),
        }
        for phase in Phase
    }
    whole = {name: sum(part[name] for part in phases.values()) for name in ("routes", "distance_m", "duration_s")}
    return {**whole, **phases}


def _shortfalls(problem: Problem, solution: Solution) -> dict[str, int]:
    """Grams by reason."""
    short = solution.shortfalls
    weight_g = short.quantity * problem.products.unit_weight_g[problem.batches.product[short.batch]]
    return {reason: int(weight_g[short.reason == reason].sum()) for reason in sorted(set(short.reason.tolist()))}


def _explanations(solution: Solution) -> dict[str, dict[str, int]]:
    """How many of each subject and code; the plan itself has them one by one."""
    found: dict[str, Counter[str]] = {}
    for explanation in solution.report.explanations:
        found.setdefault(explanation.subject, Counter())[explanation.code] += 1
    return {subject: dict(sorted(codes.items())) for subject, codes in sorted(found.items())}


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
