"""What a product is worth at a hub's ramp: a multiplier for all that the hub needs of it (Held, Wolfe & Crowder 1974).

Priced so, farms no longer compete for demand: which tours collect most worth beyond their cost is a routing problem by
itself, and the multipliers move until such tours bring about what is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.instance import Floats
from solver.problem import Ints
from solver.search.candidates import FARMS, Candidate, Evaluator
from solver.search.goods import Market, Rates
from solver.search.tours import Tour
from solver.solution import NONE

STEP, SLOWS = 0.15, 4
"""Of a product that is all missing the worth rises by this part at first, by half of it after so many rounds.

Tried in the made regions of the joint benchmark."""
MOST_MISSED = 0.3
"""Of what is needed counts as missing or as too much at most."""
TO_SPARE = 1.01
"""So much of what is needed is asked of the tours: the rest of the last lots is left where it is."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Of each market and hub: minor units of a thousand base units on the ramp, and base units that are needed."""

    minor: tuple[Floats, ...]
    needed: tuple[Floats, ...]

    def moved(self, evaluator: Evaluator, tours: Sequence[Tour], number: int) -> Worth:
        """Dearer where these tours, loaded with all their farms have, bring less than is needed, else cheaper."""
        step, moved = STEP / (1 + number / SLOWS), list[Floats]()
        for market, minor, needed in zip(evaluator.markets, self.minor, self.needed, strict=True):
            brought = _brought(evaluator, market, minor, tours)
            missing = np.clip(1 - brought / np.maximum(needed, 1), -MOST_MISSED, MOST_MISSED)
            now: Floats = np.minimum(minor * (1 + step * missing), market.short_minor)
            moved.append(now)
        return Worth(tuple(moved), self.needed)


def worth_of(evaluator: Evaluator, candidate: Candidate) -> Worth:
    """What the candidate pays on the average for lots and tours; of a product that is short, what that costs."""
    problem = evaluator.instance.problem
    hubs = len(problem.hubs.id)
    driven, moved_kg = np.zeros(hubs), np.zeros(hubs)
    farm_kg = candidate.kg(FARMS)
    for one in candidate.tours[FARMS]:
        hub = problem.vehicles.hub[one.vehicle]
        driven[hub] += one.minor
        moved_kg[hub] += farm_kg[list(one.stops)].sum()
    per_kg = driven / np.maximum(moved_kg, 1)
    minor, needed = list[Floats](), list[Floats]()
    for market in evaluator.markets:
        quantity = market.bought(candidate.chosen, evaluator.rates)
        source = candidate.chosen.farm_hub[market.farm]
        rows = np.flatnonzero(quantity > 0)
        paid = quantity[rows] * cost_of(market, evaluator.rates)[rows, source[rows]]
        total, cost = (np.bincount(source[rows], amount, hubs) for amount in (quantity[rows], paid))
        average: Floats = cost / np.maximum(total, 1) + per_kg * market.weight
        if total.sum() < market.wanted.sum():
            average = np.full(hubs, market.short_minor)
        minor.append(np.where(total > 0, average, 0.0))
        needed.append((TO_SPARE * total).astype(np.float64))
    return Worth(tuple(minor), tuple(needed))


def cost_of(market: Market, rates: Rates) -> Floats:
    """Minor units of a thousand base units of each lot at each hub but for the drive; infinite where no truck goes."""
    gate = np.where(market.carried, rates.gate[market.farm], np.inf)
    cost: Floats = market.lot_minor[:, None] + gate * market.weight
    return cost


def gains(evaluator: Evaluator, worth: Worth, hub: int) -> list[tuple[Ints, Ints, Floats]]:
    """Of each market: lots worth more at the hub than they cost there, the base units of each, and what these earn."""
    found = list[tuple[Ints, Ints, Floats]]()
    for market, minor in zip(evaluator.markets, worth.minor, strict=True):
        each = minor[hub] - cost_of(market, evaluator.rates)[:, hub]
        rows = np.flatnonzero(each > 0)
        most = np.minimum(market.most[rows], market.wanted.sum())
        found.append((market.lots[rows], most, each[rows] * most / 1000))
    return found


def _brought(evaluator: Evaluator, market: Market, minor: Floats, tours: Sequence[Tour]) -> Floats:
    """Base units at each hub."""
    problem = evaluator.instance.problem
    farm_hub = np.full(len(problem.farms.id), NONE)
    for one in tours:
        farm_hub[list(one.stops)] = problem.vehicles.hub[one.vehicle]
    source = farm_hub[market.farm]
    called = np.flatnonzero(source != NONE)
    cost = cost_of(market, evaluator.rates)[called, source[called]]
    worthy = called[cost < minor[source[called]]]
    return np.bincount(source[worthy], market.most[worthy], len(problem.hubs.id)).astype(np.float64)
