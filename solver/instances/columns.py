"""What a column of a problem may hold, whoever filled it: a file's reader or a program."""

from collections.abc import Callable, Iterable
from numbers import Integral, Real

from solver.errors import InvalidProblemError
from solver.instances.text import Line

Place = tuple[str, int, str]
ANY = 10**18
"""So far a reader reads; what a field may hold is for the problem's own check."""


def hold(place: tuple[str, str], values: Iterable[float], *, least: float, most: float, whole: bool = False) -> None:
    """Each value of this table and column is a number from `least` to `most`.

    Raises
    ------
    InvalidProblemError
        With table, row and column of the first that is not.
    """
    table, column = place
    for row, value in enumerate(values):
        number = isinstance(value, Integral if whole else Real)
        if not number:
            raise InvalidProblemError(table, row, column, f"{value!r} is not a {'whole ' if whole else ''}number")
        if not least <= value <= most:
            raise InvalidProblemError(table, row, column, f"{value} is outside {least:g} to {most:g}")


class Read:
    """Where in a file the numbers of a problem stand."""

    def __init__(self, last: Line) -> None:
        self._last = last
        self._places: dict[Place, tuple[Line, str]] = {}

    def note(self, place: Place, line: Line, field: str) -> None:
        """Where this number was read."""
        self._places[place] = line, field

    def judge(self, check: Callable[[], None]) -> None:
        """Refuse the line of the number that the check refuses; the last one where that is none of them.

        Raises
        ------
        BadInputError
            With file, line and field.
        """
        try:
            check()
        except InvalidProblemError as error:
            line, field = self._places.get((error.table, error.row, error.column), (self._last, error.column))
            line.refuse(field, error.reason)
