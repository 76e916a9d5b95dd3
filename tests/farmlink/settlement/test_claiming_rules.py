"""What an accepted claim gives back, and who bears it."""

from __future__ import annotations

import pytest

from farmlink.claims.values import Step
from farmlink.settlement.rules.claiming import NothingLeftError, bearer_of, given_back_minor
from farmlink.settlement.values import Bearer, Reversible


def line(charged: int, credited: int = 0) -> Reversible:
    return Reversible(charged, credited, 0, (), {})


def test_a_part_costs_its_share_of_the_line_half_up() -> None:
    assert given_back_minor(line(100), 8, 0, 3) == 38
    assert given_back_minor(line(100), 3, 0, 1) == 33


def test_parts_that_are_granted_one_by_one_come_to_the_whole() -> None:
    granted = [given_back_minor(line(100, credited), 3, before, 1) for before, credited in ((0, 0), (1, 33), (2, 67))]
    assert granted == [33, 34, 33]


def test_no_more_is_given_back_than_is_left_of_the_line() -> None:
    assert given_back_minor(line(100, 90), 10, 0, 5) == 10
    for nothing in ((line(100, 100), 10), (line(1), 10_000)):
        with pytest.raises(NothingLeftError):
            given_back_minor(*nothing, 0, 1)


def test_farms_bear_their_part_only_of_what_came_bad_from_them() -> None:
    assert {step: bearer_of(step) for step in Step} == dict.fromkeys(Step, Bearer.HUB) | {Step.FARM: Bearer.SHARED}
