"""Amounts, days and hours as a page's reader writes them; every one of these is a filter of the templates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from jinja2 import pass_context
from jinja2.runtime import Context

from farmlink.kernel.locale import marked, render

GRAMS_PER_KG: Final = 1000
GRAMS_PER_JIN: Final = 500
METRES_PER_KM: Final = 1000
PPM: Final = 1_000_000
PIECE: Final = marked("{count} piece")
PIECES: Final = marked("{count} pieces")
HOURS: Final = marked("{hours} h {minutes} min")
MINUTES: Final = marked("{minutes} min")


@pass_context
def money(context: Context, minor: int, currency: str | None = None) -> str:
    """Minor units as money; the page's own `currency` unless another is named."""
    code = currency or str(context["currency"])
    return format_currency(Decimal(minor).scaleb(-get_currency_precision(code)), code, locale=_tag(context))


@pass_context
def price(context: Context, minor_per_1000: int, currency: str | None = None) -> str:
    """A price for a thousand base units as money per kilogram or thousand pieces."""
    return str(money(context, minor_per_1000, currency))


@pass_context
def number(context: Context, whole: float) -> str:
    """A number with its groups."""
    return format_decimal(whole, locale=_tag(context))


@pass_context
def percent(context: Context, ppm: int) -> str:
    """Parts per million as per cent with at most one place."""
    return format_percent(Decimal(ppm) / PPM, format="#,##0.#%", locale=_tag(context))


@pass_context
def weight(context: Context, grams: int) -> str:
    """Grams as people weigh: below a kilogram in grams, above in kilograms with at most two places."""
    if abs(grams) < GRAMS_PER_KG:
        return f"{number(context, grams)} g"
    places = 2 if abs(grams) < 100 * GRAMS_PER_KG else 0
    return f"{_decimal(context, Decimal(grams) / GRAMS_PER_KG, places)} kg"


@pass_context
def jin(context: Context, grams: int) -> str:
    """Grams in 斤, half a kilogram each."""
    return f"{_decimal(context, Decimal(grams) / GRAMS_PER_JIN, 1)} 斤"


@pass_context
def quantity(context: Context, base_units: int, unit: str) -> str:
    """A quantity in a product's base unit: `gram` is weighed, `piece` is counted."""
    if unit == "gram":
        return str(weight(context, base_units))
    return render(PIECE if base_units == 1 else PIECES, str(context["language"]), {"count": base_units})


@pass_context
def distance(context: Context, metres: int) -> str:
    """Metres as kilometres."""
    return f"{_decimal(context, Decimal(metres) / METRES_PER_KM, 0 if metres >= 10 * METRES_PER_KM else 1)} km"


@pass_context
def duration(context: Context, seconds: int) -> str:
    """Seconds as hours and minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    facts = {"hours": hours, "minutes": f"{minutes:02}" if hours else minutes}
    return render(HOURS if hours else MINUTES, str(context["language"]), facts)


@pass_context
def day(context: Context, when: date) -> str:
    """A day with its name."""
    return format_date(when, "EEE d MMM" if _tag(context) == "en" else "M月d日 EEE", locale=_tag(context))


@pass_context
def moment(context: Context, at: datetime, zone: str | None = None) -> str:
    """A day and an hour in the page's zone."""
    between = ", " if _tag(context) == "en" else " "
    return f"{day(context, _local(context, at, zone))}{between}{clock(context, at, zone)}"


@pass_context
def clock(context: Context, at: datetime, zone: str | None = None) -> str:
    """The hour in the page's zone."""
    return format_time(_local(context, at, zone), "short", locale=_tag(context))


@pass_context
def own(context: Context, names: Mapping[str, str]) -> str:
    """A name in the reader's language."""
    return names.get(str(context["language"])) or names["en"]


def tint(word: str) -> int:
    """One of eight quiet tints, the same for the same crop or route everywhere."""
    return sum(word.encode()) % 8


def _local(context: Context, at: datetime, zone: str | None) -> datetime:
    return at.astimezone(ZoneInfo(zone or str(context.get("zone", "UTC"))))


def _decimal(context: Context, value: Decimal, places: int) -> str:
    return format_decimal(value, format="#,##0." + "#" * places if places else "#,##0", locale=_tag(context))


def _tag(context: Context) -> str:
    return str(context["language"]).replace("-", "_")


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    filter_.__name__: filter_ for filter_ in (money, price, number, percent, weight, jin, quantity, distance, duration)
} | {"day": day, "moment": moment, "clock": clock, "own": own, "tint": tint}
