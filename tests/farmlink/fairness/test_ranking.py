"""In which order the shop shows what it sells: by value and by nothing that can be bought."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from inspect import signature
from random import Random
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import ListingId
from farmlink.fairness.rules.ranking import BECAUSE, RANKING_VERSION, rank, strongest
from farmlink.fairness.values import Merits, Rank
from farmlink.policy.values import Ranking

REACH_M = 250_000
APPLES = ProductId(UUID(int=1))
WEIGHTS = Ranking()


def merits(number: int = 1, **given_: Any) -> Merits:
    terms: dict[str, Any] = {"product_id": APPLES, "grade": 4, "price_minor_per_1000": 300}
    return Merits(listing_id=ListingId(UUID(int=number)), **terms | given_)


def ranked(*listings: Merits, weights: Ranking = WEIGHTS) -> list[int]:
    """The listings' numbers, the best first."""
    return [one.listing_id.int for one in rank(listings, weights, REACH_M)]


def only(one: Merits) -> Rank:
    (found,) = rank([one], WEIGHTS, REACH_M)
    return found


def test_of_two_prices_for_the_same_grade_the_lower_stands_first() -> None:
    assert ranked(merits(1, price_minor_per_1000=301), merits(2, price_minor_per_1000=300)) == [2, 1]


def test_a_better_grade_may_cost_more() -> None:
    assert ranked(merits(1, grade=3, price_minor_per_1000=300), merits(2, grade=5, price_minor_per_1000=400)) == [2, 1]


def test_goods_are_compared_with_their_own_kind_alone() -> None:
    kale = merits(2, product_id=ProductId(UUID(int=2)), price_minor_per_1000=900)
    assert [one.price_ppm for one in rank([merits(1), kale], WEIGHTS, REACH_M)] == [1_000_000, 1_000_000]


def test_what_costs_nothing_has_the_best_price() -> None:
    first, second = rank([merits(1), merits(2, price_minor_per_1000=0)], WEIGHTS, REACH_M)
    assert (first.listing_id.int, first.price_ppm, second.price_ppm) == (2, 1_000_000, 0)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"distance_m": 10_000}, {"distance_m": 20_000}),
        ({"freshness_ppm": 900_000}, {"freshness_ppm": 800_000}),
        ({"kept_promises_ppm": 990_000}, {"kept_promises_ppm": 950_000}),
    ],
)
def test_nearer_fresher_and_truer_to_its_word_stands_first(better: dict[str, int], worse: dict[str, int]) -> None:
    assert ranked(merits(1, **worse), merits(2, **better)) == [2, 1]


def test_the_parts_are_weighed_as_the_policy_says() -> None:
    found = only(merits(distance_m=125_000, freshness_ppm=800_000, kept_promises_ppm=900_000))
    assert (found.price_ppm, found.nearness_ppm) == (1_000_000, 500_000)
    assert found.score_ppm == 400_000 + 200_000 + 225_000 + 50_000
    assert found.version == RANKING_VERSION == 1


def test_what_is_as_far_as_the_policy_calls_remote_is_not_near_at_all() -> None:
    assert only(merits(distance_m=REACH_M)).nearness_ppm == 0
    assert only(merits(distance_m=10 * REACH_M)).nearness_ppm == 0
    assert rank([merits()], WEIGHTS, 0)[0].nearness_ppm == 0


def test_what_no_lot_stands_behind_has_its_price_alone() -> None:
    found = only(merits(freshness_ppm=5, kept_promises_ppm=5, is_backed=False))
    assert (found.freshness_ppm, found.kept_promises_ppm, found.nearness_ppm) == (0, 0, 0)
    assert found.score_ppm == WEIGHTS.price_weight_ppm


def test_of_equals_what_was_listed_first_stands_first() -> None:
    assert ranked(merits(2), merits(1)) == [1, 2]
    assert [one.position for one in rank([merits(2), merits(1)], WEIGHTS, REACH_M)] == [1, 2]


