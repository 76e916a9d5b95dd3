"""A season of equal farms: the same product, price and distance, random demand, farms that now and then decline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.problem import (
    AMBIENT,
    Batches,
    Farms,
    Flags,
    Hubs,
    Ints,
    Lots,
    Pins,
    Places,
    Points,
    Policy,
    Problem,
    Products,
    Rhythm,
    Vehicles,
    ints,
)
from solver.solution import Solution

HOUR = 3600
OFFER_G = 400_000
"""What each farm offers in each cycle, in packs of 5 kg."""
PACK_G = 5000
ASK_MINOR_PER_KG = 250
Planned = Callable[[Problem], Solution]


@dataclass(frozen=True, slots=True)
class Season:
    """What a season is like; `declines_ppm` of the farms that are asked say no."""

    seed: int
    cycles: int = 26
    farms: int = 8
    declines_ppm: int = 100_000
    around: bool = False  # all around the hub, or in one village
    ledger: bool = True  # whether the season so far weighs
    fairness_ppm: int = 300_000
    segments: int = 5


@dataclass(frozen=True, slots=True)
class Cycle:
    """After a cycle: of each farm what it has offered and sold so far, in grams, and what this cycle cost."""

    offered_g: Ints
    sold_g: Ints
    took_part: Ints  # in this cycle: 1 where the farm did not decline
    landed_minor: int

    @property
    def spread(self) -> float:
        """Most less least of cumulative utilisation."""
        used = self.sold_g / np.maximum(self.offered_g, 1)
        return float(used.max() - used.min())


def season(terms: Season, planned: Planned) -> Iterator[Cycle]:
    """Plan cycle after cycle; who declines takes the offer back, and the cycle is planned again around it.

    Demand and declines are those of the seed, whatever is planned.
    """
    rng = np.random.default_rng(terms.seed)
    offered, sold = np.zeros((2, terms.farms), dtype=np.int64)
    for _ in range(terms.cycles):
        asked_g = int(rng.uniform(0.1, 0.9) * terms.farms * OFFER_G)
        unwilling = rng.random(terms.farms) < terms.declines_ppm / 1e6
        history = (offered, sold) if terms.ledger else (np.zeros_like(offered), np.zeros_like(sold))
        problem = region(terms, asked_g, *(kg * ASK_MINOR_PER_KG // 1000 for kg in history))
        first = planned(problem)
        declined = unwilling & (by_farm(problem, first) > 0)
        plan = planned(replace(problem, pins=answers(by_farm(problem, first), declined))) if declined.any() else first
        sent = by_farm(problem, plan)
        offered = offered + np.where(declined, 0, OFFER_G)
        sold = sold + sent
        yield Cycle(offered, sold, (~declined).astype(np.int64), plan.report.cost.landed)


def by_farm(problem: Problem, plan: Solution) -> Ints:
    """Grams that each farm sends."""
    table = plan.allocations
    sent: Ints = np.bincount(problem.lots.farm[table.lot], table.quantity, len(problem.farms.id)).astype(np.int64)
    return sent


def answers(sent: Ints, declined: Flags) -> Pins:
    """Whoever is asked confirms what is asked of it, or declines."""
    rows = np.flatnonzero((sent > 0) | declined)
    no = declined[rows]
    return Pins(rows, np.where(no, 0, sent[rows]), np.where(no, 0, OFFER_G))


def within(cycles: Sequence[Cycle]) -> list[float]:
    """The spread that is stated for each cycle (`solver.cost.fairness`): a lot where nobody declined, else two."""
    took_part = np.cumsum([cycle.took_part for cycle in cycles], axis=0).min(axis=1)
    declined = np.cumsum([1 - cycle.took_part.min() for cycle in cycles]) > 0
    bounds: list[float] = (np.where(declined, 2.0, 1.0) / np.maximum(took_part, 1)).tolist()
    return bounds


def region(terms: Season, asked_g: int, offered_minor: Ints, sold_minor: Ints) -> Problem:
    """One hub, its farms 20 km off, and one point that asks so much."""
    count = terms.farms
    angle = np.arange(count) * (2 * np.pi / count if terms.around else 0.0)
    latitude = np.concatenate([43 + np.cos(angle) * 20 / 111, [43.0, 43.02]])
    longitude = np.concatenate([-85 + np.sin(angle) * 20 / 81.2, [-85.0, -85.02]])
    none, one = np.zeros(count, dtype=np.int64), ints(1)
    everybody = np.arange(count)
    return Problem(
        currency="USD",
        places=Places(_ids("place", count + 2), _e6(latitude), _e6(longitude)),
        products=Products(_ids("product", 1), one, ints(1500), ints(20), ints(AMBIENT), ints(0), ints(2000)),
        farms=Farms(
            _ids("farm", count), everybody, none + 6 * HOUR, none + 18 * HOUR, none + 600, none, none,
            offered_minor, sold_minor, none > 0,
        ),
        hubs=Hubs(_ids("hub", 1), ints(count), ints(10_000), ints(10), ints(10**9)),
        points=Points(
            _ids("point", 1), ints(count + 1), ints(30 * HOUR), ints(40 * HOUR), ints(600), ints(0),
            np.array([True]), np.array([False]),
        ),
        lots=Lots(
            _ids("lot", count), everybody, none, none + 1, none + OFFER_G, none + 2 * PACK_G, none + OFFER_G,
            none + OFFER_G, none + PACK_G, none + ASK_MINOR_PER_KG, none,
        ),
        batches=Batches(_ids("batch", 1), ints(0), ints(0), one, ints(asked_g), one, ints(400)),
        vehicles=Vehicles(
            _ids("vehicle", 3), ints(0, 0, 0), *(np.full(3, n) for n in (4_500_000, 30_000_000, 600, AMBIENT)),
            *(np.full(3, n) for n in (11_000, 45, 3000, 10 * HOUR)),
        ),
        rhythm=Rhythm(),
        policy=Policy(fairness_ppm=terms.fairness_ppm, fairness_segments=terms.segments),
    )  # fmt: skip


def _ids(name: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    return np.array([f"{name} {row:02d}" for row in range(count)], dtype=np.str_)


def _e6(degrees: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Ints:
    return np.rint(degrees * 1e6).astype(np.int64)
