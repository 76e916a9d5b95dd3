"""A cap on what one farm sells, and what it gives way to."""

from dataclasses import replace

from solver.check import Rule
from solver.problem import Pins, Problem, ints
from solver.reserves import share_limits
from solver.solution import Solution
from tests.solver.builder import APPLES, changed, plan, small_decisions, small_region, with_cell
from tests.solver.judged import broken


def capped(share_ppm: int, farms: int) -> tuple[Problem, Solution]:
    problem = changed(small_region(), "lots", grade=ints(3, 2, 4, 2, 3))
    problem = replace(problem, policy=replace(problem.policy, share_cap_ppm=share_ppm, share_cap_farms=farms))
    return problem, plan(problem, small_decisions())


def test_one_farm_sells_no_more_than_its_share() -> None:
    # Farm 0 sells 140 of the 152 kg of apples that are asked: 921,052 ppm.
    assert broken(*capped(921_053, 3)) == set()
    assert broken(*capped(921_000, 3)) == {Rule.SHARES}


def test_a_cap_gives_way_to_what_nobody_else_can_serve() -> None:
    # The others have 12 of 152 kg; farm 0 sells the other 140, whatever its share may be.
    alone = {"offered": ints(200_000, 100_000, 6000, 3000, 6000), "minimum": ints(10_000, 10_000, 0, 100, 0)}
    problem, _ = capped(400_000, 3)
    problem = changed(problem, "lots", **alone)
    decisions = small_decisions()
    decisions.allocations[3] = (2, 4, 6000)
    for trip in decisions.trips:
        for _, carried in trip.stops:
            if 3 in carried:
                carried[3] = 6000  # type: ignore[index]  # the hand-made dictionaries are ours to change
    assert share_limits(problem)[APPLES, 0] == 140_000
    assert Rule.SHARES not in broken(problem, plan(problem, replace(decisions, standby=[])))
    # With a kilogram more elsewhere the cap gives way to a kilogram less.
    more = with_cell(problem, "lots", "offered", 4, 7000)
    assert share_limits(more)[APPLES, 0] == 139_000
    assert Rule.SHARES in broken(more, plan(more, replace(decisions, standby=[])))


def test_a_cap_gives_way_by_grade() -> None:
    # Only farm 2 has the fourth grade that the second batch asks: it may sell all of that, the others nothing of it.
    problem, _ = capped(100_000, 3)
    problem = changed(problem, "batches", grade=ints(2, 4, 2, 1, 2, 1))
    limits = share_limits(problem)
    assert limits[APPLES, 2] == 60_000
    assert share_limits(replace(problem, policy=replace(problem.policy, share_cap_ppm=1_000_000))) == {}


def test_a_share_is_capped_only_where_enough_farms_are_eligible() -> None:
    assert broken(*capped(100_000, 4)) == set()


def test_a_promise_stands_above_the_cap() -> None:
    problem, _ = capped(100_000, 3)
    problem = replace(problem, pins=Pins(ints(0), ints(140_000), ints(150_000)))
    assert broken(problem, plan(problem, small_decisions())) == set()
