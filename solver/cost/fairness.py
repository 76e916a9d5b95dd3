"""The declared fairness terms: no money, but what equal footing weighs against money."""

from __future__ import annotations

import numpy as np

from solver.cost.amounts import PPM, half_up, lot_most
from solver.problem import Ints, Problem

FINE = 1000
"""A rate is in thousandths of a minor unit per thousand base units."""


def fairness_segments(problem: Problem) -> tuple[Ints, Ints]:
    """Ends of each lot's segments, and what a thousand base units in each cost, in thousandths of a minor unit.

    Both are lots x K. The term is a share of the lot's own ask. It grows with the part of the lot that is sold, weighs
    less on a farm that has sold less of its season's offers, and is lower by the premium for small farms.

    Notes
    -----
    Over a season, farms of the same product, price and place stay together: with utilisation u (sold by offered so far)
    and x the part of its lot that a farm sells in a cycle, exchanging what two farms sell changes nothing but the
    fairness term, so no cheapest plan sells more of the farm that is ahead. Two farms that are apart therefore come
    nearer or change places, and who changes places by a whole lot is ahead by at most that: after T cycles in which
    all took part the spread (most u less least u) is **at most 1 / T**, one cycle's lot. A cycle in which one of two
    declined, and so neither offered nor sold, adds at most 2 / T. Over 26 cycles in which a tenth of those asked
    declines, the spread stayed within **2 / T** wherever the farms lie around their hub (`scripts/bench season`).
    """
    policy, lots, farms = problem.policy, problem.lots, problem.farms
    segment = np.arange(1, policy.fairness_segments + 1, dtype=np.int64)
    ends = lot_most(problem)[:, None] * segment // policy.fairness_segments
    dearest_ppm = _season_ppm(problem) * policy.fairness_ppm // PPM
    rate_ppm = dearest_ppm[:, None] * segment // policy.fairness_segments
    rate_ppm = rate_ppm - np.where(farms.small, policy.small_farm_premium_ppm, 0)[:, None]
    return ends, lots.ask_minor_per_1000[:, None] * rate_ppm[lots.farm] * FINE // PPM


def _season_ppm(problem: Problem) -> Ints:
    """What each farm has sold of its season's offers; one without history is neither behind nor ahead of all others."""
    offered = problem.farms.season_offered_minor
    sold = np.minimum(problem.farms.season_sold_minor, offered)
    # Where nobody has any history, the full term.
    everybody_ppm = int(sold.sum()) * PPM // int(offered.sum()) if offered.any() else PPM
    season_ppm: Ints = np.where(offered > 0, sold * PPM // np.maximum(offered, 1), everybody_ppm)
    return season_ppm


def price_fairness(problem: Problem, sent: Ints) -> int:
    """Fairness terms of what lots send: their segments, less what the price band forgives."""
    ends, rate = fairness_segments(problem)
    starts = np.concatenate([np.zeros((len(ends), 1), dtype=np.int64), ends[:, :-1]], axis=1)
    in_segment = np.clip(sent[:, None], starts, ends) - starts
    forgiven = int((sent * (problem.lots.ask_minor_per_1000 - counted_ask(problem))).sum())
    return half_up(int((in_segment * rate).sum()) - forgiven * FINE, 1000 * FINE)


def counted_ask(problem: Problem) -> Ints:
    """Each lot's ask as the ranking counts it: within the band above the cheapest of its kind it is the cheapest."""
    lots = problem.lots
    kinds, kind = np.unique(np.stack([lots.product, lots.grade]), axis=1, return_inverse=True)
    cheapest = np.full(kinds.shape[1], np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(cheapest, kind, lots.ask_minor_per_1000)
    floor = cheapest[kind]
    equal = lots.ask_minor_per_1000 * PPM <= floor * (PPM + problem.policy.price_band_ppm)
    return np.where(equal, floor, lots.ask_minor_per_1000)
