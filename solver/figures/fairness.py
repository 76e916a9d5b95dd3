"""How evenly a plan serves farms and consignees: Jain's index, never without who gets nothing and the lowest tenth."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from solver.cost import by_row, lot_most
from solver.eligibility import eligible
from solver.problem import Ints, Problem
from solver.solution import Solution


@dataclass(frozen=True, slots=True)
class Evenness:
    """Of those who take part: Jain's index, the part that gets nothing, and the mean of the lowest tenth."""

    taking_part: int
    jain: float | None
    with_nothing: float
    lowest_tenth: float


def farms(problem: Problem, solution: Solution) -> Evenness:
    """Season value sold by season value offered and eligible, this plan included; who offers nothing does not count.

    Offers are taken as given: capping them at proven deliveries is for who knows the deliveries.
    """
    offered_minor, sold_minor = farm_shares(problem, solution)
    return evenness(sold_minor + problem.farms.season_sold_minor, offered_minor + problem.farms.season_offered_minor)


def farm_shares(problem: Problem, solution: Solution) -> tuple[Ints, Ints]:
    """What each farm offers that is eligible, and what it sells, in this plan alone, in minor units of its asks.

    What a farm took back in its answer is no offer: the pin's most is.
    """
    lots, rows = problem.lots, len(problem.farms.id)
    most = lot_most(problem)
    most[problem.pins.lot] = np.minimum(most[problem.pins.lot], problem.pins.at_most)
    sent = by_row(solution.allocations.lot, solution.allocations.quantity, len(lots.id))
    offered = np.maximum(np.where(eligible(problem), most, 0), sent)
    sold_minor = by_row(lots.farm, sent * lots.ask_minor_per_1000 // 1000, rows)
    return by_row(lots.farm, offered * lots.ask_minor_per_1000 // 1000, rows), sold_minor


def points(problem: Problem, solution: Solution) -> Evenness:
    """Value filled by value ordered of each consignee that orders something."""
    batches, rows = problem.batches, len(problem.points.id)
    given = by_row(solution.allocations.batch, solution.allocations.quantity, len(batches.id))
    price = batches.price_minor_per_1000
    return evenness(by_row(batches.point, given * price, rows), by_row(batches.point, batches.quantity * price, rows))


def evenness(part: Ints, whole: Ints) -> Evenness:
    """Jain's index of part by whole where there is a whole (Jain, Chiu and Hawe 1984); none where nobody gets any."""
    shares = sorted(
        Fraction(min(got, asked), asked) for got, asked in zip(part.tolist(), whole.tolist(), strict=True) if asked > 0
    )
    if not shares:
        return Evenness(0, None, 0.0, 1.0)
    squares = sum(share * share for share in shares)
    jain = float(sum(shares) ** 2 / (len(shares) * squares)) if squares else None
    tenth = shares[: -(-len(shares) // 10)]
    return Evenness(
        taking_part=len(shares),
        jain=jain,
        with_nothing=shares.count(Fraction(0)) / len(shares),
        lowest_tenth=float(sum(tenth) / len(tenth)),
    )
