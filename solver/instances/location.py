"""Prodhon's text format of the location-routing problem, used for Barreto's and Tuzun-Burke's too."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from solver.instances.text import Line, read_lines

_MOST_CLIENTS = 5_000
_MOST_DEPOTS = 1_000
_MOST_COORDINATE = 1e6
_MOST_QUANTITY = 10**9
# Sums of so many costs in thousandths still fit 64 bits.
_MOST_COST = 1e9


@dataclass(frozen=True)
class Site:
    """A depot that may be opened; `capacity` None means that it holds whatever it must."""

    x: float
    y: float
    capacity: int | None
    opening: float


@dataclass(frozen=True)
class Stop:
    """A client, served whole by one route."""

    x: float
    y: float
    demand: int


@dataclass(frozen=True)
class LocationProblem:
    """D depots, C clients; an edge costs its distance, where `hundredfold` times 100 and rounded up."""

    name: str
    hundredfold: bool
    vehicle_capacity: int
    vehicle_cost: float
    depots: tuple[Site, ...]
    clients: tuple[Stop, ...]


def read_location(path: Path) -> LocationProblem:
    """Read a location-routing file (Prins, Prodhon & Wolfler Calvo 2006), numbers in their order, one or many a line.

    Numbers of clients and depots; x and y of the depots, of the clients; capacity of a vehicle; capacities of the
    depots, 0 for none; demands; costs of opening the depots; cost of a route; 0 or 1, the rounding.

    Raises
    ------
    BadInputError
        Anything that cannot be read, with file, line, field and reason; a demand that no vehicle or no depots hold.
    """
    lines = read_lines(path)
    numbers = _Numbers(lines)
    clients = numbers.whole("clients", least=0, most=_MOST_CLIENTS)
    depots = numbers.whole("depots", least=1, most=_MOST_DEPOTS)
    sites = [numbers.place(f"depot {number}") for number in range(1, depots + 1)]
    stops = [numbers.place(f"client {number}") for number in range(1, clients + 1)]
    load = numbers.whole("capacity of a vehicle", least=1, most=_MOST_QUANTITY)
    room = [numbers.whole(f"capacity of depot {number}", most=_MOST_QUANTITY) for number in range(1, depots + 1)]
    demands = [numbers.whole(f"demand of client {number}", most=load) for number in range(1, clients + 1)]
    opening = [numbers.real(f"cost of opening depot {number}") for number in range(1, depots + 1)]
    route = numbers.real("cost of a route")
    unrounded = numbers.whole("rounding", most=1)
    numbers.close()
    if all(room) and sum(demands) > sum(room):
        lines[-1].refuse("demand", f"{sum(demands)} is more than all depots hold, {sum(room)}")
    return LocationProblem(
        name=path.stem,
        hundredfold=not unrounded,
        vehicle_capacity=load,
        vehicle_cost=route,
        depots=tuple(Site(*at, held or None, cost) for at, held, cost in zip(sites, room, opening, strict=True)),
        clients=tuple(Stop(*at, demand) for at, demand in zip(stops, demands, strict=True)),
    )


class _Numbers:
    """Every number with its line."""

    def __init__(self, lines: list[Line]) -> None:
        self._last = lines[-1]
        self._rest: Iterator[tuple[Line, str]] = ((line, token) for line in lines for token in line.tokens())

    def _next(self, field: str) -> tuple[Line, str]:
        found = next(self._rest, None)
        if found is None:
            self._last.refuse(field, "the file ends before it")
        return found

    def whole(self, field: str, *, least: int = 0, most: int) -> int:
        line, token = self._next(field)
        return line.whole(token, field, least=least, most=most)

    def real(self, field: str) -> float:
        line, token = self._next(field)
        return line.real(token, field, least=0, most=_MOST_COST)

    def place(self, whose: str) -> tuple[float, float]:
        (line, x), (other, y) = self._next(f"x of {whose}"), self._next(f"y of {whose}")
        return (
            line.real(x, f"x of {whose}", least=-_MOST_COORDINATE, most=_MOST_COORDINATE),
            other.real(y, f"y of {whose}", least=-_MOST_COORDINATE, most=_MOST_COORDINATE),
        )

    def close(self) -> None:
        for line, _ in itertools.islice(self._rest, 1):
            line.refuse("end", "more numbers than its clients and depots ask for")
