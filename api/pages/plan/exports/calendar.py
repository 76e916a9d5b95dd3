"""Trips as a calendar (RFC 5545): one entry a trip, its stops in the text."""

from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from api.pages.plan.sheet import Route, Sheet


def ical(sheet: Sheet) -> bytes:
    """Every trip from leaving home to being back; an entry keeps its name from file to file."""
    calendar = Calendar()
    calendar.add("prodid", "-//farmlink//plan//EN")
    calendar.add("version", "2.0")
    for route in sheet.routes:
        entry = Event()
        entry.add("uid", f"{sheet.plan.id}-{route.number}@farmlink")
        entry.add("dtstamp", sheet.plan.made_at)
        entry.add("dtstart", route.depart_at)
        entry.add("dtend", route.return_at)
        entry.add("summary", f"{route.number} {route.vehicle}")
        entry.add("location", route.home.name)
        entry.add("description", _stops(route, ZoneInfo(sheet.cycle.time_zone)))
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _stops(route: Route, zone: ZoneInfo) -> str:
    return "\n".join(
        f"{stop.position}. {stop.start_at.astimezone(zone):%H:%M} {stop.place.name} {stop.weight_g // 1000} kg"
        for stop in route.stops
    )
