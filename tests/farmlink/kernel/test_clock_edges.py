from datetime import UTC, date, datetime, time, timedelta

from farmlink.kernel.clock import Recurrence


def test_what_was_due_this_very_second_is_not_due_again() -> None:
    weekly = Recurrence(time(18), "America/Detroit", frozenset({3}))
    first = weekly.next(datetime(2026, 9, 1, tzinfo=UTC))

    assert weekly.next(first.due_at).due_at - first.due_at == timedelta(days=7)


def test_the_slot_of_a_skipped_day_is_still_found_on_the_day_after() -> None:
    noon = Recurrence(time(12), "Pacific/Apia")  # Samoa went from 29 to 31 December 2011

    assert noon.next(datetime(2011, 12, 30, 12, tzinfo=UTC)).day == date(2011, 12, 30)
