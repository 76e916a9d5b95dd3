from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import greedy
from solver.check import Rule, check
from solver.explain import explained
from solver.problem import AMBIENT, CHILLED, FROZEN, Pins, Problem, ints
from solver.solution import Reason
from tests.solver.builder import BEEF, changed, flags, plan, small_decisions, small_plan, small_region, with_cell
from tests.solver.regions import made_region

Change = Callable[[Problem], Problem]


def beef_region() -> Problem:
    """Farm 1 has 50 kg of beef, and 5 kg of it are asked at point 0; nobody sends them."""
    region: Problem = changed(small_region(), "lots", product=ints(0, 1, 0, 2, BEEF))
    return region


def disproof(problem: Problem, reason: Reason) -> str:
    """What the checker has against this reason for the beef that is short, empty when nothing."""
    decisions = replace(small_decisions(), reasons={5: reason})
    return "; ".join(violation.message for violation in check(problem, plan(problem, decisions)))


def cell(table: str, column: str, row: int, value: int) -> Change:
    return lambda problem: with_cell(problem, table, column, row, value)


def unchanged(problem: Problem) -> Problem:
    return problem


def refused(problem: Problem) -> Problem:
    return replace(problem, pins=Pins(ints(4), ints(0), ints(0)))


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


def test_a_share_is_no_reason_where_no_farm_comes_near_it() -> None:
    # Two farms have beef; with a cap of a half neither may send all that is short.
    two = changed(small_region(), "lots", product=ints(0, 1, 0, BEEF, BEEF))
    capped = replace(two, policy=replace(two.policy, share_cap_ppm=500_000, share_cap_farms=2))
    said = "no farm with something left is near its share"
    assert said not in disproof(capped, Reason.SHARE_CAP)
    assert said in disproof(two, Reason.SHARE_CAP)


def test_a_point_without_trucks_may_be_out_of_reach() -> None:
    parcels_only = changed(beef_region(), "points", by_truck=flags(False, True, True))
    assert "reaches" not in disproof(parcels_only, Reason.UNREACHABLE)


def test_that_the_vehicles_are_full_cannot_be_disproved() -> None:
    assert disproof(beef_region(), Reason.VEHICLE_CAPACITY) == ""


def test_a_farm_out_of_reach_is_the_reason_when_those_in_reach_have_sold_out() -> None:
    # Farm 1 has nothing left of its beef; farm 2 has some, and its gate closes before anybody could be there.
    two = changed(small_region(), "lots", product=ints(0, 1, 0, BEEF, BEEF))
    spent = replace(two, pins=Pins(ints(4), ints(0), ints(0)))
    shut = with_cell(spent, "farms", "closes_s", 2, 8 * 3600 + 60)
    said = "a vehicle reaches a farm that has it and the point"
    assert said in disproof(spent, Reason.UNREACHABLE)
    assert said not in disproof(shut, Reason.UNREACHABLE)


def test_a_plan_explains_itself() -> None:
    problem, solution = small_plan()
    found = explained(problem, solution)
    assert check(problem, found) == ()
    assert {"lot", "batch", "vehicle"} <= {explanation.subject for explanation in found.report.explanations}


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_no_first_plan_gives_a_reason_that_it_disproves(seed: int) -> None:
    problem = made_region(seed)
    assert [str(violation) for violation in check(problem, greedy(problem)) if violation.rule is Rule.REASONS] == []
