"""Reasons that look at every farm in reach, and those that a plan gives of itself."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from solver import greedy
from solver.check import Rule, check
from solver.explain import explained
from solver.problem import Pins, ints
from solver.solution import Reason
from tests.solver.builder import BEEF, changed, small_plan, small_region, with_cell
from tests.solver.regions import made_region
from tests.solver.short_beef import disproof


def test_a_share_is_no_reason_where_no_farm_comes_near_it() -> None:
    # Two farms have beef; with a cap of a half neither may send all that is short.
    two = changed(small_region(), "lots", product=ints(0, 1, 0, BEEF, BEEF))
    capped = replace(two, policy=replace(two.policy, share_cap_ppm=500_000, share_cap_farms=2))
    said = "no farm with something left is near its share"
    assert said not in disproof(capped, Reason.SHARE_CAP)
    assert said in disproof(two, Reason.SHARE_CAP)


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
