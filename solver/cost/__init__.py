"""What a plan costs, from the problem and the decisions alone; imports no optimiser.

Every component is summed exactly and rounded half up once, so that a bound on it can be certified; `price_lines` shares
the components out over the allocations, again exactly.
"""

from __future__ import annotations

from solver.cost.amounts import (
    DAY_S,
    PPM,
    allocation_ends,
    allocation_hubs,
    allocation_weight_g,
    by_row,
    half_up,
    hub_intake_g,
    lot_most,
    shares,
)
from solver.cost.fairness import counted_ask, fairness_segments, price_fairness
from solver.cost.lines import Lines, exact_goods, exact_hubs, price_lines, price_subsidy
from solver.cost.parcels import consignment_minor, parcel_zone, price_parcels
from solver.cost.routes import price_routes, route_tolls
from solver.problem import Problem
from solver.solution import Cost, Phase, Solution

__all__ = [
    "DAY_S",
    "PPM",
    "Lines",
    "allocation_ends",
    "allocation_hubs",
    "allocation_weight_g",
    "by_row",
    "consignment_minor",
    "counted_ask",
    "fairness_segments",
    "half_up",
    "hub_intake_g",
    "lot_most",
    "parcel_zone",
    "price",
    "price_fairness",
    "price_lines",
    "price_parcels",
    "price_routes",
    "route_tolls",
    "shares",
]


def price(problem: Problem, solution: Solution) -> Cost:
    """Re-price a plan: landed cost by component, and beside it shortfall prices, fairness terms and subsidy.

    Parameters
    ----------
    problem, solution
        The solution's rows must be in range (`solver.check` looks first); its report is not read.
    """
    goods, short = exact_goods(problem, solution), solution.shortfalls
    routes, phase = price_routes(problem, solution), solution.routes.phase
    short_minor = short.quantity * problem.products.shortfall_minor_per_1000[problem.batches.product[short.batch]]
    sent = by_row(solution.allocations.lot, solution.allocations.quantity, len(problem.lots.id))
    return Cost(
        purchase=half_up(sum(goods.purchase), 1000),
        collection=int(routes[phase == Phase.COLLECTION].sum()),
        hub=half_up(sum(exact_hubs(problem, solution)), 1000),
        line_haul=int(routes[phase == Phase.LINE_HAUL].sum()),
        delivery=int(routes[phase == Phase.DELIVERY].sum()),
        parcel=int(price_parcels(problem, solution).sum()),
        packaging=half_up(sum(goods.packaging), 1000),
        spoilage=half_up(sum(goods.spoilage), 1000 * PPM),
        commission=half_up(sum(goods.commission), 1000 * PPM),
        payment_fees=half_up(sum(goods.payment_fees), 1000 * PPM),
        shortfall=half_up(int(short_minor.sum()), 1000),
        fairness=price_fairness(problem, sent),
        subsidy=price_subsidy(problem, solution),
    )
