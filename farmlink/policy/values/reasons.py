"""The closed list of reasons for which somebody gets less than they ordered: no other is ever stored."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class CutReason(StrEnum):
    """Why less, in the order in which an order can meet it."""

    CONSUMER = "consumer"
    PLANNER = "planner"
    THRESHOLD = "threshold"
    CASE_NOT_FULL = "case-not-full"
    NOT_ENOUGH = "not-enough"
    NO_SUPPLY = "no-supply"
    GRADE = "grade"
    FRESHNESS = "freshness"
    SOLD_OUT = "sold-out"
    MINIMUM_VISIT = "minimum-visit"
    WHOLE_PACKS = "whole-packs"
    SHARE_CAP = "share-cap"
    HUB_THROUGHPUT = "hub-throughput"
    VEHICLE_CAPACITY = "vehicle-capacity"
    COLD_CHAIN = "cold-chain"
    NO_HUB = "no-hub"
    UNREACHABLE = "unreachable"
    TOO_DEAR = "too-dear"
    PIN = "pin"
    TOO_LARGE = "too-large"
    TOO_HEAVY = "too-heavy"
    TOO_BULKY = "too-bulky"
    TOO_COSTLY = "too-costly"
    NOT_PLANNED = "not-planned"
    NOT_RECEIVED = "not-received"
    NOT_WHOLE = "not-whole"
    SWAPPED = "swapped"
    NOT_COLLECTED = "not-collected"
    SPOILED = "spoiled"


AT_CUT_OFF: Final = (
    CutReason.CONSUMER,
    CutReason.PLANNER,
    CutReason.THRESHOLD,
    CutReason.CASE_NOT_FULL,
    CutReason.NOT_ENOUGH,
)
"""Said of an order or a line before anything is planned."""
AT_SHARING: Final = (CutReason.NOT_PLANNED, CutReason.NOT_RECEIVED, CutReason.NOT_WHOLE, CutReason.SWAPPED)
"""Said of a line when what came in is shared out, beside the plan's own reasons."""
AT_HAND_OUT: Final = (CutReason.NOT_COLLECTED, CutReason.SPOILED)
"""Said at the point, of what was due."""
BY_PLAN: Final = tuple(reason for reason in CutReason if reason not in {*AT_CUT_OFF, *AT_SHARING, *AT_HAND_OUT})
"""Said of a batch by a plan that leaves something of it unserved."""


def listed(column: str, reasons: Iterable[CutReason]) -> str:
    """The condition by which a table takes these reasons alone."""
    return f"{column} IN ({', '.join(repr(reason.value) for reason in reasons)})"
