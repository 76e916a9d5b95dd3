"""Cordeau's text format of the multi-depot problem, without time windows (type 2) or with them (type 6)."""

from dataclasses import dataclass
from pathlib import Path

from solver.instances.classical import (
    MOST_CLIENTS,
    MOST_COORDINATE,
    MOST_LOAD,
    MOST_TIME,
    ClassicalProblem,
    Client,
    Depot,
    Rounding,
)
from solver.instances.text import Line

_MOST_DEPOTS = 1000
_PLAIN, _WINDOWS = 2, 6


def parse_cordeau(lines: list[Line]) -> ClassicalProblem:
    """Read `type vehicles clients depots`, a limit row a depot, then the clients' and the depots' places.

    A place's row is `id x y service demand frequency ways`, so many ways, and in type 6 when it opens and closes
    (Cordeau, Laporte & Mercier 2001).
    """
    head = lines[0]
    tokens = head.tokens()
    if len(tokens) < 4:
        head.refuse("first line", f"has {len(tokens)} of the numbers type, vehicles, clients, depots")
    kind = head.whole(tokens[0], "type", least=0, most=99)
    if kind not in {_PLAIN, _WINDOWS}:
        head.refuse("type", f"{kind} is neither 2 nor 6, the multi-depot problem without and with time windows")
    timed = kind == _WINDOWS
    vehicles = head.whole(tokens[1], "vehicles", least=1, most=10**6)
    count = head.whole(tokens[2], "clients", least=0, most=MOST_CLIENTS)
    depots = head.whole(tokens[3], "depots", least=1, most=_MOST_DEPOTS)
    expected = 1 + depots + count + depots
    if len(lines) != expected:
        lines[-1].refuse("file", f"has {len(lines)} lines for {count} clients and {depots} depots, not {expected}")
    limits = [_limits(line) for line in lines[1 : 1 + depots]]
    most = max(capacity for _, capacity in limits)
    rows = lines[1 + depots :]
    numbers: set[int] = set()
    clients = tuple(_client(line, numbers, depots, most, timed=timed) for line in rows[:count])
    places = [_place(line, numbers, timed=timed) for line in rows[count:]]
    if sum(client.demand for client in clients) > vehicles * sum(capacity for _, capacity in limits):
        head.refuse("vehicles", f"{vehicles} a depot cannot carry the whole demand")
    homes = tuple(
        Depot(place.x, place.y, capacity, vehicles, duration, place.early, place.late)
        for place, (duration, capacity) in zip(places, limits, strict=True)
    )
    return ClassicalProblem(Path(head.file).stem, Rounding.NONE, homes, clients)


def _limits(line: Line) -> tuple[float | None, int]:
    """Longest duration of a route, 0 for none, and largest load."""
    tokens = line.tokens()
    if len(tokens) != 2:
        line.refuse("depot limits", f"a row has 2 numbers, this one has {len(tokens)}")
    duration = line.real(tokens[0], "longest duration", least=0, most=MOST_TIME)
    return duration or None, line.whole(tokens[1], "largest load", least=1, most=MOST_LOAD)


@dataclass(frozen=True)
class _Place:
    x: float
    y: float
    early: float
    late: float | None
    rest: list[str]  # service, demand, frequency, ways


def _place(line: Line, numbers: set[int], *, timed: bool) -> _Place:
    tokens = line.tokens()
    least = 9 if timed else 5
    if len(tokens) < least:
        wanted = "id, x, y, service, demand, frequency, ways, opens, closes" if timed else "id, x, y, service, demand"
        line.refuse("row", f"has {len(tokens)} of the numbers {wanted}")
    number = line.whole(tokens[0], "id", least=0, most=10**9)
    if number in numbers:
        line.refuse("id", f"{number} is given twice")
    numbers.add(number)
    x = line.real(tokens[1], "x", least=-MOST_COORDINATE, most=MOST_COORDINATE)
    y = line.real(tokens[2], "y", least=-MOST_COORDINATE, most=MOST_COORDINATE)
    if not timed:
        return _Place(x, y, 0, None, tokens[3:])
    early = line.real(tokens[-2], "opens", least=0, most=MOST_TIME)
    return _Place(x, y, early, line.real(tokens[-1], "closes", least=early, most=MOST_TIME), tokens[3:-2])


def _client(line: Line, numbers: set[int], depots: int, most: int, *, timed: bool) -> Client:
    place = _place(line, numbers, timed=timed)
    service = line.real(place.rest[0], "service", least=0, most=MOST_TIME)
    demand = line.whole(place.rest[1], "demand", least=0, most=MOST_LOAD)
    if demand > most:
        line.refuse("demand", f"{demand} is more than the largest load {most}")
    if len(place.rest) > 3:
        ways = line.whole(place.rest[3], "ways", least=0, most=2**31)
        if ways < depots:
            line.refuse("ways", f"{ways} of {depots}: a client here may use any depot")
        if timed and len(place.rest) != 4 + ways:
            line.refuse("row", f"has {len(place.rest) - 4} ways instead of {ways} before opens and closes")
    return Client(place.x, place.y, demand, service, place.early, place.late)
