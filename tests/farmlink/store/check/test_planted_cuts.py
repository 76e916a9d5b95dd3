"""`farmlink check` finds a cut that nobody can reckon again, and a line that has something else than it was given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.store.store import Store
from tests.farmlink.store.check.planting import IDS, LINE, ORDER, a_cycle, found

SHARE: dict[str, Any] = {
    "id": IDS["stock"],
    "cycle_id": IDS["cycle"],
    "kind": "partial",
    "rule": "pro-rata",
    "available": 15,
    "case_quantity": None,
}
CLAIM: dict[str, Any] = {
    "share_id": IDS["stock"],
    "line_id": IDS["line"],
    "whose": IDS["line"],
    "wanted": 20,
    "pack": 10,
    "extra": 0,
    "balance_ppm": 0,
    "got": 10,
    "welcome": 0,
}
CASES = {"id": IDS["listing"], "kind": "case", "available": 10, "case_quantity": 10}
OF_CASES = {"share_id": IDS["listing"], "welcome": None}
LEFT = {"got": 0, "left_it": True, "all_or_nothing": True}
CUT = {"wanted_packs": 2, "reason": "not-enough"}
EARLIER = {"welcome": None}
DROPPED = {"state": "cancelled", "reason": "not-enough", "batch_id": None}
OTHER, THEIRS = uuid7(), uuid7()
Row = tuple[str, dict[str, Any]]


def cut(line: dict[str, Any], share: dict[str, Any], claim: dict[str, Any]) -> list[Row]:
    """A cycle of which a line was cut from two packs to one, but for what is said of it."""
    return [*a_cycle(order_line=CUT | line), ("cut_share", SHARE | share), ("cut_claim", CLAIM | claim)]


def beside(share: UUID = IDS["stock"], *, whose: UUID = OTHER, consumer_id: UUID = THEIRS) -> list[Row]:
    """Another line of the same goods, of somebody else, that got what it wanted, but for what is said of it."""
    return [
        ("consumer_order", ORDER | {"id": THEIRS, "consumer_id": consumer_id}),
        ("order_line", LINE | {"id": OTHER, "order_id": THEIRS}),
        ("cut_claim", CLAIM | {"share_id": share, "line_id": OTHER, "whose": whose, "wanted": 10}),
    ]


def about_cuts(judged: set[tuple[int, str, str]]) -> set[tuple[int, str, str]]:
    return {one for one in judged if one[1] in {"cut_share", "cut_claim"} or "cut-off" in one[2]}


def test_a_cut_whose_claims_are_kept_and_agree_is_none(store: Store) -> None:
    assert about_cuts(found(store, *cut({}, {}, {}))) == set()
    dropped = cut(DROPPED | {"wanted_packs": None}, {"available": 0}, {"got": 0, "wanted": 10})
    assert about_cuts(found(store, *dropped)) == set()
    both = [*cut({}, {"available": 25}, {}), *beside()]
    assert about_cuts(found(store, *both)) == set()
    of_twenty = CASES | {"available": 20, "case_quantity": 20}
    assert about_cuts(found(store, *cut({}, of_twenty, OF_CASES), *beside(IDS["listing"]))) == set()


def test_what_was_cut_last_is_what_a_line_has(store: Store) -> None:
    earlier = [("cut_share", SHARE | {"available": 35}), ("cut_claim", CLAIM | {"got": 20})]
    of_twenty = CASES | {"available": 20, "case_quantity": 20}
    later = [*cut({}, of_twenty, OF_CASES), *beside(IDS["listing"])]

    assert about_cuts(found(store, *later, *earlier)) == set()


@pytest.mark.parametrize("deed", ["cycle.fill-cases", "cycle.share-partial"])
def test_a_cut_from_before_claims_were_kept_is_none(store: Store, deed: str) -> None:
    done = ("audit_entry", {"id": uuid7(), "actor": "scheduler", "action": deed, "subject": IDS["cycle"], "facts": {}})

    assert about_cuts(found(store, *a_cycle(order_line=CUT), done)) == set()


@pytest.mark.parametrize(
    ("line", "share", "claim"),
    [
        ({}, {"available": 21}, {}),
        (DROPPED | {"quantity": 20}, {"available": 20}, LEFT),
    ],
)
def test_what_came_in_part_is_judged_by_the_rule_of_its_time(
    store: Store, line: dict[str, Any], share: dict[str, Any], claim: dict[str, Any]
) -> None:
    assert about_cuts(found(store, *cut(line, share, claim | EARLIER))) == set()


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
        ({}, {"available": 0}, LEFT, "order_line", "is placed and has 10, its claim at the cut-off got 0 of 20"),
        (
            {},
            {"available": 0},
            LEFT | {"wanted": 10},
            "order_line",
            "is placed and has 10, its claim at the cut-off got 0 of 10",
        ),
        (
            DROPPED,
            {"available": 0},
            LEFT,
            "order_line",
            "is cancelled and has 10, its claim at the cut-off got 0 of 20",
        ),
        ({}, {"available": 0}, {}, "cut_share", "shares 0, its claims got 10"),
        ({}, {"available": 21}, {}, "cut_share", "shares 21, its claims got 10, and 10 more could be given"),
        (DROPPED | {"quantity": 20}, {"available": 20}, LEFT, "cut_share", "gave nobody anything of 20"),
        ({}, CASES | {"available": 20}, OF_CASES | {"wanted": 11}, "cut_share", "shares 20, its claims got 10"),
        ({}, CASES | {"case_quantity": 4}, OF_CASES | {"wanted": 11}, "cut_share", "buys 10 in cases of 4"),
        ({}, CASES, OF_CASES, "cut_share", "cut 20 to 10, a whole case more than must be"),
        (
            {},
            CASES | {"case_quantity": 5, "spare": 4},
            OF_CASES | {"wanted": 11, "welcome": 4},
            "cut_share",
            "was cut to whole cases, and could have been filled",
        ),
        (
            DROPPED | {"quantity": 20},
            CASES | {"available": 0},
            OF_CASES | {"got": 0},
            "cut_share",
            "cut 20 to 0, a whole case more than must be",
        ),
        ({}, {"rule": "lottery"}, {}, "cut_share", "was shared by lottery, its cycle declared pro-rata"),
        ({}, {}, {"whose": uuid7()}, "cut_claim", "draws as nobody who shares these goods"),
        ({"listing_id": uuid7()}, {}, {}, "cut_claim", "is of other goods than what was shared"),
        ({"cycle_id": uuid7()}, {}, {}, "cut_claim", "is of other goods than what was shared"),
    ],
)
def test_a_share_that_is_not_what_was_given_is_found(
    store: Store, line: dict[str, Any], share: dict[str, Any], claim: dict[str, Any], table: str, what: str
) -> None:
    assert about_cuts(found(store, *cut(line, share, claim))) == {(7, table, what)}


@pytest.mark.parametrize(
    ("theirs", "what"),
    [
        ({"whose": IDS["line"]}, "draws as nobody who shares these goods"),
        ({"consumer_id": IDS["consumer"]}, "draws for one person a second time"),
    ],
)
def test_a_claim_that_draws_for_somebody_else_or_twice_is_found(
    store: Store, theirs: dict[str, UUID], what: str
) -> None:
    rows = [*cut({}, {"available": 25}, {}), *beside(**theirs)]
    judged = found(store, *rows, without=("consumer_order_once_a_cycle",))

    assert about_cuts(judged) == {(7, "cut_claim", what)}
