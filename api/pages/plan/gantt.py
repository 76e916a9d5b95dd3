"""The day of every truck as a drawing: one row a truck, one bar a trip, a block at each call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from api.pages.plan.sheet import Route, Sheet, Stop

LEFT, ROW, TOP, HOUR_PX, LEAST = 208, 32, 28, 32, 3
HOUR: Final = timedelta(hours=1)
EVERY: Final = 3
"""Hours between two lines that are named."""
Axis = Callable[[datetime], float]


@dataclass(frozen=True, slots=True)
class Block:
    """A call on its bar."""

    stop: Stop
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A trip from leaving home to being back."""

    route: Route
    x: float
    width: float
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Row:
    """A truck's trips."""

    vehicle: str
    y: int
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Line:
    """A full hour; midnight carries the day."""

    x: float
    at: datetime
    midnight: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Gantt:
    """The drawing in pixels."""

    width: int
    height: int
    rows: list[Row]
    lines: list[Line]


def gantt(sheet: Sheet) -> Gantt | None:
    """Draw the trips of a plan; nothing where none drives."""
    if not sheet.routes:
        return None
    zone = ZoneInfo(sheet.cycle.time_zone)
    first = _hour(min(route.depart_at for route in sheet.routes).astimezone(UTC))
    last = _hour(max(route.return_at for route in sheet.routes).astimezone(UTC)) + HOUR

    def x(at: datetime) -> float:
        return round(LEFT + (at - first) / HOUR * HOUR_PX, 1)

    by_truck: dict[UUID, list[Route]] = {}
    for route in sheet.routes:
        by_truck.setdefault(route.vehicle_id, []).append(route)
    trucks = sorted(by_truck.values(), key=lambda trips: (trips[0].home.name, trips[0].vehicle))
    rows = [
        Row(trips[0].vehicle, TOP + index * ROW, [_bar(route, x) for route in trips])
        for index, trips in enumerate(trucks)
    ]
    return Gantt(int(x(last)) + 40, TOP + len(rows) * ROW + 4, rows, _lines(first, last, zone, x))


def _bar(route: Route, x: Axis) -> Bar:
    blocks = [
        Block(stop, x(stop.start_at), max(LEAST, round(x(stop.leave_at) - x(stop.start_at), 1))) for stop in route.stops
    ]
    return Bar(route, x(route.depart_at), max(LEAST, round(x(route.return_at) - x(route.depart_at), 1)), blocks)


def _lines(first: datetime, last: datetime, zone: ZoneInfo, x: Axis) -> list[Line]:
    lines, at = [], first
    while at <= last:
        local = at.astimezone(zone)
        lines.append(Line(x(at), local, local.hour == 0, local.hour % EVERY == 0))
        at += HOUR
    return lines


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
