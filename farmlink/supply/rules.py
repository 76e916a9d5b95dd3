"""What a lot may be, and what may still change of it."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from farmlink.kernel.bounds import MOST_DAYS, MOST_PRICE_MINOR, MOST_QUANTITY, within
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.supply.values import LotCard, LotChange, LotDraft, LotState

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CALENDAR = (date(2000, 1, 1), date(2200, 1, 1))
WEST_OF_ALL: Final = timedelta(hours=12)
"""Where a day lasts longest, the clock is so far behind UTC."""
PRIOR_ASKED: Final = 20
PRIOR_DECLINED: Final = 1


class LotCodeError(InvalidError):
    """The code of a lot in files."""

    code = "lot-code"
    message = "{field}: a lot's code has 1 to 64 letters, digits, dots, hyphens and underscores."


class GradeNotSoldError(InvalidError):
    """The product is not sold in this grade."""

    code = "grade-not-sold"
    message = "{field}: {product} is not sold in grade {grade}."


class PackTooLargeError(InvalidError):
    """Not one whole pack could be sent."""

    code = "pack-too-large"
    message = "{field}: one pack holds {pack} base units, but the lot has only {quantity}."


class MinimumTooLargeError(InvalidError):
    """Nobody could ever take enough of it."""

    code = "minimum-too-large"
    message = "{field}: the minimum worth a visit is {minimum} base units, but the lot has only {quantity}."


class DayTooSmallError(InvalidError):
    """The least worth a visit could never go in one day."""

    code = "day-too-small"
    message = (
        "{field}: in whole packs of {pack} at most {most} base units of this lot can be sent on a day, but at least"
        " {least} would have to be."
    )


class ForecastError(InvalidError):
    """Low, likely and high are mixed up."""

    code = "forecast"
    message = "{field}: low must not exceed likely, likely must not exceed high, and the quantity must not exceed high."


class LotWindowError(InvalidError):
    """Nothing could be collected in time."""

    code = "lot-window"
    message = (
        "{field}: collection starts on or after the day of harvest and ends on or after its first day, between 2000 and"
        " 2200."
    )


class LotSpoiltError(InvalidError):
    """What is collected that late is spoilt."""

    code = "lot-spoilt"
    message = "{field}: harvested on {harvest}, this keeps for {shelf_days} days, so collection ends by {last}."


class LotPastError(InvalidError):
    """Nobody can collect it any more."""

    code = "lot-past"
    message = "{field}: this lot could be collected until {until}, and that day is past."


class LotGoneError(RefusedError):
    """A failed or withdrawn lot is not coming back."""

    code = "lot-gone"
    message = "This lot failed or was withdrawn, so it can no longer be changed or promised."


class LotPromisedError(RefusedError):
    """Somebody counts on it."""

    code = "lot-promised"
    message = "{allocated} base units of this lot are promised. Offer that much, or report the harvest as failed."


class AskPromisedError(RefusedError):
    """A promise was made at a price."""

    code = "ask-promised"
    message = "Part of this lot is promised at its price, so the price cannot change."


class LotOverAllocatedError(RefusedError):
    """A plan would send more than there is."""

    code = "lot-over-allocated"
    message = "A lot holds {quantity} base units, so {wanted} of it cannot be promised."


class LotCodeTakenError(RefusedError):
    """The farm offered a lot with this code before."""

    code = "lot-code-taken"
    message = "This farm already offered a lot with the code {lot}."


class FarmNotApprovedError(RefusedError):
    """A planner has not approved the farm yet."""

    code = "farm-not-approved"
    message = "The farm {farm} may offer lots once a planner has approved it."


def completed(draft: LotDraft, product_shelf_days: int) -> LotDraft:
    """Say outright what the farm left to follow from the rest."""
    shelf_days = product_shelf_days if draft.shelf_days is None else draft.shelf_days
    collect_from = draft.collect_from or draft.harvest_on
    likely = draft.quantity if draft.forecast_likely is None else draft.forecast_likely
    return replace(
        draft,
        shelf_days=shelf_days,
        collect_from=collect_from,
        collect_until=draft.collect_until or _after(draft.harvest_on, shelf_days),
        daily_capacity=draft.quantity if draft.daily_capacity is None else draft.daily_capacity,
        forecast_low=min(likely, draft.quantity) if draft.forecast_low is None else draft.forecast_low,
        forecast_likely=likely,
        forecast_high=max(likely, draft.quantity) if draft.forecast_high is None else draft.forecast_high,
    )


def check_lot(lot: LotDraft) -> None:
    """A completed lot holds something, at a price, for some days."""
    within("quantity", lot.quantity, 1, MOST_QUANTITY)
    within("ask_minor_per_1000", lot.ask_minor_per_1000, 0, MOST_PRICE_MINOR)
    within("minimum", lot.minimum, 0, MOST_QUANTITY)
    within("pack", lot.pack, 1, MOST_QUANTITY)
    assert lot.shelf_days is not None and lot.daily_capacity is not None  # noqa: PT018  # completed
    within("shelf_days", lot.shelf_days, 1, MOST_DAYS)
    within("daily_capacity", lot.daily_capacity, 1, MOST_QUANTITY)
    if lot.code is not None and not CODE.fullmatch(lot.code):
        raise LotCodeError(field="code")
    if lot.pack > lot.quantity:
        raise PackTooLargeError(field="pack", pack=lot.pack, quantity=lot.quantity)
    check_minimum(lot.minimum, lot.quantity)
    check_day(lot.quantity, lot.minimum, lot.pack, lot.daily_capacity)
    assert lot.forecast_low is not None and lot.forecast_likely is not None and lot.forecast_high is not None  # noqa: PT018  # completed
    check_forecast(lot.quantity, lot.forecast_low, lot.forecast_likely, lot.forecast_high)
    assert lot.collect_from is not None and lot.collect_until is not None  # noqa: PT018  # completed
    check_window(lot.harvest_on, lot.collect_from, lot.collect_until, lot.shelf_days)


def check_change(state: LotState, allocated: int, pack: int, ask_minor_per_1000: int, change: LotChange) -> None:
    """A change keeps what is promised."""
    check_offered(state)
    within("quantity", change.quantity, 1, MOST_QUANTITY)
    within("minimum", change.minimum, 0, MOST_QUANTITY)
    within("ask_minor_per_1000", change.ask_minor_per_1000, 0, MOST_PRICE_MINOR)
    within("daily_capacity", change.daily_capacity, 1, MOST_QUANTITY)
    if change.quantity < allocated:
        raise LotPromisedError(allocated=allocated)
    if allocated and change.ask_minor_per_1000 != ask_minor_per_1000:
        raise AskPromisedError
    if pack > change.quantity:
        raise PackTooLargeError(field="quantity", pack=pack, quantity=change.quantity)
    check_minimum(change.minimum, change.quantity)
    check_day(change.quantity, change.minimum, pack, change.daily_capacity)
    check_forecast(change.quantity, change.forecast_low, change.forecast_likely, change.forecast_high)


def amended(lot: LotCard, quantity: int, ask_minor_per_1000: int) -> LotChange:
    """A change of quantity and price alone: what followed from the old quantity follows from the new one."""
    low, likely, high, daily = (
        quantity if was == lot.quantity else was
        for was in (lot.forecast_low, lot.forecast_likely, lot.forecast_high, lot.daily_capacity)
    )
    return LotChange(
        quantity=quantity,
        minimum=min(lot.minimum, quantity),
        ask_minor_per_1000=ask_minor_per_1000,
        daily_capacity=daily,
        forecast_low=min(low, likely),
        forecast_likely=likely,
        forecast_high=max(likely, high, quantity),
    )


def check_offered(state: LotState) -> None:
    """Only a lot that is on offer can be changed or promised."""
    if state is not LotState.OFFERED:
        raise LotGoneError


def check_allocation(state: LotState, quantity: int, allocated: int, wanted: int) -> None:
    """No more is promised than is there, and nothing more of what is gone."""
    if not 0 <= wanted <= quantity:
        raise LotOverAllocatedError(quantity=quantity, wanted=wanted)
    if wanted > allocated:
        check_offered(state)


def check_minimum(minimum: int, quantity: int) -> None:
    """The least worth a visit can be had."""
    if minimum > quantity:
        raise MinimumTooLargeError(field="minimum", minimum=minimum, quantity=quantity)


def check_day(quantity: int, minimum: int, pack: int, daily_capacity: int) -> None:
    """The least worth a visit can be sent on one day, in whole packs."""
    most, least = min(quantity, daily_capacity) // pack * pack, max(minimum, pack)
    if most < least:
        field = "daily_capacity" if daily_capacity < quantity else "minimum"
        raise DayTooSmallError(field=field, pack=pack, most=most, least=least)


def check_forecast(quantity: int, low: int, likely: int, high: int) -> None:
    """Low, likely and high stand in their order, and the quantity is one that may come true."""
    within("forecast_low", low, 0, MOST_QUANTITY)
    within("forecast_high", high, 0, MOST_QUANTITY)
    if not (low <= likely <= high and quantity <= high):
        raise ForecastError(field="forecast_likely")


def check_window(harvest_on: date, collect_from: date, collect_until: date, shelf_days: int) -> None:
    """There is a day on which it can be collected, harvested and not yet spoilt."""
    if not all(CALENDAR[0] <= day <= CALENDAR[1] for day in (harvest_on, collect_from, collect_until)):
        raise LotWindowError(field="collect_until")
    last = harvest_on + timedelta(days=shelf_days)
    for field, day in (("collect_from", collect_from), ("collect_until", collect_until)):
        if day > last:
            raise LotSpoiltError(field=field, harvest=harvest_on, shelf_days=shelf_days, last=last)
    if collect_from < harvest_on:
        raise LotWindowError(field="collect_from")
    if collect_until < collect_from:
        raise LotWindowError(field="collect_until")


def check_ahead(lot: LotDraft, now: datetime) -> None:
    """The last day of collection is not over everywhere on Earth."""
    assert lot.collect_until is not None  # completed
    if lot.collect_until < (now - WEST_OF_ALL).date():
        raise LotPastError(field="collect_until", until=lot.collect_until)


def _after(day: date, days: int) -> date:
    """The day so many days later; absurd ones are left for the window rule to refuse."""
    return day + timedelta(days=days) if CALENDAR[0] <= day <= CALENDAR[1] and 0 <= days <= MOST_DAYS else day


def expected_decline_ppm(asked: int, kept: int) -> int:
    """How likely a farm declines, with one decline in twenty assumed before anything is known of it."""
    return (asked - kept + PRIOR_DECLINED) * 1_000_000 // (asked + PRIOR_ASKED)
