"""`farmlink check` finds a cut that nobody can reckon again, and a line that has something else than it was given."""

from __future__ import annotations

from typing import Any

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.store.store import Store
from tests.farmlink.store.check.planting import IDS, a_cycle, found

SHARE: dict[str, Any] = {
    "id": IDS["listing"],
    "cycle_id": IDS["cycle"],
    "kind": "case",
    "rule": "pro-rata",
    "available": 10,
    "case_quantity": 10,
}
CLAIM: dict[str, Any] = {
    "share_id": IDS["listing"],
    "line_id": IDS["line"],
    "whose": IDS["line"],
    "wanted": 20,
    "pack": 10,
    "extra": 0,
    "balance_ppm": 0,
    "got": 10,
}
CUT = {"wanted_packs": 2, "reason": "case-not-full"}
DROPPED = {"state": "cancelled", "reason": "not-enough", "batch_id": None}


def cut(line: dict[str, Any], share: dict[str, Any], claim: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """A cycle of which a line was cut from two packs to one, but for what is said of it."""
    return [*a_cycle(order_line=CUT | line), ("cut_share", SHARE | share), ("cut_claim", CLAIM | claim)]


def about_cuts(judged: set[tuple[int, str, str]]) -> set[tuple[int, str, str]]:
    return {one for one in judged if one[1] == "cut_share" or "cut-off" in one[2]}


def test_a_cut_whose_claims_are_kept_and_agree_is_none(store: Store) -> None:
    assert about_cuts(found(store, *cut({}, {}, {}))) == set()
    dropped = cut(DROPPED | {"wanted_packs": None}, {"available": 0}, {"got": 0, "wanted": 10})
    assert about_cuts(found(store, *dropped)) == set()


def test_what_was_cut_last_is_what_a_line_has(store: Store) -> None:
    before = {"id": uuid7(), "kind": "partial", "case_quantity": None, "available": 20}
    earlier = [("cut_share", SHARE | before), ("cut_claim", CLAIM | {"share_id": before["id"], "got": 20})]

    assert about_cuts(found(store, *cut({}, {}, {}), *earlier)) == set()


@pytest.mark.parametrize("deed", ["cycle.fill-cases", "cycle.share-partial"])
def test_a_cut_from_before_claims_were_kept_is_none(store: Store, deed: str) -> None:
    done = ("audit_entry", {"id": uuid7(), "actor": "scheduler", "action": deed, "subject": IDS["cycle"], "facts": {}})

    assert about_cuts(found(store, *a_cycle(order_line=CUT), done)) == set()


@pytest.mark.parametrize("line", [CUT, {"wanted_packs": 1}, DROPPED])
def test_a_cut_without_its_claims_is_found(store: Store, line: dict[str, Any]) -> None:
    planted = found(store, *a_cycle(order_line=line))

    assert about_cuts(planted) == {(7, "order_line", "was cut at the cut-off, and no claim of it is kept")}


@pytest.mark.parametrize(
    ("line", "share", "claim", "table", "what"),
    [
        (
            {},
            {"available": 20},
            {"got": 20},
            "order_line",
            "is placed and has 10, its claim at the cut-off got 20 of 20",
        ),
        ({}, {"available": 0}, {"got": 0}, "order_line", "is placed and has 10, its claim at the cut-off got 0 of 20"),
        (
            {},
            {"available": 0},
            {"got": 0, "wanted": 10},
            "order_line",
            "is placed and has 10, its claim at the cut-off got 0 of 10",
        ),
        (
            DROPPED,
            {"available": 0},
            {"got": 0},
            "order_line",
            "is cancelled and has 10, its claim at the cut-off got 0 of 20",
        ),
        ({}, {"available": 20}, {}, "cut_share", "shares 20, its claims got 10"),
        ({}, {"available": 0}, {}, "cut_share", "shares 0, its claims got 10"),
        ({}, {"case_quantity": 4}, {}, "cut_share", "buys 10 in cases of 4"),
        ({}, {"rule": "lottery"}, {}, "cut_share", "was shared by lottery, its cycle declared pro-rata"),
    ],
)
def test_a_share_that_is_not_what_was_given_is_found(
    store: Store, line: dict[str, Any], share: dict[str, Any], claim: dict[str, Any], table: str, what: str
) -> None:
    assert about_cuts(found(store, *cut(line, share, claim))) == {(7, table, what)}
