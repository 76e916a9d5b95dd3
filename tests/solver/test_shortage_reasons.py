"""Each reason for a shortage: a plan in which it may be true, and one that disproves it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from solver.problem import AMBIENT, CHILLED, FROZEN, Pins, Problem, ints
from solver.solution import Reason
from tests.solver.builder import changed, flags, with_cell
from tests.solver.short_beef import beef_region, disproof

Change = Callable[[Problem], Problem]


def cell(table: str, column: str, row: int, value: int) -> Change:
    return lambda problem: with_cell(problem, table, column, row, value)


def unchanged(problem: Problem) -> Problem:
    return problem


def refused(problem: Problem) -> Problem:
    return replace(problem, pins=Pins(ints(4), ints(0), ints(0)))


def closed(problem: Problem) -> Problem:
    shut: Problem = changed(problem, "hubs", throughput_g=ints(0, 0))
    return shut


def all_alike(problem: Problem) -> Problem:
    alike: Problem = changed(problem, "vehicles", cold=ints(*[AMBIENT | CHILLED | FROZEN] * 3))
    return alike


@pytest.mark.parametrize(
    ("reason", "may_be", "cannot_be", "because"),
    [
        (Reason.TOO_DEAR, unchanged, refused, "no fitting lot has anything left, at any price"),
        (Reason.SOLD_OUT, refused, unchanged, "fitting lots have something left"),
        (Reason.PIN, refused, unchanged, "no fitting lot is held down by an answer"),
        (
            Reason.MINIMUM_VISIT,
            cell("lots", "minimum", 4, 5001),
            unchanged,
            "what is missing is worth a visit to every farm",
        ),
        (
            Reason.WHOLE_PACKS,
            cell("lots", "pack", 4, 5001),
            cell("lots", "pack", 4, 5000),
            "what is missing is a pack or more of every lot",
        ),
        (
            Reason.HUB_THROUGHPUT,
            cell("hubs", "throughput_g", 0, 230_000),
            unchanged,
            "every hub has room for it",
        ),
        (Reason.NO_HUB, closed, unchanged, "a hub is open"),
        (Reason.COLD_CHAIN, unchanged, all_alike, "every vehicle carries its cold class"),
        (
            Reason.UNREACHABLE,
            cell("points", "closes_s", 0, 31 * 3600 + 60),
            unchanged,
            "a vehicle reaches a farm that has it and the point",
        ),
    ],
)
def test_no_reason_that_the_plan_disproves_is_given(
    reason: Reason, may_be: Change, cannot_be: Change, because: str
) -> None:
    assert because not in disproof(may_be(beef_region()), reason)
    assert disproof(cannot_be(beef_region()), reason) == because


def test_a_point_without_trucks_may_be_out_of_reach() -> None:
    parcels_only = changed(beef_region(), "points", by_truck=flags(False, True, True))
    assert "reaches" not in disproof(parcels_only, Reason.UNREACHABLE)


def test_that_the_vehicles_are_full_cannot_be_disproved() -> None:
    assert disproof(beef_region(), Reason.VEHICLE_CAPACITY) == ""
