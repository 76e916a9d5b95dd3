"""What the solver refuses, by name."""

from collections.abc import Sequence

from numpy import integer


class SolverError(Exception):
    """Any refusal of the solver."""


class BadInputError(SolverError):
    """The input cannot be read as what it claims to be; `line` counts from 1, 0 is the file as a whole."""

    def __init__(self, file: str, line: int, field: str, reason: str) -> None:
        super().__init__(file, line, field, reason)
        self.file, self.line, self.field, self.reason = file, line, field, reason

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.field}: {self.reason}"


class NoSolutionError(SolverError):
    """Nothing feasible was found in the time or iterations given."""


class PieceLostError(SolverError):
    """A piece of shared work that nothing could be made of; `piece` counts from 0."""

    def __init__(self, work: str, piece: int, pieces: int, reason: str) -> None:
        super().__init__(work, piece, pieces, reason)
        self.work, self.piece, self.pieces, self.reason = work, piece, pieces, reason

    def __str__(self) -> str:
        return f"{self.work}: piece {self.piece} of 0..{self.pieces - 1} {self.reason}"


class SolutionRejectedError(SolverError):
    """The independent checker refused our own answer."""

    def __init__(self, violations: Sequence[str]) -> None:
        super().__init__("; ".join(violations))
        self.violations = tuple(violations)


class InvalidProblemError(SolverError):
    """A problem whose columns contradict each other; `row` counts from 0, -1 is the column or table as a whole."""

    def __init__(self, table: str, row: int, column: str, reason: str) -> None:
        super().__init__(table, row, column, reason)
        self.table, self.row, self.column, self.reason = table, row, column, reason

    def __str__(self) -> str:
        where = f"{self.table}[{self.row}]" if self.row >= 0 else self.table
        return f"{where}.{self.column}: {self.reason}"


def check_number(table: str, name: str, number: object, least: float, most: float) -> None:
    """Refuse an argument that is out of its range, or no whole number where its least is one.

    Raises
    ------
    InvalidProblemError
        Names it and its range.
    """
    whole = isinstance(least, int)
    fits = (
        isinstance(number, int | float | integer) and least <= number <= most and (not whole or number == int(number))
    )
    if not fits:
        kind = "a whole number " if whole else ""
        raise InvalidProblemError(table, -1, name, f"{number} is not {kind}from {least} to {most}")
