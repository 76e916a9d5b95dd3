from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given

from farmlink.cycles.rules.inviting import next_step
from farmlink.cycles.rules.thresholds import (
    ENDS,
    LONGEST_EXTENSION_HOURS,
    STEPS,
    due_at,
    ended,
    extended_to,
    is_overdue,
    judged,
    require_extension,
)
from farmlink.cycles.values import NextStep, PriceStep, ThresholdState, Unmet
from farmlink.kernel.errors import InvalidError

CUT_OFF = datetime(2026, 9, 1, 12, tzinfo=UTC)
HAND_OUT = date(2026, 9, 4)
BEFORE_THE_CUT_OFF = st.sampled_from([ThresholdState.OPEN, ThresholdState.EXTENDED])
OPEN, SHORT, EXTENDED = ThresholdState.OPEN, ThresholdState.SHORT, ThresholdState.EXTENDED
MET, ZERO, PARTIAL = ThresholdState.MET, ThresholdState.ZERO, ThresholdState.PARTIAL
CHARGED, RELEASED = ThresholdState.CHARGED, ThresholdState.RELEASED


@pytest.mark.parametrize(
    ("state", "unmet", "short", "wanted", "extends", "path"),
    [
        (OPEN, Unmet.ZERO, False, True, False, (MET,)),
        (OPEN, Unmet.ZERO, False, True, True, ()),
        (OPEN, Unmet.ZERO, True, True, True, (SHORT, EXTENDED)),
        (OPEN, Unmet.ZERO, True, True, False, (SHORT, ZERO)),
        (OPEN, Unmet.PARTIAL, True, True, False, (SHORT, PARTIAL)),
        (OPEN, Unmet.PARTIAL, True, False, False, (SHORT, ZERO)),
        (EXTENDED, Unmet.ZERO, False, True, False, (MET,)),
        (EXTENDED, Unmet.ZERO, True, True, False, (ZERO,)),
        (EXTENDED, Unmet.PARTIAL, True, True, False, (PARTIAL,)),
    ],
)
def test_a_threshold_is_judged_as_was_declared(
    state: ThresholdState,
    unmet: Unmet,
    path: tuple[ThresholdState, ...],
    *,
    short: bool,
    wanted: bool,
    extends: bool,
) -> None:
    assert judged(state, unmet, short=short, wanted=wanted, extends=extends) == path


@given(
    state=BEFORE_THE_CUT_OFF,
    unmet=st.sampled_from(Unmet),
    short=st.booleans(),
    wanted=st.booleans(),
    charged=st.booleans(),
)
def test_every_way_to_the_end_follows_the_arrows_and_ends_once(
    state: ThresholdState, unmet: Unmet, *, short: bool, wanted: bool, charged: bool
) -> None:
    path = (state, *judged(state, unmet, short=short, wanted=wanted, extends=False))
    path += ended(path[-1], charged=charged)

    assert all(after in STEPS[before] for before, after in pairwise(path))
    assert path[-1] in ENDS
    assert ended(path[-1], charged=not charged) == ()
    assert ZERO not in path or path[-1] is RELEASED


def test_nothing_is_extended_twice_and_what_has_ended_stays() -> None:
    assert {old for old, follow in STEPS.items() if SHORT in follow} == {OPEN}
    assert {old for old, follow in STEPS.items() if EXTENDED in follow} == {SHORT}
    assert STEPS[CHARGED] == STEPS[RELEASED] == frozenset()


@pytest.mark.parametrize(
    ("state", "hours", "now", "until"),
    [
        (OPEN, 24, CUT_OFF, CUT_OFF + timedelta(days=1)),
        (OPEN, 24, CUT_OFF - timedelta(hours=3), CUT_OFF + timedelta(days=1)),
        (OPEN, 24, CUT_OFF + timedelta(days=1) - timedelta(seconds=1), CUT_OFF + timedelta(days=1)),
        (OPEN, 24, CUT_OFF + timedelta(days=1), None),
        (OPEN, 0, CUT_OFF, None),
        (EXTENDED, 24, CUT_OFF, None),
    ],
)
def test_the_cut_off_is_put_off_once_as_declared_to_a_moment_still_to_come(
    state: ThresholdState, hours: int, now: datetime, until: datetime | None
) -> None:
    assert extended_to(state, CUT_OFF, hours, now) == until


def test_an_extension_ends_no_later_than_on_the_day_of_collection() -> None:
    require_extension(11, CUT_OFF, CUT_OFF.date(), "UTC")
    for hours in (12, -1, LONGEST_EXTENSION_HOURS + 1):
        with pytest.raises(InvalidError) as refused:
            require_extension(hours, CUT_OFF, CUT_OFF.date(), "UTC")
        assert refused.value.facts["field"] == "extension_hours"


@pytest.mark.parametrize(
    ("state", "moment"),
    [
        (OPEN, CUT_OFF),
        (SHORT, CUT_OFF),
        (EXTENDED, CUT_OFF),
        (ZERO, CUT_OFF),
        (MET, datetime(2026, 9, 6, 4, tzinfo=UTC)),
        (PARTIAL, datetime(2026, 9, 6, 4, tzinfo=UTC)),
        (CHARGED, None),
        (RELEASED, None),
    ],
)
def test_every_step_but_the_last_has_a_deadline(state: ThresholdState, moment: datetime | None) -> None:
    assert due_at(state, CUT_OFF, HAND_OUT, "America/Detroit") == moment


@pytest.mark.parametrize("state", ThresholdState)
def test_what_comes_is_overdue_from_the_moment_on_by_which_everybody_was_to_be_charged_or_released(
    state: ThresholdState,
) -> None:
    moment = due_at(MET, CUT_OFF, HAND_OUT, "America/Detroit")
    assert moment is not None

    assert not is_overdue(state, HAND_OUT, "America/Detroit", moment - timedelta(seconds=1))
    assert is_overdue(state, HAND_OUT, "America/Detroit", moment) == (state in {MET, PARTIAL})


def test_the_next_price_is_the_first_step_that_is_not_reached() -> None:
    steps = (PriceStep(200, 320), PriceStep(500, 300))

    assert next_step(steps, 150) == NextStep(200, 320, 50)
    assert next_step(steps, 200) == NextStep(500, 300, 300)
    assert next_step(steps, 500) is None
