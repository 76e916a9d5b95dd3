"""How much of a product one farm may sell at most, and what is reserved for small farms."""

from __future__ import annotations

from itertools import chain

import numpy as np

from solver.cost import PPM, by_row
from solver.eligibility import days_left, eligible, eligible_farms, promised, settled_most
from solver.problem import Flags, Ints, Problem


def share_limits(problem: Problem) -> dict[tuple[int, int], int]:
    """The most one farm may send of a product, by product and farm, where enough farms are eligible.

    The declared part of the demand, or what makes up for the least cap at which all farms together can still serve as
    much as without caps: a cap spreads sales and makes no shortage. A promise stands above it.
    """
    policy = problem.policy
    if policy.share_cap_ppm >= PPM:
        return {}
    limits: dict[tuple[int, int], int] = {}
    farm_count = len(problem.farms.id)
    for product, farms in eligible_farms(problem).items():
        if len(farms) < policy.share_cap_farms:
            continue
        rows = problem.lots.product == product
        asked = int(problem.batches.quantity[problem.batches.product == product].sum())
        least = by_row(problem.lots.farm[rows], promised(problem)[rows], farm_count)
        cap = _Supply(problem, product, least).least_cap(asked * policy.share_cap_ppm // PPM)
        limits.update({(product, farm): max(cap, int(least[farm])) for farm in farms.tolist()})
    return limits


def reserves(problem: Problem) -> dict[int, int]:
    """What is reserved for small farms of each product with enough of them, as far as they have it and it is asked."""
    policy, lots = problem.policy, problem.lots
    found: dict[int, int] = {}
    if not policy.small_floor_ppm:
        return found
    small, most = small_lots(problem), settled_most(problem)
    for product, farms in eligible_farms(problem).items():
        if int(problem.farms.small[farms].sum()) >= policy.share_cap_farms:
            asked = int(problem.batches.quantity[problem.batches.product == product].sum())
            have = int(most[small & (lots.product == product)].sum())
            found[product] = min(asked * policy.small_floor_ppm // PPM, have)
    return found


def floor_missed(problem: Problem, sent: Ints) -> Ints:
    """Lots of small farms that could send more of a product of which small farms have less than is reserved."""
    small, lots = small_lots(problem), problem.lots
    more = small & (settled_most(problem) - sent >= lots.pack)
    missed = np.zeros(len(sent), dtype=np.bool_)
    for product, reserved in reserves(problem).items():
        rows = lots.product == product
        if int(sent[small & rows].sum()) < reserved:
            missed |= more & rows
    return np.flatnonzero(missed)


def small_lots(problem: Problem) -> Flags:
    """Lots of small farms that may send something to some batch."""
    small: Flags = eligible(problem) & problem.farms.small[problem.lots.farm]
    return small


class _Supply:
    """One product: what each farm can send to each set of wants, and how much all of them can serve under a cap.

    Most flow equals least cut: for every set of wants, what the farms can send to it under their caps, and all that
    is asked outside it (Ford & Fulkerson 1956). Only unions of what whole wants accept matter.
    """

    def __init__(self, problem: Problem, product: int, least: Ints) -> None:
        lots, batches, most = problem.lots, problem.batches, settled_most(problem)
        self._least = least
        mine = np.flatnonzero((lots.product == product) & (most > 0))
        asked = np.flatnonzero(batches.product == product)
        wants, want = np.unique(np.stack([batches.grade, batches.fresh_days])[:, asked], axis=1, return_inverse=True)
        quantity = by_row(want.ravel(), batches.quantity[asked], wants.shape[1])
        fits = (lots.grade[mine][:, None] >= wants[0]) & (days_left(problem, mine)[:, None] >= wants[1])
        kinds, kind = np.unique(fits, axis=0, return_inverse=True)
        unions = {frozenset[int]()}
        for accepted in {frozenset(np.flatnonzero(column).tolist()) for column in kinds.T}:
            unions |= {union | accepted for union in unions}
        self._outside: list[int] = []  # asked by wants that accept more than the union
        self._sends: list[Ints] = []  # per farm
        for union in sorted(unions, key=sorted):
            among = np.isin(np.arange(len(kinds)), sorted(union))
            self._outside.append(int(quantity[kinds[~among].any(axis=0)].sum()))
            rows = mine[among[kind.ravel()]]
            self._sends.append(by_row(lots.farm[rows], most[rows], len(least)))

    def least_cap(self, cap: int) -> int:
        """The declared cap, or the least above it that costs no unit."""
        highest = max(chain([0], (int(sends.max(initial=0)) for sends in self._sends)))
        served = self._served(highest)
        while cap < highest and self._served(cap) < served:
            middle = (cap + highest) // 2
            if self._served(middle) < served:
                cap = middle + 1
            else:
                highest = middle
        return cap

    def _served(self, cap: int) -> int:
        most = np.maximum(cap, self._least)
        return min(
            outside + int(np.minimum(sends, most).sum())
            for outside, sends in zip(self._outside, self._sends, strict=True)
        )
