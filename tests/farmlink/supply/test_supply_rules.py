from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.catalogue.values import ProductId
from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.network.values import FarmId
from farmlink.supply import rules
from farmlink.supply.values import LotCard, LotChange, LotDraft, LotId, LotState

LOT = LotDraft(
    farm_id=FarmId(uuid7()),
    product_id=ProductId(uuid7()),
    grade=4,
    quantity=1000,
    minimum=100,
    pack=50,
    ask_minor_per_1000=190,
    harvest_on=date(2026, 9, 3),
    code="apples-36",
)
CHANGE = LotChange(
    quantity=1000,
    minimum=100,
    ask_minor_per_1000=190,
    daily_capacity=1000,
    forecast_low=900,
    forecast_likely=1000,
    forecast_high=1100,
)


def test_a_whole_lot_may_be_offered() -> None:
    rules.check_lot(rules.completed(LOT, 30))
    rules.check_lot(rules.completed(replace(LOT, code=None), 30))


def test_what_the_farm_says_is_kept() -> None:
    said = replace(
        LOT,
        collect_from=date(2026, 9, 4),
        collect_until=date(2026, 9, 5),
        shelf_days=9,
        daily_capacity=500,
        forecast_low=800,
        forecast_likely=900,
        forecast_high=1200,
    )
    assert rules.completed(said, 30) == said


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(LOT, quantity=0), OutOfBoundsError),
        (replace(LOT, quantity=10**12 + 1), OutOfBoundsError),
        (replace(LOT, ask_minor_per_1000=-1), OutOfBoundsError),
        (replace(LOT, minimum=-1), OutOfBoundsError),
        (replace(LOT, pack=0), OutOfBoundsError),
        (replace(LOT, daily_capacity=0), OutOfBoundsError),
        (replace(LOT, shelf_days=0), OutOfBoundsError),
        (replace(LOT, shelf_days=10**9), OutOfBoundsError),
        (replace(LOT, forecast_low=-1), OutOfBoundsError),
        (replace(LOT, code="a b"), rules.LotCodeError),
        (replace(LOT, pack=1001), rules.PackTooLargeError),
        (replace(LOT, minimum=1001), rules.MinimumTooLargeError),
        (replace(LOT, forecast_low=1001), rules.ForecastError),
        (replace(LOT, forecast_high=999), rules.ForecastError),
        (replace(LOT, collect_until=date(2026, 9, 2)), rules.LotWindowError),
        (replace(LOT, collect_from=date(2026, 9, 2)), rules.LotWindowError),
        (replace(LOT, collect_until=date(2026, 10, 4)), rules.LotSpoiltError),
        (replace(LOT, shelf_days=1, collect_from=date(2026, 9, 5)), rules.LotSpoiltError),
        (replace(LOT, daily_capacity=99), rules.DayTooSmallError),
        (replace(LOT, harvest_on=date(1999, 1, 1)), rules.LotWindowError),
        (replace(LOT, harvest_on=date(9999, 12, 31)), rules.LotWindowError),
    ],
)
def test_a_lot_that_holds_nothing_or_contradicts_itself_is_refused(
    wrong: LotDraft, refusal: type[RefusedError]
) -> None:
    with pytest.raises(refusal):
        rules.check_lot(rules.completed(wrong, 30))


def test_an_offered_lot_may_change_down_to_what_is_promised() -> None:
    rules.check_change(LotState.OFFERED, 1000, 50, 190, CHANGE)


@pytest.mark.parametrize(
    ("state", "allocated", "wrong", "refusal"),
    [
        (LotState.FAILED, 0, CHANGE, rules.LotGoneError),
        (LotState.OFFERED, 1001, CHANGE, rules.LotPromisedError),
        (LotState.OFFERED, 1, replace(CHANGE, ask_minor_per_1000=200), rules.AskPromisedError),
        (LotState.OFFERED, 0, replace(CHANGE, quantity=40, minimum=0), rules.PackTooLargeError),
        (LotState.OFFERED, 0, replace(CHANGE, minimum=1001), rules.MinimumTooLargeError),
        (LotState.OFFERED, 0, replace(CHANGE, daily_capacity=99), rules.DayTooSmallError),
        (LotState.OFFERED, 0, replace(CHANGE, forecast_low=1001), rules.ForecastError),
        (LotState.OFFERED, 0, replace(CHANGE, quantity=0), OutOfBoundsError),
    ],
)
def test_a_change_that_breaks_a_promise_or_contradicts_itself_is_refused(
    state: LotState, allocated: int, wrong: LotChange, refusal: type[RefusedError]
) -> None:
    with pytest.raises(refusal):
        rules.check_change(state, allocated, 50, 190, wrong)


@pytest.mark.parametrize(
    ("said", "quantity", "follows"),
    [
        ({}, 1500, (1500, 1500, 1500, 1500)),
        ({}, 600, (600, 600, 600, 600)),
        ({"daily_capacity": 400}, 600, (400, 600, 600, 600)),
        ({"forecast_low": 800, "forecast_high": 1200}, 1500, (1500, 800, 1500, 1500)),
        ({"forecast_low": 800, "forecast_likely": 1100, "forecast_high": 1200}, 900, (900, 800, 1100, 1200)),
        ({"forecast_likely": 900, "forecast_low": 900}, 700, (700, 900, 900, 900)),
    ],
)
def test_what_followed_from_the_old_quantity_follows_from_the_new_one(
    said: dict[str, int], quantity: int, follows: tuple[int, ...]
) -> None:
    lot = offered(**said)
    change = rules.amended(lot, quantity, 210)

    assert (change.quantity, change.ask_minor_per_1000, change.minimum) == (quantity, 210, min(lot.minimum, quantity))
    assert (change.daily_capacity, change.forecast_low, change.forecast_likely, change.forecast_high) == follows
    rules.check_change(LotState.OFFERED, 0, 50, 190, change)


def offered(**said: int) -> LotCard:
    """The lot as it was offered: what is not said follows from its quantity."""
    draft = rules.completed(replace(LOT, **said), 30)  # type: ignore[arg-type]  # whole numbers, as the lot has them
    facts = {name: getattr(draft, name) for name in LotCard.__dataclass_fields__ if hasattr(draft, name)}
    return LotCard(**facts, id=LotId(uuid7()), state=LotState.OFFERED, allocated=0, revision=1)


@given(st.sampled_from(LotState), st.integers(1, 10**6), st.integers(0, 10**6), st.integers(-10, 10**6 + 10))
def test_no_promise_exceeds_what_is_there(state: LotState, quantity: int, allocated: int, wanted: int) -> None:
    try:
        rules.check_allocation(state, quantity, allocated, wanted)
    except RefusedError:
        assert not 0 <= wanted <= quantity or (wanted > allocated and state is not LotState.OFFERED)
    else:
        assert 0 <= wanted <= quantity
        assert wanted <= allocated or state is LotState.OFFERED


def test_a_farm_without_history_declines_one_time_in_twenty_and_a_record_takes_over() -> None:
    assert rules.expected_decline_ppm(0, 0) == 50_000
    assert rules.expected_decline_ppm(80, 80) == 10_000
    assert rules.expected_decline_ppm(20, 0) == 525_000
