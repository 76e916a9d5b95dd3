"""Kinds of fields: how a value of a record is written for people to read, and what they typed is meant to be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from babel.numbers import get_currency_precision

from farmlink.kernel.locale import marked

NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
CLOCK: Final = re.compile(r"([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?")
DAY_HOURS: Final = 24
NOT_WHOLE: Final = marked("Write a whole number such as 12.")
NOT_NUMBER: Final = marked("Write a number such as 12.5, with a point and no other signs.")
TOO_FINE: Final = marked("At most {places} digits after the point.")
NOT_CLOCK: Final = marked("Write a time such as 07:30.")
TOO_LATE: Final = marked("Write a time up to {latest}.")


class TypedWrongError(Exception):
    """What was typed means nothing; `at` is the field inside a field of several."""

    def __init__(self, message: str, at: str = "", **facts: str) -> None:
        self.message, self.at, self.facts = message, at, facts
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A line of text; left empty it is left out."""

    drawn: ClassVar[str] = "line"
    inputmode: ClassVar[str] = ""
    unit: str = ""

    def write(self, name: str, value: Any, currency: str) -> dict[str, Any]:
        """The value as the fields of a form hold it."""
        return {name: "" if value is None else self.said(value, currency)}

    def read(self, name: str, sent: Mapping[str, Any], currency: str) -> Any:
        """What was typed as the body of the API has it; None when nothing was."""
        typed = sent.get(name, "")
        text = str(typed[-1] if isinstance(typed, list) else typed).strip()
        return self.meant(text, currency) if text else None

    def said(self, value: Any, currency: str) -> Any:  # noqa: ARG002  # only money asks for it
        """One value as text."""
        return str(value)

    def meant(self, text: str, currency: str) -> Any:  # noqa: ARG002  # only money asks for it
        """What a text means."""
        return text


Text = Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Kind):
    """A whole number of something."""

    inputmode: ClassVar[str] = "numeric"

    def meant(self, text: str, currency: str) -> int:  # noqa: ARG002  # as above
        """Read digits."""
        if not re.fullmatch(r"-?[0-9]{1,15}", text):
            raise TypedWrongError(NOT_WHOLE)
        return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled(Kind):
    """A number with so many places that is kept as a whole one: kilograms as grams, degrees as millionths."""

    inputmode: ClassVar[str] = "decimal"
    places: int

    def said(self, value: Any, currency: str) -> str:
        """Write it without needless zeros."""
        return plain(Decimal(value).scaleb(-self.finest(currency)), self.least(currency))

    def meant(self, text: str, currency: str) -> int:
        """Read it exactly: nothing is rounded."""
        if not NUMBER.fullmatch(text):
            raise TypedWrongError(NOT_NUMBER)
        whole = Decimal(text).scaleb(self.finest(currency))
        if whole != whole.to_integral_value():
            raise TypedWrongError(TOO_FINE, places=str(self.finest(currency)))
        return int(whole)

    def finest(self, currency: str) -> int:  # noqa: ARG002  # as above
        """Digits after the point at most."""
        return self.places

    def least(self, currency: str) -> int:  # noqa: ARG002  # as above
        """Digits after the point that are always written."""
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Scaled):
    """Major units of the currency; a price for a thousand pieces is written for one, which takes three places more."""

    drawn: ClassVar[str] = "money"
    places: int = 0

    def finest(self, currency: str) -> int:
        """The currency's own places, and those that a small part needs."""
        return self.least(currency) + self.places

    def least(self, currency: str) -> int:
        """The currency's own places."""
        return get_currency_precision(currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Kind):
    """A time of the day, or a length of time; after 24:00 it is that of the next day."""

    unit_s: int = 1
    latest_h: int = DAY_HOURS

    def said(self, value: Any, currency: str) -> str:  # noqa: ARG002  # as above
        """Write hours and minutes, and seconds only where there are some."""
        return clock(int(value) * self.unit_s)

    def meant(self, text: str, currency: str) -> int:  # noqa: ARG002  # as above
        """Read hours and minutes."""
        return seconds(text, self.latest_h) // self.unit_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Kind):
    """A day and a time at the hub."""

    drawn: ClassVar[str] = "moment"

    def said(self, value: Any, currency: str) -> str:  # noqa: ARG002  # as above
        """Write it as the browser's own field does."""
        return f"{value:%Y-%m-%dT%H:%M}"

    def meant(self, text: str, currency: str) -> str:  # noqa: ARG002  # as above
        """Seconds are never typed."""
        return f"{text.replace(' ', 'T')}:00" if re.fullmatch(r".{10}[T ]..:..", text) else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Kind):
    """A day."""

    drawn: ClassVar[str] = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Kind):
    """Yes or no."""

    drawn: ClassVar[str] = "tick"

    def write(self, name: str, value: Any, currency: str) -> dict[str, Any]:  # noqa: ARG002  # as above
        """A box that is not ticked is not there."""
        return {name: "true"} if value else {}

    def read(self, name: str, sent: Mapping[str, Any], currency: str) -> bool:  # noqa: ARG002  # as above
        """A box that is not sent is not ticked."""
        return bool(sent.get(name))


def plain(number: Decimal, least: int) -> str:
    """Digits with at least so many after the point, and no needless zeros."""
    whole, _, part = f"{number:f}".partition(".")
    part = part.rstrip("0").ljust(least, "0")
    return f"{whole}.{part}" if part else whole


def clock(second: int) -> str:
    """Seconds after midnight as 07:30."""
    minute, rest = divmod(second, 60)
    written = f"{minute // 60:02}:{minute % 60:02}"
    return f"{written}:{rest:02}" if rest else written


def seconds(text: str, latest_h: int = DAY_HOURS) -> int:
    """A time such as 07:30 as seconds after midnight."""
    found = CLOCK.fullmatch(text.strip().replace("\N{FULLWIDTH COLON}", ":"))
    if found is None:
        raise TypedWrongError(NOT_CLOCK)
    second = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    if second > latest_h * 3600:
        raise TypedWrongError(TOO_LATE, latest=f"{latest_h}:00")
    return second
