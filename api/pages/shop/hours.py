"""When something is handed out, as the clock there shows it."""

from datetime import date

from farmlink.network.values import PointCard, Rhythm

DAY_MINUTES = 24 * 60


def hours_on(point: PointCard, day: date) -> str:
    """From when until when a point is open on a day; nothing where it has not said."""
    open_then = [hours for hours in point.hours if hours.weekday == day.weekday()]
    return ", ".join(_span(hours.opens_minute, hours.closes_minute) for hours in open_then)


def round_of(rhythm: Rhythm) -> str:
    """From when until when the round comes by at homes."""
    return _span(rhythm.deliver_from_s // 60, rhythm.deliver_until_s // 60)


def _span(since: int, until: int) -> str:
    return "-".join(f"{minute % DAY_MINUTES // 60:02}:{minute % 60:02}" for minute in (since, until))
