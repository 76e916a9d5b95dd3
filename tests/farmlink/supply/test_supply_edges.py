from datetime import UTC, date, datetime, timedelta

import pytest

from farmlink.catalogue.values import ProductId
from farmlink.kernel.ids import uuid7
from farmlink.network.values import FarmId
from farmlink.supply import rules
from farmlink.supply.values import LotDraft, LotState

THURSDAY = date(2031, 9, 4)
DAY = timedelta(days=1)


def test_all_that_is_there_may_be_promised_and_not_a_gram_more() -> None:
    rules.check_allocation(LotState.OFFERED, quantity=1000, allocated=0, wanted=1000)
    with pytest.raises(rules.LotOverAllocatedError):
        rules.check_allocation(LotState.OFFERED, quantity=1000, allocated=0, wanted=1001)


def test_nothing_is_collected_before_it_is_harvested() -> None:
    rules.check_window(THURSDAY, THURSDAY, THURSDAY, 1)
    with pytest.raises(rules.LotWindowError, match="collect_from"):
        rules.check_window(THURSDAY, THURSDAY - DAY, THURSDAY, 1)
    with pytest.raises(rules.LotWindowError, match="collect_until"):
        rules.check_window(THURSDAY, THURSDAY + DAY, THURSDAY, 1)


def test_nothing_is_collected_once_it_is_spoilt() -> None:
    rules.check_window(THURSDAY, THURSDAY + DAY, THURSDAY + DAY, 1)
    with pytest.raises(rules.LotSpoiltError, match="2031-09-05"):
        rules.check_window(THURSDAY, THURSDAY + DAY, THURSDAY + 2 * DAY, 1)


def test_a_lot_is_offered_until_its_last_day_is_over_everywhere() -> None:
    lot = LotDraft(
        farm_id=FarmId(uuid7()),
        product_id=ProductId(uuid7()),
        grade=4,
        quantity=1,
        ask_minor_per_1000=1,
        harvest_on=THURSDAY,
        collect_until=THURSDAY,
    )
    over = datetime(2031, 9, 5, 12, tzinfo=UTC)
    rules.check_ahead(lot, over - timedelta(seconds=1))
    with pytest.raises(rules.LotPastError, match="2031-09-04"):
        rules.check_ahead(lot, over)


@pytest.mark.parametrize(
    ("quantity", "minimum", "pack", "daily_capacity"),
    [(1000, 100, 1, 100), (1000, 0, 50, 50), (100, 100, 50, 1000), (99, 50, 50, 99)],
)
def test_a_lot_of_which_enough_can_be_sent_on_a_day_may_be_offered(
    quantity: int, minimum: int, pack: int, daily_capacity: int
) -> None:
    rules.check_day(quantity, minimum, pack, daily_capacity)


@pytest.mark.parametrize(
    ("quantity", "minimum", "pack", "daily_capacity", "field"),
    [
        (1000, 100, 1, 99, "daily_capacity"),
        (1000, 0, 50, 49, "daily_capacity"),
        (1000, 90, 50, 99, "daily_capacity"),
        (99, 90, 50, 99, "minimum"),
    ],
)
def test_a_lot_of_which_never_enough_can_be_sent_on_a_day_is_refused(
    quantity: int, minimum: int, pack: int, daily_capacity: int, field: str
) -> None:
    with pytest.raises(rules.DayTooSmallError) as refused:
        rules.check_day(quantity, minimum, pack, daily_capacity)
    assert refused.value.facts["field"] == field
