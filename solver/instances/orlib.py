"""OR-Library files of the capacitated facility location problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solver.errors import InvalidProblemError
from solver.instances.columns import Read
from solver.instances.text import Line, read_lines

_MOST_COST = 1e12
MOST_QUANTITY = 10**12
_MOST_PLACES = 100_000
_MOST_CELLS = 4_000_000
# numpy's letters for kinds of numbers.
_WHOLE, _REAL = "i", "if"


@dataclass(frozen=True)
class FacilityProblem:
    """F facilities, C customers; `cost[f, c]` is for the customer's whole demand, a share costs its share."""

    name: str
    capacity: NDArray[np.int64]
    opening: NDArray[np.float64]
    demand: NDArray[np.int64]
    cost: NDArray[np.float64]


def check_facilities(problem: FacilityProblem) -> None:
    """Every column has its shape and numbers that the optimisers can count with, and the facilities hold the demand.

    Raises
    ------
    InvalidProblemError
        With table, row and column, `cost` by the customer's row; more demand than all facilities hold.
    """
    facilities, customers = len(problem.capacity), len(problem.demand)
    columns = (
        ("facilities", "capacity", problem.capacity, (facilities,), _WHOLE, MOST_QUANTITY),
        ("facilities", "opening", problem.opening, (facilities,), _REAL, _MOST_COST),
        ("customers", "demand", problem.demand, (customers,), _WHOLE, MOST_QUANTITY),
        ("customers", "cost", problem.cost, (facilities, customers), _REAL, _MOST_COST),
    )
    for table, name, column, shape, kinds, most in columns:
        if column.shape != shape or column.dtype.kind not in kinds:
            reason = f"is {column.shape} of {column.dtype}, not {shape} of {'whole ' if kinds == _WHOLE else ''}numbers"
            raise InvalidProblemError(table, -1, name, reason)
        # Not a number is not within.
        wrong = ~((column >= 0) & (column <= most))
        if wrong.any():
            row = int(np.argwhere(wrong)[0][-1])
            raise InvalidProblemError(table, row, name, f"{column[wrong][0]} is outside 0 to {most:g}")
    if not facilities:
        raise InvalidProblemError("facilities", -1, "capacity", "there is none: give one that may be opened")
    if problem.demand.sum() > problem.capacity.sum():
        reason = f"{problem.demand.sum()} is more than all capacity {problem.capacity.sum()}: add a facility"
        raise InvalidProblemError("customers", -1, "demand", reason)


def read_facilities(path: Path, capacity: int | None) -> FacilityProblem:
    """Read an OR-Library file; `capacity` stands in for the word "capacity".

    Raises
    ------
    BadInputError
        Anything that cannot be read, with file, line, field and reason.
    """
    lines = read_lines(path)
    tokens = _Tokens(lines)
    facilities = tokens.whole("facilities", least=1, most=_MOST_PLACES)
    customers = tokens.whole("customers", least=1, most=_MOST_PLACES)
    if facilities * customers > _MOST_CELLS:
        lines[0].refuse("customers", f"{facilities} x {customers} costs are more than {_MOST_CELLS}")
    room, opening = np.empty(facilities, dtype=np.int64), np.empty(facilities)
    open_ended = False
    for row in range(facilities):
        field = f"capacity of facility {row + 1}"
        line, word = tokens.next(field)
        if word == "capacity":
            open_ended = True
            if capacity is None:
                line.refuse(field, "the file leaves it open, give --capacity")
            room[row] = capacity
        else:
            room[row] = line.whole(word, field, least=0, most=MOST_QUANTITY)
        opening[row] = tokens.real(f"opening cost of facility {row + 1}")
    if capacity is not None and not open_ended:
        lines[0].refuse("--capacity", "the file states its own capacities")
    demand, cost = np.empty(customers, dtype=np.int64), np.empty((facilities, customers))
    for column in range(customers):
        demand[column] = tokens.whole(f"demand of customer {column + 1}", least=0, most=MOST_QUANTITY)
        for row in range(facilities):
            cost[row, column] = tokens.real(f"cost of customer {column + 1} at facility {row + 1}")
    tokens.close()
    problem = FacilityProblem(path.stem, room, opening, demand, cost)
    Read(lines[-1]).judge(lambda: check_facilities(problem))
    return problem


class _Tokens:
    """Numbers may wrap over lines at will; each keeps its place."""

    def __init__(self, lines: list[Line]) -> None:
        self._last = lines[-1]
        self._rest: Iterator[tuple[Line, str]] = ((line, token) for line in lines for token in line.tokens())

    def next(self, field: str) -> tuple[Line, str]:
        found = next(self._rest, None)
        if found is None:
            self._last.refuse(field, "the file ends before it")
        return found

    def real(self, field: str) -> float:
        line, token = self.next(field)
        return line.real(token, field, least=0, most=_MOST_COST)

    def whole(self, field: str, *, least: int, most: int) -> int:
        line, token = self.next(field)
        return line.whole(token, field, least=least, most=most)

    def close(self) -> None:
        found = next(self._rest, None)
        if found is not None:
            found[0].refuse("end", "more numbers than facilities and customers ask for")
