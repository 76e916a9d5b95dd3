"""Cordeau's text format of the multi-depot problem (type 2)."""

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


def parse_cordeau(lines: list[Line]) -> ClassicalProblem:
    """Read `type vehicles clients depots`, a limit row a depot, then the clients' and the depots' places."""
    head = lines[0]
    tokens = head.tokens()
    if len(tokens) < 4:
        head.refuse("first line", f"has {len(tokens)} of the numbers type, vehicles, clients, depots")
    kind = head.whole(tokens[0], "type", least=0, most=99)
    if kind != 2:
        head.refuse("type", f"{kind} is not 2, the multi-depot problem")
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
    clients = tuple(_client(line, numbers, depots, most) for line in rows[:count])
    places = [_place(line, numbers)[:2] for line in rows[count:]]
    if sum(client.demand for client in clients) > vehicles * sum(capacity for _, capacity in limits):
        head.refuse("vehicles", f"{vehicles} a depot cannot carry the whole demand")
    homes = tuple(
        Depot(x, y, capacity, vehicles, duration, 0, None)
        for (x, y), (duration, capacity) in zip(places, limits, strict=True)
    )
    return ClassicalProblem(Path(head.file).stem, Rounding.NONE, homes, clients)


def _limits(line: Line) -> tuple[float | None, int]:
    """Longest duration of a route, 0 for none, and largest load."""
    tokens = line.tokens()
    if len(tokens) != 2:
        line.refuse("depot limits", f"a row has 2 numbers, this one has {len(tokens)}")
    duration = line.real(tokens[0], "longest duration", least=0, most=MOST_TIME)
    return duration or None, line.whole(tokens[1], "largest load", least=1, most=MOST_LOAD)


def _place(line: Line, numbers: set[int]) -> tuple[float, float, list[str]]:
    tokens = line.tokens()
    if len(tokens) < 5:
        line.refuse("row", f"has {len(tokens)} of the numbers id, x, y, service, demand")
    number = line.whole(tokens[0], "id", least=0, most=10**9)
    if number in numbers:
        line.refuse("id", f"{number} is given twice")
    numbers.add(number)
    x = line.real(tokens[1], "x", least=-MOST_COORDINATE, most=MOST_COORDINATE)
    y = line.real(tokens[2], "y", least=-MOST_COORDINATE, most=MOST_COORDINATE)
    return x, y, tokens[3:]


def _client(line: Line, numbers: set[int], depots: int, most: int) -> Client:
    x, y, rest = _place(line, numbers)
    service = line.real(rest[0], "service", least=0, most=MOST_TIME)
    demand = line.whole(rest[1], "demand", least=0, most=MOST_LOAD)
    if demand > most:
        line.refuse("demand", f"{demand} is more than the largest load {most}")
    if len(rest) > 3 and line.whole(rest[3], "depots allowed", least=0, most=2**31) < depots:
        line.refuse("depots allowed", f"{rest[3]} of {depots}: a client here may use any depot")
    return Client(x, y, demand, service, 0, None)
