"""Local time: a rule in a place's own clock becomes instants in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked

WEEK = frozenset(range(7))
"""Every day of the week; Monday is 0."""


class UnknownZoneError(InvalidError):
    """A place's time zone must be one of the world's."""

    code = "unknown-time-zone"
    message = "There is no time zone {zone}. Use a name such as America/Detroit or Asia/Shanghai."


def zone_named(zone: str) -> ZoneInfo:
    """Find a time zone by its IANA name."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(zone=zone, field="time_zone") from None


def instant_of(day: date, at: time, zone: str) -> datetime:
    """Say when a local time is: one that the clocks skip moves forward, one that comes twice is the first."""
    return datetime.combine(day, at.replace(fold=0, tzinfo=None), zone_named(zone)).astimezone(UTC)


def start_of_day(day: date, zone: str) -> datetime:
    """Say when a local day begins."""
    return instant_of(day, time(), zone)


def day_of(instant: datetime, zone: str) -> date:
    """Say which day it is in a place at an instant."""
    return instant.astimezone(zone_named(zone)).date()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due time of a recurrence; its local day names it, whatever the clocks do."""

    day: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Recurrence:
    """On these weekdays, at this local time, in this zone."""

    at: time
    zone: str
    weekdays: frozenset[int] = WEEK

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if not self.weekdays or not self.weekdays <= WEEK:
            raise InvalidError(field="weekdays", reason=marked("0 is Monday, 6 is Sunday, and at least one is needed"))

    def due(self, after: datetime, until: datetime) -> Iterator[Occurrence]:
        """Occurrences later than `after` and no later than `until`, in their order."""
        # A zone may skip a whole day: the day before may be due after this one has begun.
        day = day_of(after, self.zone) - timedelta(days=1)
        while (due_at := instant_of(day, self.at, self.zone)) <= until:
            if due_at > after and day.weekday() in self.weekdays:
                yield Occurrence(day, due_at)
            day += timedelta(days=1)

    def next(self, after: datetime) -> Occurrence:
        """Find the first occurrence later than `after`."""
        return next(self.due(after, after + timedelta(days=9)))
