"""What people type and what is kept: exact both ways, and refused where it means nothing."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.records.kinds import Clock, Money, Scaled, TypedWrongError
from api.pages.records.passages import Passages
from api.pages.records.several import Figures, Week
from farmlink.kernel.geo import Box
from farmlink.network.values import OpenHours, Passage, Side


@given(st.integers(0, 10**12), st.sampled_from(["USD", "CNY", "JPY", "KWD"]))
def test_money_is_read_as_it_was_written(minor: int, currency: str) -> None:
    kind = Money()

    assert kind.read("price", kind.write("price", minor, currency), currency) == minor


@given(st.integers(0, 10**9))
def test_a_price_of_a_piece_keeps_every_part_of_a_coin(minor_per_1000: int) -> None:
    kind = Money(places=3)

    assert kind.meant(kind.said(minor_per_1000, "USD"), "USD") == minor_per_1000


@given(st.integers(-180_000_000, 180_000_000))
def test_degrees_are_read_as_they_were_written(micro: int) -> None:
    kind = Scaled(places=6)

    assert kind.meant(kind.said(micro, ""), "") == micro


@given(st.integers(0, 7 * 86_400))
def test_a_time_is_read_as_it_was_written_to_the_second(second: int) -> None:
    kind = Clock(latest_h=7 * 24)

    assert kind.meant(kind.said(second, ""), "") == second


ends = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-90_000_000, 90_000_000)).map(sorted)
boxes = st.builds(lambda up, across: Box(up[0], across[0], up[1], across[1]), ends, ends)
sides = st.builds(Side, st.lists(boxes, min_size=1, max_size=3).map(tuple), st.lists(boxes, max_size=2).map(tuple))
passages = st.builds(
    Passage,
    name=st.just("Mackinac Bridge"),
    latitude_e6=st.integers(-90_000_000, 90_000_000),
    longitude_e6=st.integers(-180_000_000, 180_000_000),
    toll_minor=st.integers(0, 10**9),
    side=sides,
    other=st.none() | sides,
)


@given(st.lists(passages, min_size=1, max_size=3))
def test_bridges_and_bays_are_read_as_they_were_written(given_: list[Passage]) -> None:
    kind = Passages()

    read = kind.meant(kind.said(given_, "USD"), "USD")

    assert [msgspec.convert(one, Passage) for one in read] == given_


@pytest.mark.parametrize(
    "line", ["Bridge", "Bridge | 45 | 4 | 1 2 3 4", "Bridge | 45 -84 | 4 | 1 2 3", " | 45 -84 | 4 | 1 2 3 4"]
)
def test_a_line_that_is_no_passage_is_refused(line: str) -> None:
    with pytest.raises(TypedWrongError):
        Passages().meant(line, "USD")


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        (Scaled(places=3), "4.5", 4500),
        (Scaled(places=3), "0.001", 1),
        (Money(), "3.2", 320),
        (Clock(), "7:30", 27_000),
        (Figures(of=Scaled(places=3)), "10, 40.5", [10_000, 40_500]),
    ],
)
def test_what_was_typed_is_kept_in_whole_units(kind: Scaled, written: str, kept: object) -> None:
    assert kind.read("it", {"it": f" {written} "}, "USD") == kept


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Scaled(places=3), "1,5"),
        (Scaled(places=3), "1e3"),
        (Scaled(places=3), "nan"),
        (Scaled(places=3), "1.2345"),
        (Money(), "0.005"),
        (Clock(), "24:01"),
        (Clock(), "half past seven"),
    ],
)
def test_what_means_nothing_or_would_be_rounded_is_refused(kind: Scaled, written: str) -> None:
    with pytest.raises(TypedWrongError):
        kind.meant(written, "USD")


def test_a_week_is_written_day_by_day_and_read_back() -> None:
    hours = (OpenHours(0, 480, 720), OpenHours(0, 840, 1080), OpenHours(6, 600, 1440))
    week = Week()

    written = week.write("hours", hours, "")

    assert written["hours.0"] == "08:00-12:00, 14:00-18:00"
    assert written["hours.1"] == ""
    assert [OpenHours(**span) for span in week.read("hours", written, "")] == list(hours)


def test_hours_may_be_typed_as_chinese_keyboards_do() -> None:
    read = Week().read("hours", {"hours.2": "8\N{FULLWIDTH COLON}00至12:00、14:00~18:00"}, "")

    assert [(span["opens_minute"], span["closes_minute"]) for span in read] == [(480, 720), (840, 1080)]
