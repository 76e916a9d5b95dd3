"""In which order the shop shows what it sells: by value, by published weights, and by nothing that can be bought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from farmlink.catalogue.values import ProductId
from farmlink.fairness.values import Merits, Rank
from farmlink.kernel.locale import marked
from farmlink.policy.values import Ranking

RANKING_VERSION: Final = 1
"""Raised whenever the same merits under the same weights would come in another order."""
WHOLE_PPM: Final = 1_000_000
BECAUSE: Final[Mapping[str, str]] = {
    "price_ppm": marked("Number {position} of {of}, most of all for its price for the grade."),
    "freshness_ppm": marked("Number {position} of {of}, most of all because it is fresh."),
    "kept_promises_ppm": marked("Number {position} of {of}, most of all because its farms keep what they promise."),
    "nearness_ppm": marked("Number {position} of {of}, most of all because its farms are near."),
}
POINTS: Final = marked(
    "Of 100 points each it has {price} for price, {freshness} for freshness, {kept} for kept promises and {nearness} "
    "for nearness; the public rules weigh these {price_weight}, {freshness_weight}, {kept_weight} and "
    "{nearness_weight} parts in a hundred. Nobody can buy a place."
)


def rank(merits: Sequence[Merits], weights: Ranking, reach_m: int) -> list[Rank]:
    """Order listings by the weighed sum of their merits, the best first; of equals, what was listed first.

    Each part is of a million. Price: the least price for a grade that any listing of the product has, by its own. What
    lies `reach_m` from the hub or farther is not near at all.
    """
    least = _least_prices(merits)
    scored = [_scored(one, weights, least[one.product_id], reach_m) for one in merits]
    ordered = sorted(scored, key=lambda one: (-one.score_ppm, one.listing_id))
    return [one.at(position) for position, one in enumerate(ordered, start=1)]


def strongest(one: Rank, weights: Ranking) -> str:
    """Which part weighs most in a listing's score; of equal ones, the one that the policy names first."""
    weighed = {
        "price_ppm": one.price_ppm * weights.price_weight_ppm,
        "freshness_ppm": one.freshness_ppm * weights.freshness_weight_ppm,
        "kept_promises_ppm": one.kept_promises_ppm * weights.kept_promises_weight_ppm,
        "nearness_ppm": one.nearness_ppm * weights.nearness_weight_ppm,
    }
    return max(weighed, key=lambda name: weighed[name])


def _scored(one: Merits, weights: Ranking, least: Fraction, reach_m: int) -> Rank:
    price = WHOLE_PPM
    if one.price_minor_per_1000:
        price = int(least * one.grade * WHOLE_PPM / one.price_minor_per_1000)
    nearness = max(0, reach_m - one.distance_m) * WHOLE_PPM // reach_m if reach_m and one.is_backed else 0
    freshness, kept = (one.freshness_ppm, one.kept_promises_ppm) if one.is_backed else (0, 0)
    score = (
        price * weights.price_weight_ppm
        + freshness * weights.freshness_weight_ppm
        + kept * weights.kept_promises_weight_ppm
        + nearness * weights.nearness_weight_ppm
    ) // WHOLE_PPM
    return Rank(
        version=RANKING_VERSION,
        listing_id=one.listing_id,
        position=0,
        score_ppm=score,
        price_ppm=price,
        freshness_ppm=freshness,
        kept_promises_ppm=kept,
        nearness_ppm=nearness,
    )


def _least_prices(merits: Sequence[Merits]) -> Mapping[ProductId, Fraction]:
    """The least price for a step of grade that any listing of a product has."""
    prices: dict[ProductId, list[Fraction]] = defaultdict(list)
    for one in merits:
        prices[one.product_id].append(Fraction(one.price_minor_per_1000, one.grade))
    return {product_id: min(found) for product_id, found in prices.items()}
