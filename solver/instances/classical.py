"""A classical routing problem as its file states it, whatever format that was."""

from dataclasses import dataclass
from enum import Enum

MOST_COORDINATE = 1e7
MOST_TIME = 1e9
MOST_LOAD = 10**12
MOST_CLIENTS = 20_000


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
