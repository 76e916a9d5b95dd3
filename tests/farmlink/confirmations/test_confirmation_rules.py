from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from farmlink.catalogue.values import ProductId
from farmlink.confirmations import rules
from farmlink.confirmations.values import Answer, DeclineReason, Question, Reply
from farmlink.kernel.ids import uuid7
from farmlink.network.values import FarmId
from farmlink.supply.values import LotCard, LotId, LotState

LOT, OTHER = sorted((LotId(uuid7()), LotId(uuid7())))
WEATHER = DeclineReason.WEATHER


def card(**changed: Any) -> LotCard:
    given: dict[str, Any] = {
        "id": LOT, "farm_id": FarmId(uuid7()), "product_id": ProductId(uuid7()), "grade": 4, "code": None,
        "quantity": 100, "minimum": 0, "pack": 1, "ask_minor_per_1000": 200, "harvest_on": date(2031, 9, 3),
        "collect_from": date(2031, 9, 3), "collect_until": date(2031, 9, 9), "shelf_days": 9, "daily_capacity": 100,
        "forecast_low": 0, "forecast_likely": 100, "forecast_high": 100, "state": LotState.OFFERED, "allocated": 0,
        "revision": 1,
    }  # fmt: skip
    return LotCard(**given | changed)


def test_a_farm_is_asked_for_what_is_taken_above_what_it_promised() -> None:
    assert rules.questions({OTHER: 5, LOT: 9}, {LOT: 4}) == [Question(LOT, 9, 4), Question(OTHER, 5, 0)]


def test_a_farm_is_not_asked_again_for_what_it_promised() -> None:
    assert rules.questions({LOT: 9}, {LOT: 9, OTHER: 3}) == []


def test_a_lot_that_is_there_is_not_outdated() -> None:
    assert rules.outdated({LOT: 60}, {LOT: 40}, {LOT: card(allocated=80)}) == []


@pytest.mark.parametrize(
    "held",
    [card(allocated=81), card(state=LotState.FAILED), card(state=LotState.WITHDRAWN), card(quantity=99, allocated=80)],
)
def test_a_lot_that_is_gone_or_taken_elsewhere_is_outdated(held: LotCard) -> None:
    assert rules.outdated({LOT: 60}, {LOT: 40}, {LOT: held}) == [LOT]


def test_yes_promises_all_and_needs_no_reason() -> None:
    assert rules.promised_by(Answer(Reply.ACCEPTED), 90, 20, 10) == (90, None)


def test_no_keeps_what_was_promised_before() -> None:
    assert rules.promised_by(Answer(Reply.DECLINED, reason=WEATHER), 90, 20, 10) == (20, "weather")


def test_no_without_a_reason_is_refused() -> None:
    with pytest.raises(rules.ReasonMissingError):
        rules.promised_by(Answer(Reply.DECLINED), 90, 20, 10)


def test_a_part_promises_itself_with_its_reason_or_another() -> None:
    assert rules.promised_by(Answer(Reply.REDUCED, 50, WEATHER), 90, 20, 10) == (50, "weather")
    assert rules.promised_by(Answer(Reply.REDUCED, 50), 90, 20, 10) == (50, "other")


@pytest.mark.parametrize("quantity", [None, 20, 90, 100])
def test_a_part_is_more_than_was_promised_and_less_than_is_asked(quantity: int | None) -> None:
    with pytest.raises(rules.PartOutOfRangeError):
        rules.promised_by(Answer(Reply.REDUCED, quantity), 90, 20, 10)


def test_a_part_comes_in_whole_packs_and_the_refusal_names_the_nearest() -> None:
    with pytest.raises(rules.PartNotInPacksError, match="50"):
        rules.promised_by(Answer(Reply.REDUCED, 55), 90, 20, 10)


@pytest.mark.parametrize("reply", [Reply.ACCEPTED, Reply.DECLINED])
def test_only_a_part_names_a_quantity(reply: Reply) -> None:
    with pytest.raises(rules.QuantityNotAskedError):
        rules.promised_by(Answer(reply, 50, WEATHER), 90, 20, 10)


@pytest.mark.parametrize(
    ("standing_yes", "farm_choice", "ends"),
    [
        (True, True, ("accepted", 90)),
        (True, False, ("lapsed", 20)),
        (False, True, ("lapsed", 20)),
        (False, False, ("lapsed", 20)),
    ],
)
def test_silence_is_no_unless_the_cycle_lets_farms_choose_and_this_one_chose_yes(
    *, standing_yes: bool, farm_choice: bool, ends: tuple[str, int]
) -> None:
    assert rules.promised_by_silence(90, 20, standing_yes=standing_yes, farm_choice=farm_choice) == ends


def test_who_gave_all_may_be_asked_for_more() -> None:
    assert rules.limits(90, 90, 300) == (90, 300)


def test_who_gave_all_of_a_lot_that_shrank_is_asked_for_no_more_than_promised() -> None:
    assert rules.limits(90, 90, 80) == (90, 90)


def test_who_gave_less_is_not_asked_for_more() -> None:
    assert rules.limits(50, 90, 300) == (50, 50)


def test_a_farms_own_word_counts_above_what_was_said_for_it() -> None:
    assert rules.may_object(newest=True, plannable=True, promised=50, taken=50)


@pytest.mark.parametrize("instead", [{"newest": False}, {"plannable": False}, {"taken": 49}])
def test_an_objection_comes_too_late_once_the_plan_went_on_without_it(instead: dict[str, Any]) -> None:
    assert not rules.may_object(**{"newest": True, "plannable": True, "promised": 50, "taken": 50} | instead)


NOON = datetime(2031, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "after"),
    [(24, 12), (3, 1.5), (2, 1), (1.5, 0.5)],
    ids=["a day", "three hours", "two hours", "an hour and a half"],
)
def test_a_farm_is_reminded_when_half_the_time_is_over_and_at_least_an_hour_before(hours: float, after: float) -> None:
    assert rules.remind_at(NOON, NOON + timedelta(hours=hours)) == NOON + timedelta(hours=after)


@pytest.mark.parametrize("minutes", [60, 15])
def test_a_farm_that_has_an_hour_or_less_is_not_reminded(minutes: int) -> None:
    assert rules.remind_at(NOON, NOON + timedelta(minutes=minutes)) is None
