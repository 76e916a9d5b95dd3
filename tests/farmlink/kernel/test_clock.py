from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.kernel.clock import UnknownZoneError, day_of, instant_of, start_of_day

DETROIT = "America/Detroit"
ZONES = st.sampled_from([DETROIT, "Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "UTC"])
DAYS = st.dates(date(2012, 1, 1), date(2035, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def at(hour: int, minute: int = 0, *, day: int, month: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_cut_off_at_a_time_that_the_clocks_skip_moves_forward() -> None:
    assert instant_of(date(2026, 3, 8), time(2, 30), DETROIT) == at(7, 30, day=8, month=3)  # 03:30 in summer time


def test_a_cut_off_at_a_time_that_comes_twice_is_the_first() -> None:
    assert instant_of(date(2026, 11, 1), time(1, 30), DETROIT) == at(5, 30, day=1, month=11)
    assert instant_of(date(2026, 11, 1), time(1, 30, fold=1), DETROIT) == at(5, 30, day=1, month=11)


def test_a_day_begins_at_local_midnight_and_an_instant_knows_its_day() -> None:
    assert start_of_day(date(2026, 7, 1), "Asia/Shanghai") == at(16, day=30, month=6)
    assert day_of(at(16, day=30, month=6), "Asia/Shanghai") == date(2026, 7, 1)
    assert day_of(at(15, 59, day=30, month=6), "Asia/Shanghai") == date(2026, 6, 30)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "America"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZoneError):
        start_of_day(date(2026, 7, 1), zone)


@given(DAYS, TIMES, ZONES)
def test_every_local_time_is_one_instant_on_its_day(day: date, local: time, zone: str) -> None:
    instant = instant_of(day, local, zone)
    assert instant.tzinfo is UTC
    assert day_of(instant, zone) == day
