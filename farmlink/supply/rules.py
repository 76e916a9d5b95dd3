"""What a lot may be, and what may still change of it."""

import re
from dataclasses import replace
from datetime import date, timedelta

from farmlink.kernel.bounds import within
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.supply.values import LotChange, LotDraft, LotState

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CALENDAR = (date(2000, 1, 1), date(2200, 1, 1))


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


class ForecastError(InvalidError):
    """Low, likely and high are mixed up."""

    code = "forecast"
    message = "{field}: low must not exceed likely, likely must not exceed high, and the quantity must not exceed high."


class LotWindowError(InvalidError):
    """Nothing could be collected in time."""

    code = "lot-window"
    message = "{field}: collection must end on or after both its first day and the harvest, between 2000 and 2200."


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
        collect_until=draft.collect_until or _after(max(draft.harvest_on, collect_from), shelf_days),
        daily_capacity=draft.quantity if draft.daily_capacity is None else draft.daily_capacity,
        forecast_low=min(likely, draft.quantity) if draft.forecast_low is None else draft.forecast_low,
        forecast_likely=likely,
        forecast_high=max(likely, draft.quantity) if draft.forecast_high is None else draft.forecast_high,
    )


def check_lot(lot: LotDraft) -> None:
    """A completed lot holds something, at a price, for some days."""
    within("quantity", lot.quantity, 1)
    within("ask_minor_per_1000", lot.ask_minor_per_1000, 0)
    within("minimum", lot.minimum, 0)
    within("pack", lot.pack, 1)
    assert lot.shelf_days is not None and lot.daily_capacity is not None  # noqa: PT018  # completed
    within("shelf_days", lot.shelf_days, 1, 3650)
    within("daily_capacity", lot.daily_capacity, 1)
    if lot.code is not None and not CODE.fullmatch(lot.code):
        raise LotCodeError(field="code")
    if lot.pack > lot.quantity:
        raise PackTooLargeError(field="pack", pack=lot.pack, quantity=lot.quantity)
    check_minimum(lot.minimum, lot.quantity)
    assert lot.forecast_low is not None and lot.forecast_likely is not None and lot.forecast_high is not None  # noqa: PT018  # completed
    check_forecast(lot.quantity, lot.forecast_low, lot.forecast_likely, lot.forecast_high)
    assert lot.collect_from is not None and lot.collect_until is not None  # noqa: PT018  # completed
    check_window(lot.harvest_on, lot.collect_from, lot.collect_until)


def check_change(state: LotState, allocated: int, pack: int, ask_minor_per_1000: int, change: LotChange) -> None:
    """A change keeps what is promised."""
    check_offered(state)
    within("quantity", change.quantity, 1)
    within("minimum", change.minimum, 0)
    within("ask_minor_per_1000", change.ask_minor_per_1000, 0)
    within("daily_capacity", change.daily_capacity, 1)
    if change.quantity < allocated:
        raise LotPromisedError(allocated=allocated)
    if allocated and change.ask_minor_per_1000 != ask_minor_per_1000:
        raise AskPromisedError
    if pack > change.quantity:
        raise PackTooLargeError(field="quantity", pack=pack, quantity=change.quantity)
    check_minimum(change.minimum, change.quantity)
    check_forecast(change.quantity, change.forecast_low, change.forecast_likely, change.forecast_high)


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


def check_forecast(quantity: int, low: int, likely: int, high: int) -> None:
    """Low, likely and high stand in their order, and the quantity is one that may come true."""
    within("forecast_low", low, 0)
    within("forecast_high", high, 0)
    if not (low <= likely <= high and quantity <= high):
        raise ForecastError(field="forecast_likely")


def check_window(harvest_on: date, collect_from: date, collect_until: date) -> None:
    """There is a day on which it can be collected."""
    in_calendar = all(CALENDAR[0] <= day <= CALENDAR[1] for day in (harvest_on, collect_from, collect_until))
    if not in_calendar or collect_until < max(harvest_on, collect_from):
        raise LotWindowError(field="collect_until")


def _after(day: date, days: int) -> date:
    """The day so many days later; absurd ones are left for the window rule to refuse."""
    return day + timedelta(days=days) if CALENDAR[0] <= day <= CALENDAR[1] and 0 <= days <= 3650 else day
