"""Languages: every message is an English catalogue entry, rendered with its facts for one language and time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_datetime_format
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.money import Money

ENGLISH: Final = "en"
CHINESE: Final = "zh-CN"
LANGUAGES: Final = (ENGLISH, CHINESE)
CATALOGUES: Final = Path(__file__).parent / "catalogues"
MARKED_FACTS: Final = frozenset({"noun", "reason", "stage", "state", "wanted"})
"""Facts that are catalogue entries themselves."""


def marked(text: str) -> str:
    """Mark a text for the catalogues; it is rendered later, when the reader's language is known."""
    return text


def render(text: str, language: str, facts: Mapping[str, object] | None = None, zone: str = "UTC") -> str:
    """Render a catalogue entry in a language, its facts written as that language and zone write them.

    A fact called `zone` goes before: instants are then written as the clocks there show them. A fact called `currency`
    makes money of the whole numbers that end in `_minor`.
    """
    catalogue = _catalogue(language)
    facts = facts or {}
    zone = str(facts.get("zone", zone))
    written = {name: _written(_worth(name, fact, facts), language, zone) for name, fact in facts.items()}
    for name in MARKED_FACTS & written.keys():
        written[name] = catalogue.get(str(written[name]), written[name])
    return catalogue.get(text, text).format_map(written)


def render_refusal(refusal: RefusedError, language: str, zone: str = "UTC") -> str:
    """Render what a refusal says to the person who can do something about it."""
    return render(refusal.message, language, refusal.facts, zone)


def best_language(accepted: str | None) -> str:
    """Choose among our languages by an `Accept-Language` header; English when nothing fits."""
    ranked: list[tuple[float, str]] = []
    for part in (accepted or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if weight > 0:
            ranked.append((-weight, tag.lower()))
    for _, tag in sorted(ranked, key=lambda entry: entry[0]):
        if tag.startswith("zh"):
            return CHINESE
        if tag.startswith("en"):
            return ENGLISH
    return ENGLISH


@cache
def _catalogue(language: str) -> dict[str, str]:
    """All rooms' entries of a language; English is its own catalogue."""
    entries: dict[str, str] = {}
    for path in sorted((CATALOGUES / language.replace("-", "_")).glob("*.po")):
        with path.open("rb") as file:
            entries |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return entries


def _major(money: Money) -> Decimal:
    return Decimal(money.minor).scaleb(-get_currency_precision(money.currency))


def _instant(instant: datetime, tag: str, zone: ZoneInfo) -> str:
    """A day and a time of the clock there, to the minute, and how far that clock is from UTC."""
    local = instant.astimezone(zone)
    day, time = format_date(local, "medium", locale=tag), format_time(local, "short", locale=tag)
    apart = f"{local:%z}"  # +0530
    clock = f"UTC{apart[0]}{int(apart[1:3])}" + (f":{apart[3:5]}" if apart[3:5] != "00" else "")
    return f"{str(get_datetime_format('medium', locale=tag)).format(time, day)} {clock if int(apart) else 'UTC'}"


def _worth(name: str, fact: object, facts: Mapping[str, object]) -> object:
    currency = facts.get("currency")
    if name.endswith("_minor") and isinstance(fact, int) and isinstance(currency, str):
        return Money(fact, currency)
    return fact


def _written(fact: object, language: str, zone: str) -> object:
    tag = language.replace("-", "_")
    if isinstance(fact, Money):
        return format_currency(_major(fact), fact.currency, locale=tag)
    if isinstance(fact, datetime):
        return _instant(fact, tag, ZoneInfo(zone))
    if isinstance(fact, date):
        return format_date(fact, "medium", locale=tag)
    if isinstance(fact, int) and not isinstance(fact, bool):
        return format_decimal(fact, locale=tag)
    if isinstance(fact, list):
        return ", ".join(str(item) for item in fact)
    return fact
