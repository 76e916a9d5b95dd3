"""A tight morning: goods released while trucks already drive, several trips a shift, more goods than room."""

from __future__ import annotations

import numpy as np

from solver.problem import AMBIENT, CHILLED, FROZEN, Ints
from solver.routing.errand import Errand, Trucks

HOUR = 3600
KINDS = (
    # grams, day, kilometre and hour in minor units, classes
    (900_000, 5_000, 45, 2_400, AMBIENT),
    (1_300_000, 7_500, 60, 2_600, AMBIENT | CHILLED),
    (1_000_000, 9_000, 70, 2_600, AMBIENT | CHILLED | FROZEN),
)


def tight_morning(visits: int, seed: int) -> Errand:
    """With 80 visits and seed 1 PyVRP 0.14.1's local search goes round in circles in its twelfth iteration."""
    dice = np.random.default_rng(seed)
    towns = dice.uniform(-40_000, 40_000, (max(4, visits // 15), 2))
    xy = np.vstack([[0.0, 0.0], towns[dice.integers(0, len(towns), visits)] + dice.normal(0, 3_000, (visits, 2))])
    distance_m = np.rint(np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)) * 1.3).astype(np.int64)
    weight_g = np.minimum(np.rint(dice.lognormal(11.2, 0.7, visits)), 600_000).astype(np.int64)
    opens_s = dice.integers(7 * HOUR, 13 * HOUR, visits)
    ready_s = np.minimum(dice.integers(6 * HOUR, 10 * HOUR, visits), opens_s - HOUR)
    return Errand(
        trucks=_trucks(int(weight_g.sum())),
        distance_m=distance_m,
        duration_s=-(-distance_m * 36 // 600),
        toll_minor=np.zeros_like(distance_m),
        drop=_room(weight_g),
        fetch=_room(np.where(dice.random(visits) < 0.25, weight_g // 10, 0)),
        masks=1 << dice.choice((AMBIENT, CHILLED, FROZEN), visits, p=(0.6, 0.28, 0.12)),
        opens_s=opens_s,
        closes_s=opens_s + dice.integers(2 * HOUR, 5 * HOUR, visits),
        service_s=300 + weight_g // 1_000,
        ready_s=ready_s,
        prize_minor=np.full(visits, 1_000_000),
        from_s=6 * HOUR,
        loading_s=900,
    )


def _room(weight_g: Ints) -> Ints:
    return np.stack([weight_g, weight_g * 3, -(-weight_g // 9000)], axis=1)


def _trucks(total_g: int) -> Trucks:
    count = len(KINDS)
    while 1.4 * sum(KINDS[truck % len(KINDS)][0] for truck in range(count)) < total_g:
        count += 1
    rows = [KINDS[truck % len(KINDS)] for truck in range(count)]
    weight_g, day, km, hour, cold = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    same = np.full(count, 6 * HOUR), np.full(count, 10 * HOUR)
    return Trucks(np.arange(count), _room(weight_g), cold, day, km, hour, *same)
