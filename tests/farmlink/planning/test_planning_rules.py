from datetime import UTC, datetime, timedelta

import pytest

from farmlink.cycles.values import Stage
from farmlink.kernel.ids import uuid7
from farmlink.network.values import HubId
from farmlink.planning import rules
from farmlink.planning.values import Crowd, PinChange
from farmlink.policy.values import PolicyDocument
from farmlink.supply.values import LotId

NOW = datetime(2031, 9, 1, tzinfo=UTC)
LOT, OTHER = LotId(uuid7()), LotId(uuid7())


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.PLANNED, Stage.CONFIRMING, Stage.CONFIRMED])
def test_a_cycle_is_planned_from_its_cut_off_until_its_goods_move(stage: Stage) -> None:
    rules.require_plannable(stage)


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.OPEN, Stage.MOVING, Stage.DONE, Stage.CANCELLED])
def test_a_cycle_is_planned_neither_before_its_cut_off_nor_once_goods_move(stage: Stage) -> None:
    with pytest.raises(rules.NotPlannableError, match=stage.value):
        rules.require_plannable(stage)


def test_a_run_is_dead_when_its_lease_has_run_out_and_not_before() -> None:
    assert rules.is_dead(NOW - timedelta(microseconds=1), NOW)
    assert not rules.is_dead(NOW, NOW)


def test_versions_of_a_plan_count_from_one() -> None:
    assert (rules.next_version(None), rules.next_version(7)) == (1, 8)


def test_a_plan_within_the_promises_keeps_them() -> None:
    assert rules.broken_pins([PinChange(LOT, 5, 9), PinChange(OTHER, 0, 0)], {LOT: 9}) == []


@pytest.mark.parametrize("quantity", [4, 10, 0])
def test_a_plan_that_takes_less_than_was_promised_or_more_than_is_given_breaks_the_promise(quantity: int) -> None:
    assert rules.broken_pins([PinChange(LOT, 5, 9)], {LOT: quantity}) == [LOT]


def test_a_plan_that_sends_a_refused_lot_breaks_the_refusal() -> None:
    assert rules.broken_pins([PinChange(LOT, 0, 0)], {LOT: 1}) == [LOT]


def test_a_farm_that_offers_less_than_the_policy_says_is_small_and_one_at_the_bound_is_not() -> None:
    assert rules.small_farms({"under": 199_999, "at": 200_000, "over": 200_001}, PolicyDocument()) == {"under"}


def test_a_lot_gives_in_a_day_what_others_leave_and_never_less_than_it_promised() -> None:
    assert rules.left_of_day(50, 30, 0) == 20
    assert rules.left_of_day(50, 30, 25) == 25
    assert rules.left_of_day(50, 60, 0) == 0


def test_a_hub_takes_in_what_others_leave_it_room_for() -> None:
    assert (rules.room_left(50, 30), rules.room_left(50, 60)) == (20, 0)


def test_a_plan_that_meets_no_other_has_room() -> None:
    rules.require_room(Crowd([], [], []))


@pytest.mark.parametrize("crowd", [Crowd([LOT], [], []), Crowd([], [HubId(LOT)], []), Crowd([], [], [LOT])])
def test_a_plan_that_meets_another_on_the_road_in_a_hub_or_in_a_field_is_refused(crowd: Crowd) -> None:
    with pytest.raises(rules.PlanCrowdedError, match=str(LOT)):
        rules.require_room(crowd)
