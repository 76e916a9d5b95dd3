"""What happens in which week: made from the seed alone, so that the same season can be played again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from farmlink.demo.season.ground import CROPS, FARMS, HOUSEHOLDS
from farmlink.policy.values import ShortageRule

CLASSES: Final = 3
"""Households of one class want the same every week: they are equals, whose shares can be compared."""
KEPT: Final = 0.55
"""Of what the farms are asked for of the week's scarce crop, what they can promise in the end."""
PLENTY: Final = 1.3
SHY: Final = "herbs"
"""The crop that nobody gets when its threshold is missed."""
PARTIAL: Final = "honey"
FROSTED: Final = next(row for row, crop in enumerate(CROPS) if crop.code == PARTIAL)
"""The crop with a threshold of which what is there is shared when too little is wanted."""
EMPTY: Final = 9, 3
"""In every so many weeks, from which on, nearly nobody orders, and the cycle's own threshold is not met."""
HESITANT: Final = 6, 1
"""Every so many weeks, from which on, households order only when the cut-off was put off."""
FAILS: Final = 5, 4
"""Every so many weeks, from which on, a harvest fails after the farms have promised."""
SELDOM: Final = 3, 2
"""Every so many weeks, from which on, too few want what has a threshold of its own."""
LOST: Final = 0.03
"""Of the allocations, those that do not come in."""
CLAIMED: Final = 0.04
"""Of the orders, those of which something is given back after the hand-out."""


@dataclass(frozen=True, slots=True)
class Week:
    """What is declared and what befalls one cycle; packs by household and crop, base units by farm and crop."""

    number: int
    seed: int
    """What befalls the week is drawn from it."""
    rule: ShortageRule
    wanted: tuple[tuple[int, ...], ...]
    offered: tuple[tuple[int, ...], ...]
    scarce: int
    """The row of the crop of which the farms promise less than they offered."""
    empty: bool
    hesitant: bool
    frosty: bool
    """Too few want what has a threshold of its own, and a frost leaves next to nothing of it."""
    harvest_fails: bool

    @staticmethod
    def takes_all_or_nothing(house: int) -> bool:
        """Whether a household would rather have nothing of a line than a part of it; equals answer the same."""
        return house % CLASSES == CLASSES - 1


def weeks(count: int, seed: int) -> Iterator[Week]:
    """A season, week by week; each rule of shortage holds for a part of it."""
    rules = tuple(ShortageRule)
    for number in range(count):
        dice = np.random.default_rng([seed, number])
        usual = 1 + dice.poisson(1.2, size=(CLASSES, len(CROPS)))
        packs = np.array([crop.pack for crop in CROPS])
        # Farms offer, and thresholds ask for, what is usual: they know as little as anybody when it is seldom wanted.
        demand = np.array(_by_household(usual)).sum(axis=0) * packs
        # Farms are equals: each offers the same of everything, in whole packs.
        each = np.maximum(1, np.ceil(demand * PLENTY / packs / FARMS).astype(np.int64)) * packs
        yield Week(
            number,
            int(dice.integers(2**31)),
            rules[number * len(rules) // count],
            _by_household(_wanted(usual, number)),
            tuple(tuple(int(quantity) for quantity in each) for _ in range(FARMS)),
            scarce=number % len(CROPS),
            empty=_comes(number, EMPTY),
            hesitant=_comes(number, HESITANT),
            frosty=_comes(number, SELDOM),
            harvest_fails=_comes(number, FAILS),
        )


def _wanted(usual: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """What each class wants of each crop, in packs: as usual, but where it is seldom wanted."""
    of_class = usual.copy()
    if _comes(number, SELDOM):
        of_class[1:, [row for row, crop in enumerate(CROPS) if crop.code in {SHY, PARTIAL}]] = 0
    return of_class


def _by_household(of_class: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """What each household wants; equals want the same."""
    return tuple(tuple(int(packs) for packs in of_class[house % CLASSES]) for house in range(HOUSEHOLDS))


def _comes(number: int, turn: tuple[int, int]) -> bool:
    """Whether it is this week's turn."""
    every, first = turn
    return number % every == first
