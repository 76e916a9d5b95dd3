"""Which rule a plan names where several could be blamed."""

from dataclasses import fields, replace
from typing import Any

import pytest

from solver import check, greedy
from solver.problem import Pins, Problem, ints
from solver.solution import Reason
from tests.solver.builder import APPLES, changed, small_region


def reasons(problem: Problem) -> dict[str, str]:
    """By batch, as the first plan gives them."""
    found = greedy(problem)
    assert check(problem, found) == ()
    names = problem.batches.id[found.shortfalls.batch].tolist()
    return dict(zip(names, found.shortfalls.reason.tolist(), strict=True))


def without(table: Any) -> dict[str, Any]:
    return {column.name: getattr(table, column.name)[:0] for column in fields(table)}


def no_hubs(problem: Problem) -> Problem:
    parked = changed(problem, "vehicles", **without(problem.vehicles))
    emptied: Problem = changed(parked, "hubs", **without(problem.hubs))
    return emptied


def full_hubs(problem: Problem) -> Problem:
    shut: Problem = changed(problem, "hubs", throughput_g=ints(0, 0))
    return shut


@pytest.mark.parametrize("shut", [no_hubs, full_hubs])
def test_where_every_hub_is_closed_that_is_the_reason_and_not_the_roads(shut: Any) -> None:
    found = reasons(shut(small_region()))
    assert found.pop("batch 5") == Reason.NO_SUPPLY
    assert set(found.values()) == {Reason.NO_HUB}


def answered(ask_minor_per_1000: int, *, declined: bool) -> Problem:
    """Farm 0 with the apples asks so much and perhaps says no; the other farms' are dearer than a shortage."""
    problem: Problem = changed(
        small_region(), "lots", ask_minor_per_1000=ints(ask_minor_per_1000, 170, 5000, 25_000, 1)
    )
    return replace(problem, pins=Pins(ints(0), ints(0), ints(0)) if declined else Pins())


def apples(problem: Problem) -> set[str]:
    found, mine = reasons(problem), problem.batches.product == APPLES
    return {found[name] for name in problem.batches.id[mine].tolist() if name in found}


def test_a_no_that_leaves_only_dearer_goods_is_the_reason() -> None:
    assert apples(answered(190, declined=True)) == {Reason.PIN}


def test_goods_that_were_too_dear_before_their_farm_said_no_are_still_too_dear() -> None:
    assert apples(answered(6000, declined=True)) == {Reason.TOO_DEAR}


def test_nobody_is_blamed_who_did_not_answer() -> None:
    assert apples(answered(190, declined=False)) == set()
    assert apples(answered(6000, declined=False)) == {Reason.TOO_DEAR}
