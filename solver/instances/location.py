"""Prodhon's text format of the location-routing problem, used for Barreto's and Tuzun-Burke's too."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from solver.errors import InvalidProblemError
from solver.instances.columns import ANY, Place, Read, hold
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


def check_location(problem: LocationProblem) -> None:
    """Every number is one that the optimisers can count with, and somebody can serve every client.

    Raises
    ------
    InvalidProblemError
        With table, row and column; a demand that no vehicle carries or no depots hold.
    """
    depots, clients = problem.depots, problem.clients
    if not depots:
        raise InvalidProblemError("depots", -1, "x", "there is none: give one that may be opened")
    hold(("problem", "vehicle_capacity"), [problem.vehicle_capacity], least=1, most=_MOST_QUANTITY, whole=True)
    hold(("problem", "vehicle_cost"), [problem.vehicle_cost], least=0, most=_MOST_COST)
    for table, places in (("depots", depots), ("clients", clients)):
        hold((table, "x"), (place.x for place in places), least=-_MOST_COORDINATE, most=_MOST_COORDINATE)
        hold((table, "y"), (place.y for place in places), least=-_MOST_COORDINATE, most=_MOST_COORDINATE)
    room = [0 if depot.capacity is None else depot.capacity for depot in depots]
    hold(("depots", "capacity"), room, least=0, most=_MOST_QUANTITY, whole=True)
    hold(("depots", "opening"), (depot.opening for depot in depots), least=0, most=_MOST_COST)
    demand = [client.demand for client in clients]
    hold(("clients", "demand"), demand, least=0, most=problem.vehicle_capacity, whole=True)
    if all(depot.capacity is not None for depot in depots) and sum(demand) > sum(room):
        reason = f"{sum(demand)} is more than all depots hold, {sum(room)}: add a depot, or leave out clients"
        raise InvalidProblemError("clients", -1, "demand", reason)


def read_location(path: Path) -> LocationProblem:
    """Read a location-routing file (Prins, Prodhon & Wolfler Calvo 2006), numbers in their order, one or many a line.

    Numbers of clients and depots; x and y of the depots, of the clients; capacity of a vehicle; capacities of the
    depots, 0 for none; demands; costs of opening the depots; cost of a route; 0 or 1, the rounding.

    Raises
    ------
    BadInputError
        Anything that cannot be read, with file, line, field and reason; a demand that no vehicle or no depots hold.
    """
    numbers = _Numbers(read_lines(path))
    clients = numbers.count("clients", least=0, most=_MOST_CLIENTS)
    depots = numbers.count("depots", least=1, most=_MOST_DEPOTS)
    sites = [numbers.at("depots", row, f"depot {row + 1}") for row in range(depots)]
    stops = [numbers.at("clients", row, f"client {row + 1}") for row in range(clients)]
    load = numbers.whole(("problem", 0, "vehicle_capacity"), "capacity of a vehicle")
    room = [numbers.whole(("depots", row, "capacity"), f"capacity of depot {row + 1}") for row in range(depots)]
    demands = [numbers.whole(("clients", row, "demand"), f"demand of client {row + 1}") for row in range(clients)]
    opening = [numbers.real(("depots", row, "opening"), f"cost of opening depot {row + 1}") for row in range(depots)]
    route = numbers.real(("problem", 0, "vehicle_cost"), "cost of a route")
    unrounded = numbers.count("rounding", least=0, most=1)
    numbers.close()
    problem = LocationProblem(
        name=path.stem,
        hundredfold=not unrounded,
        vehicle_capacity=load,
        vehicle_cost=route,
        depots=tuple(Site(*at, held or None, cost) for at, held, cost in zip(sites, room, opening, strict=True)),
        clients=tuple(Stop(*at, demand) for at, demand in zip(stops, demands, strict=True)),
    )
    numbers.read.judge(lambda: check_location(problem))
    return problem


class _Numbers:
    """Every number with its line."""

    def __init__(self, lines: list[Line]) -> None:
        self._last = lines[-1]
        self._rest: Iterator[tuple[Line, str]] = ((line, token) for line in lines for token in line.tokens())
        self.read = Read(lines[-1])

    def _next(self, field: str) -> tuple[Line, str]:
        found = next(self._rest, None)
        if found is None:
            self._last.refuse(field, "the file ends before it")
        return found

    def count(self, field: str, *, least: int, most: int) -> int:
        """What the file itself is made by."""
        line, token = self._next(field)
        return line.whole(token, field, least=least, most=most)

    def whole(self, place: Place, field: str) -> int:
        line, token = self._next(field)
        self.read.note(place, line, field)
        return line.whole(token, field, least=-ANY, most=ANY)

    def real(self, place: Place, field: str) -> float:
        line, token = self._next(field)
        self.read.note(place, line, field)
        return line.real(token, field, least=-ANY, most=ANY)

    def at(self, table: str, row: int, whose: str) -> tuple[float, float]:
        return self.real((table, row, "x"), f"x of {whose}"), self.real((table, row, "y"), f"y of {whose}")

    def close(self) -> None:
        for line, _ in itertools.islice(self._rest, 1):
            line.refuse("end", "more numbers than its clients and depots ask for")
