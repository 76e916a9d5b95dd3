"""What rows of earlier versions say beyond what the solver takes counts as its limit: better a plan than none."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

import numpy as np

from solver import problem as given
from solver.check import RANGES
from solver.check import terms as solvers

Limits = Mapping[str, tuple[int, int]]
T = TypeVar("T", bound=Any)  # a frozen dataclass of columns or of numbers
U = TypeVar("U", given.Rhythm, given.Policy)

BITS: Final = frozenset({"cold"})
"""Which classes, not how many of something."""


def table(rows: T) -> T:
    """Columns within the solver's ranges."""
    limited = {
        column.name: np.clip(getattr(rows, column.name), *RANGES[column.name])
        for column in fields(rows)
        if column.name in RANGES and column.name not in BITS
    }
    return replace(rows, **limited)


def rhythm(declared: given.Rhythm) -> given.Rhythm:
    """A day within the solver's ranges; no phase ends before it begins that did not before."""
    return _numbers(declared, solvers.RHYTHM, solvers.MOST_S)


def policy(declared: given.Policy) -> given.Policy:
    """Terms within the solver's ranges."""
    return _numbers(declared, solvers.POLICY, solvers.PPM)


def roads(declared: given.Roads) -> given.Roads:
    """Roads and tolls within the solver's ranges."""
    return replace(
        declared,
        circuity_ppm=_within(declared.circuity_ppm, solvers.PPM, solvers.MOST_CIRCUITY_PPM),
        band_limit_m=_rising(declared.band_limit_m),
        speed_m_per_h=tuple(_within(speed, 1_000, 1_000_000) for speed in declared.speed_m_per_h),
        passages=tuple(
            replace(passage, toll_minor=_within(passage.toll_minor, 0, solvers.MOST_MINOR))
            for passage in declared.passages
        ),
    )


def parcels(declared: given.Parcels) -> given.Parcels:
    """A tariff within the solver's ranges."""
    return replace(
        declared,
        zone_limit_m=_rising(declared.zone_limit_m),
        weight_limit_g=_rising(declared.weight_limit_g),
        price_minor=tuple(
            tuple(_within(price, 0, solvers.MOST_MINOR) for price in prices) for prices in declared.price_minor
        ),
        cold_pack_minor=_within(declared.cold_pack_minor, 0, solvers.MOST_MINOR),
        cold_pack_g=_within(declared.cold_pack_g, 1, solvers.MOST_M),
    )


def hand_out_day(days: int) -> int:
    """The latest hand-out that a plan knows."""
    return _within(days, 0, solvers.MOST_HAND_OUT_DAY)


def _numbers(declared: U, ranges: Limits, most: int) -> U:
    return replace(
        declared,
        **{
            term.name: _within(getattr(declared, term.name), *ranges.get(term.name, (0, most)))
            for term in fields(declared)
        },
    )


def _rising(limits: Sequence[int]) -> tuple[int, ...]:
    """Limits that still rise: what lies beyond the last metre or gram ends at it, one below the other."""
    return tuple(
        min(limit, solvers.MOST_M - later) for limit, later in zip(limits, reversed(range(len(limits))), strict=True)
    )


def _within(number: int, least: int, most: int) -> int:
    return max(least, min(number, most))
