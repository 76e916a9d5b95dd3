"""Local time: a rule in a place's own clock becomes instants in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from farmlink.kernel.errors import InvalidError


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
