"""When books are read, for which days they are judged, and how bills write amounts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from farmlink.payments.providers import bills
from farmlink.payments.rules.books import BOOKS_ZONE, last_written, span
from farmlink.payments.values import Span


@pytest.mark.parametrize(("hour", "day"), [(2, 2), (3, 3)])
def test_bills_of_the_day_before_are_read_from_eleven_in_china_on(hour: int, day: int) -> None:
    assert last_written(datetime(2031, 9, 4, hour, tzinfo=UTC)) == date(2031, 9, day)


def test_a_day_that_is_over_is_judged_but_for_its_last_hour_and_one_that_is_not_as_far_as_it_went() -> None:
    noon = datetime(2031, 9, 4, 12, tzinfo=BOOKS_ZONE)

    days = span(date(2031, 9, 3), noon, date(2031, 9, 2))
    assert days == Span(date(2031, 9, 2), date(2031, 9, 3), datetime(2031, 9, 3, 23, tzinfo=BOOKS_ZONE))
    assert days.all == [date(2031, 9, 2), date(2031, 9, 3)]
    today = date(2031, 9, 4)
    assert span(today, noon, today).quiet_at == datetime(2031, 9, 5, tzinfo=BOOKS_ZONE)


def test_amounts_of_bills_are_read_in_fen() -> None:
    assert [bills.minor(text) for text in ("1.00", "-0.05 ", "12", "0.5")] == [100, -5, 1200, 50]