def test_the_sentence_names_what_weighs_most() -> None:
    assert strongest(only(merits()), WEIGHTS) == "price_ppm"
    for name in BECAUSE:
        weights = replace(Ranking(0, 0, 0, 0), **{name.replace("_ppm", "_weight_ppm"): 1_000_000})
        assert strongest(only(merits(freshness_ppm=9, kept_promises_ppm=9)), weights) == name


DRAWN = st.builds(
    merits,
    number=st.just(1),
    product_id=st.sampled_from([APPLES, ProductId(UUID(int=2))]),
    grade=st.integers(1, 5),
    price_minor_per_1000=st.integers(0, 1000),
    distance_m=st.integers(0, 400_000),
    freshness_ppm=st.integers(0, 1_000_000),
    kept_promises_ppm=st.integers(0, 1_000_000),
    is_backed=st.booleans(),
)
SHELF = st.lists(DRAWN, min_size=1, max_size=8).map(
    lambda drawn: [replace(one, listing_id=ListingId(UUID(int=row))) for row, one in enumerate(drawn, start=1)]
)


@given(shelf=SHELF, shuffle=st.integers(0, 99))
def test_the_order_in_which_they_are_read_changes_nothing(shelf: list[Merits], shuffle: int) -> None:
    assert ranked(*Random(shuffle).sample(shelf, len(shelf))) == ranked(*shelf)


@given(shelf=SHELF, better=st.sampled_from(["price", "distance_m", "freshness_ppm", "kept_promises_ppm", "grade"]))
def test_nobody_loses_a_place_by_becoming_better(shelf: list[Merits], better: str) -> None:
    first = replace(shelf[0], is_backed=True)
    improved = {
        "price": replace(first, price_minor_per_1000=first.price_minor_per_1000 * 2 // 3),
        "distance_m": replace(first, distance_m=first.distance_m // 2),
        "freshness_ppm": replace(first, freshness_ppm=min(1_000_000, first.freshness_ppm + 100_000)),
        "kept_promises_ppm": replace(first, kept_promises_ppm=min(1_000_000, first.kept_promises_ppm + 100_000)),
        "grade": replace(first, grade=min(5, first.grade + 1)),
    }[better]
    before, after = ranked(first, *shelf[1:]), ranked(improved, *shelf[1:])
    assert after.index(1) <= before.index(1)


def test_no_field_that_it_reads_can_be_bought() -> None:
    """What orders the shelf is what follows, whole: a field more must be put here by somebody who can say why."""
    read = {
        "merits.listing_id": "which listing it is; of equals, the older stands first",
        "merits.product_id": "with what it is compared",
        "merits.grade": "what was promised of its quality",
        "merits.price_minor_per_1000": "what its buyers pay, and nobody else",
        "merits.distance_m": "where its farms lie",
        "merits.freshness_ppm": "when its lots were harvested",
        "merits.kept_promises_ppm": "how its farms answered and delivered what they were asked for",
        "merits.is_backed": "whether any lot stands behind it",
        "weights.price_weight_ppm": "the published policy",
        "weights.freshness_weight_ppm": "the published policy",
        "weights.kept_promises_weight_ppm": "the published policy",
        "weights.nearness_weight_ppm": "the published policy",
        "reach_m": "the published policy: what it calls remote",
    }
    hints = get_type_hints(rank)
    given_ = {name: hints[name] for name in signature(rank).parameters}
    assert set(walked("", given_)) == set(read)


def walked(path: str, given_: dict[str, Any]) -> list[str]:
    """The path of every field that a function is given, down to what is no dataclass."""
    found = []
    for name, kind in given_.items():
        inner = next((one for one in (kind, *getattr(kind, "__args__", ())) if is_dataclass(one)), None)
        if inner is None:
            found.append(f"{path}{name}")
        else:
            hints = get_type_hints(inner)
            found += walked(f"{path}{name}.", {field.name: hints[field.name] for field in fields(inner)})
    return found
