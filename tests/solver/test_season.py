"""Fairness over a season: equal farms stay together, because the plan knows what each has sold so far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver import greedy
from tests.solver.season import OFFER_G, Cycle, Season, by_farm, region, season, within

PLACES = pytest.mark.parametrize("around", [False, True], ids=["in one village", "all around the hub"])
SEEDS = pytest.mark.parametrize("seed", [0, 1, 2])


def planned(terms: Season) -> list[Cycle]:
    return list(season(terms, greedy))


def kept(cycles: list[Cycle]) -> bool:
    return all(cycle.spread <= most for cycle, most in zip(cycles, within(cycles), strict=True))


@PLACES
@SEEDS
def test_equal_farms_are_never_further_apart_than_one_lot_of_a_cycle(seed: int, *, around: bool) -> None:
    assert kept(planned(Season(seed, around=around, declines_ppm=0)))


@PLACES
@SEEDS
def test_not_even_when_some_decline_are_they_two_lots_apart(seed: int, *, around: bool) -> None:
    assert kept(planned(Season(seed, around=around)))


@SEEDS
def test_a_plan_that_does_not_know_the_season_keeps_no_such_bound(seed: int) -> None:
    known = Season(seed, around=True, declines_ppm=0)
    assert not kept(planned(replace(known, ledger=False)))
    assert not kept(planned(replace(known, fairness_ppm=0)))


def test_a_farm_that_comes_late_is_neither_favoured_nor_held_back() -> None:
    terms = Season(0)
    offered, sold = np.full(terms.farms, 1_000_000), np.full(terms.farms, 500_000)
    offered[3] = sold[3] = 0
    problem = region(terms, terms.farms * OFFER_G // 2, offered, sold)
    sent = by_farm(problem, greedy(problem))
    # No more than one segment of a lot apart: the term has five.
    assert sent.min() > 0
    assert sent.max() - sent.min() <= OFFER_G // terms.segments
