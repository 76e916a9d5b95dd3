"""A classical routing problem as its file states it, whatever format that was."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from solver.errors import InvalidProblemError
from solver.instances.columns import hold

MOST_COORDINATE = 1e7
MOST_TIME = 1e9
MOST_LOAD = 10**12
MOST_CLIENTS = 20_000
MOST_VEHICLES = 10**9


class Rounding(Enum):
    """How the published best known values of a class measure an edge."""

    NEAREST = "each edge rounded to the nearest whole number"
    TENTHS = "each edge and time truncated to one decimal"
    NONE = "unrounded"


@dataclass(frozen=True)
class Depot:
    """Where routes start and end; at most `vehicles` of them, each within `max_duration` where there is one."""

    x: float
    y: float
    capacity: int
    vehicles: int | None
    max_duration: float | None
    early: float
    late: float | None


@dataclass(frozen=True)
class Client:
    """A place to be visited exactly once; `late` None means no window."""

    x: float
    y: float
    demand: int
    service: float
    early: float
    late: float | None


@dataclass(frozen=True)
class ClassicalProblem:
    """Depots and clients as the file gives them, raw numbers; clients are numbered from 0 without depots."""

    name: str
    rounding: Rounding
    depots: tuple[Depot, ...]
    clients: tuple[Client, ...]


@dataclass(frozen=True)
class ClassicalRoute:
    """One vehicle's clients in order."""

    depot: int
    clients: tuple[int, ...]


def check_classical(problem: ClassicalProblem) -> None:
    """Every number is one that the optimisers can count with, and the vehicles carry the demand.

    Raises
    ------
    InvalidProblemError
        With table, row and column.
    """
    depots, clients = problem.depots, problem.clients
    if not depots:
        raise InvalidProblemError("depots", -1, "x", "there is none: routes start and end somewhere")
    if len(clients) > MOST_CLIENTS:
        raise InvalidProblemError(
            "clients", -1, "x", f"{len(clients)} are more than {MOST_CLIENTS}: route them in parts"
        )
    _check_places("depots", depots)
    _check_places("clients", clients)
    hold(("depots", "capacity"), (depot.capacity for depot in depots), least=1, most=MOST_LOAD, whole=True)
    vehicles = [1 if depot.vehicles is None else depot.vehicles for depot in depots]
    hold(("depots", "vehicles"), vehicles, least=1, most=MOST_VEHICLES, whole=True)
    longest = (depot.max_duration or 0.0 for depot in depots)
    hold(("depots", "max_duration"), longest, least=0, most=MOST_TIME)
    hold(("clients", "service"), (client.service for client in clients), least=0, most=MOST_TIME)
    demand = [client.demand for client in clients]
    largest = max(depot.capacity for depot in depots)
    hold(("clients", "demand"), demand, least=0, most=largest, whole=True)
    carried = sum(depot.capacity * count for depot, count in zip(depots, vehicles, strict=True))
    if all(depot.vehicles is not None for depot in depots) and sum(demand) > carried:
        reason = f"all of them carry {carried}, the demand is {sum(demand)}: add vehicles, or leave out clients"
        raise InvalidProblemError("depots", -1, "vehicles", reason)
    places: list[Depot | Client] = [*depots, *clients]
    windows = {place.late is None for place in places}
    if len(windows) > 1:
        raise InvalidProblemError(
            "clients", -1, "late", "some places have a window and some none: give all of them one"
        )


def _check_places(table: str, places: Sequence[Depot | Client]) -> None:
    for axis in ("x", "y"):
        values = (getattr(place, axis) for place in places)
        hold((table, axis), values, least=-MOST_COORDINATE, most=MOST_COORDINATE)
    hold((table, "early"), (place.early for place in places), least=0, most=MOST_TIME)
    late = [place.early if place.late is None else place.late for place in places]
    hold((table, "late"), late, least=0, most=MOST_TIME)
    for row, place in enumerate(places):
        if late[row] < place.early:
            raise InvalidProblemError(table, row, "late", f"closes at {place.late} before it opens at {place.early}")
