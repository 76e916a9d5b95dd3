"""Made mornings at one hub: trucks of three kinds, goods of three cold classes, and one hardship after another.

Visits lie in towns scattered over 80 km; straight roads with a detour of 1.3, driven at 60 km/h. The kinds of truck
differ in room on three axes (weight, volume, crates), in the prices of their day, kilometre and hour, and in the cold
classes they carry: who carries frozen goods is fixed by the site. Gates are open for two to five hours. On a morning
of releases goods are sorted from six to ten while trucks already drive; on one of trips they take 1.4 times the room
of all trucks, so that most trucks load again within their shift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from solver.problem import AMBIENT, CHILLED, FROZEN, Ints
from solver.routing.errand import Errand, Trucks

HOUR_S: Final = 3600
FROM_S: Final = 6 * HOUR_S
SHIFT_S: Final = 10 * HOUR_S
KINDS: Final = (
    # weight in g, ml a gram of room, day, kilometre and hour in minor units, classes
    (900_000, 4, 5_000, 45, 2_400, AMBIENT),
    (1_300_000, 3, 7_500, 60, 2_600, AMBIENT | CHILLED),
    (1_000_000, 3, 9_000, 70, 2_600, AMBIENT | CHILLED | FROZEN),
)
CLASSES: Final = (AMBIENT, CHILLED, FROZEN)
CLASS_SHARE: Final = (0.6, 0.28, 0.12)
CRATE_G: Final = 9000
NEEDED_MINOR: Final = 1_000_000
"""The price of leaving out a visit that has to be made: more than any plan costs."""


@dataclass(frozen=True, slots=True)
class Morning:
    """What is brought, what is fetched, and what is hard about it."""

    brings: bool = True
    fetch_share: float = 0.0  # of the visits
    fullness: float = 0.6  # of all trucks' room, what all goods take; up to 0.7 no truck needs to load again
    released: bool = False
    prize_minor: int = NEEDED_MINOR  # the median; a visit is optional where a detour can cost as much
    loading_s: int = 0


MORNINGS: Final = {
    "delivery": Morning(),
    "pickup": Morning(brings=False, fetch_share=1.0),
    "mixed": Morning(fetch_share=0.5),
    "prizes": Morning(prize_minor=3_000),
    "released": Morning(released=True),
    "trips": Morning(released=True, fullness=1.4, fetch_share=0.25, loading_s=900),
}


def made_morning(name: str, visits: int, seed: int) -> Errand:
    """So many visits of a morning; the same seed makes the same."""
    morning, dice = MORNINGS[name], np.random.default_rng([list(MORNINGS).index(name), seed])
    towns = dice.uniform(-40_000, 40_000, (max(4, visits // 15), 2))
    xy = np.vstack([[0.0, 0.0], towns[dice.integers(0, len(towns), visits)] + dice.normal(0, 3_000, (visits, 2))])
    straight = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    distance_m = np.rint(straight * 1.3).astype(np.int64)
    load = _load(dice, visits)
    opens_s = dice.integers(7 * HOUR_S, 13 * HOUR_S, visits)
    ready_s = np.minimum(dice.integers(FROM_S, 10 * HOUR_S, visits), opens_s - HOUR_S)
    fetches = dice.random(visits) < morning.fetch_share
    prizes = np.rint(morning.prize_minor * dice.lognormal(0, 0.7, visits)).astype(np.int64)
    optional = morning.prize_minor < NEEDED_MINOR
    return Errand(
        trucks=_trucks(int(load[:, 0].sum()), morning.fullness),
        distance_m=distance_m,
        duration_s=-(-distance_m * 36 // 600),
        toll_minor=np.zeros_like(distance_m),
        drop=load * int(morning.brings),
        fetch=np.where(fetches[:, None], load[::-1] if morning.brings else load, 0),
        masks=1 << dice.choice(CLASSES, visits, p=CLASS_SHARE),
        opens_s=opens_s,
        closes_s=opens_s + dice.integers(2 * HOUR_S, 5 * HOUR_S, visits),
        service_s=300 + load[:, 0] // 1_000,
        ready_s=ready_s if morning.released else np.zeros_like(ready_s),
        prize_minor=prizes if optional else np.full(visits, NEEDED_MINOR),
        from_s=FROM_S,
        loading_s=morning.loading_s,
    )


def _load(dice: np.random.Generator, visits: int) -> Ints:
    """Visits x axes: heavy goods fill the weight, light ones the volume, and every started crate counts."""
    weight_g = np.minimum(np.rint(dice.lognormal(10.9, 0.7, visits)), 400_000).astype(np.int64)
    return np.stack([weight_g, weight_g * dice.integers(1, 6, visits), -(-weight_g // CRATE_G)], axis=1)


def _trucks(total_g: int, fullness: float) -> Trucks:
    """As many of each kind, in turn, as the goods need to fill their weight so far."""
    kinds: list[int] = []
    while len(kinds) < len(KINDS) or fullness * sum(KINDS[kind][0] for kind in kinds) < total_g:
        kinds.append(len(kinds) % len(KINDS))
    rows = [KINDS[kind] for kind in kinds]
    weight_g, ml_per_g, day, km, hour, cold = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    room = np.stack([weight_g, weight_g * ml_per_g, weight_g // CRATE_G], axis=1)
    count = len(kinds)
    return Trucks(np.arange(count), room, cold, day, km, hour, np.full(count, FROM_S), np.full(count, SHIFT_S))
