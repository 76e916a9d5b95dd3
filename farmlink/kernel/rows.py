"""Tables that people bring: lines of CSV become rows, and what is wrong is said for each row and column."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from farmlink.kernel.errors import Fact, RefusedError
from farmlink.kernel.locale import marked

BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet that opens our export would run a cell that begins so."""
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}")
NUMBER: Final = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
OTHER_SIGNS: Final = {";": ";", "\t": "Tab", "|": "|"}
"""What spreadsheets and databases write instead of commas."""

COLUMN_MISSING = marked("The column {name} is missing from the first line.")
COLUMN_UNKNOWN = marked("The column {name} is not known. Known are: {known}.")
COLUMN_TWICE = marked("The column {name} stands twice in the first line.")
EMPTY_FILE = marked("The file is empty. The first line names the columns.")
OTHER_SIGN = marked("The columns of the first line are parted by “{sign}”. Save the file with commas between them.")
NO_TEXT = marked("This is no text in {encoding}. Save the file as CSV in UTF-8, or name its encoding.")
CELLS_COUNT = marked("This row has {found} cells, but the first line names {expected} columns.")
NOT_CSV = marked("The quotes of this row do not fit together.")
NOT_ENCODED = marked("This is not readable as {encoding}. Save the file as UTF-8, or name its encoding.")
NUL = marked("This holds a NUL character.")
NEEDED = marked("This is needed.")
TOO_LONG = marked("This has more than {longest} characters.")
LIKE_FORMULA = marked("This begins like a spreadsheet formula. Begin with a letter or a digit.")
NOT_WHOLE = marked("This must be a whole number from {least} to {most}.")
NOT_NUMBER = marked("This must be a number in plain digits such as 42.79.")
NOT_DAY = marked("This must be a date such as 2026-07-31.")
NOT_ID = marked("This is not an id (UUID).")
NOT_CHOICE = marked("This must be one of: {choices}.")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: where it begins in the file, and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell, or in a whole row when no column is named; `message` is a catalogue entry."""

    line: int
    column: str
    message: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    cell: str = ""
    """What stands there, as far as it is known."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a table must and may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


def encoding_of(beginning: bytes) -> str:
    """The encoding that a file's first bytes name; UTF-8 when they name none."""
    return next((name for mark, name in BOMS if beginning.startswith(mark)), "utf-8")


def read_rows(lines: Iterable[str], columns: Columns, encoding: str = "utf-8") -> Iterator[Row | RowError]:
    """Turn lines of CSV into rows one by one; a row that cannot be read is its error.

    Lines are decoded with `errors="replace"`, so that a wrong byte spoils its own row only.
    """
    reader = csv.reader(lines, strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
    except csv.Error:
        yield RowError(1, "", NOT_CSV)
        return
    wrong = list(_head_errors(head, columns, encoding))
    yield from wrong
    while not wrong:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield RowError(line, "", NOT_CSV)
            continue
        if cells:
            yield _row(line, head, cells, encoding)


def refused(line: int, refusal: RefusedError, names: Mapping[str, str], row: Row | None = None) -> RowError:
    """Say of a row what a rule said; `names` are the columns of the rule's fields where they differ."""
    named = str(refusal.facts.get("field") or "")
    column = names.get(named, named)
    cell = row.cells.get(column, "").strip() if row else ""
    return RowError(line, column, refusal.message, refusal.facts | {"field": column}, cell)


class Cells:
    """Reads one row's cells, and collects what is wrong; what it returns counts only when nothing is."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.errors: list[RowError] = []

    def wrong(self, column: str, message: str, **facts: Fact) -> None:
        """Note an error in a cell."""
        self.errors.append(RowError(self.row.line, column, message, facts, self._cell(column)))

    def text(self, column: str, longest: int = 200, *, needed: bool = True) -> str:
        """A name or code."""
        text = self._cell(column)
        if needed and not text:
            self.wrong(column, NEEDED)
        elif len(text) > longest:
            self.wrong(column, TOO_LONG, longest=longest)
        elif text.startswith(FORMULA):
            self.wrong(column, LIKE_FORMULA)
        return text

    def several(self, column: str, longest: int = 200) -> tuple[str, ...]:
        """Names between semicolons; an empty cell names none."""
        parts = (part.strip() for part in self.text(column, 100 * longest, needed=False).split(";"))
        return tuple(part for part in parts if part)

    def number(self, column: str) -> str:
        """A number as it is written, for whoever knows what it measures."""
        text = self._cell(column)
        if not text:
            self.wrong(column, NEEDED)
        elif not NUMBER.fullmatch(text):
            self.wrong(column, NOT_NUMBER)
        return text

    def whole(self, column: str, least: int, most: int) -> int:
        """A whole number in plain digits."""
        number = self.whole_or_none(column, least, most)
        if number is None and not self._cell(column):
            self.wrong(column, NEEDED)
        return least if number is None else number

    def whole_or_none(self, column: str, least: int, most: int) -> int | None:
        """A whole number, or nothing."""
        text = self._cell(column)
        if not text:
            return None
        number = int(text) if WHOLE.fullmatch(text) else None
        if number is None or not least <= number <= most:
            self.wrong(column, NOT_WHOLE, least=least, most=most)
            return None
        return number

    def day(self, column: str) -> date:
        """A date."""
        found = self.day_or_none(column)
        if found is None and not self._cell(column):
            self.wrong(column, NEEDED)
        return found or date.min

    def day_or_none(self, column: str) -> date | None:
        """A date, or nothing."""
        text = self._cell(column)
        if not text:
            return None
        try:
            if DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:  # a day that no month has
            pass
        self.wrong(column, NOT_DAY)
        return None

    def identity(self, column: str) -> UUID:
        """An id that farmlink made."""
        text = self._cell(column)
        try:
            return UUID(text)
        except ValueError:
            self.wrong(column, NOT_ID if text else NEEDED)
            return UUID(int=0)

    def choice(self, column: str, choices: Sequence[str]) -> str:
        """One of a few words."""
        text = self._cell(column).lower()
        if text not in choices:
            self.wrong(column, NOT_CHOICE, choices=list(choices))
            return choices[0]
        return text

    def _cell(self, column: str) -> str:
        return self.row.cells.get(column, "").strip()


def _head_errors(head: Sequence[str], columns: Columns, encoding: str) -> Iterator[RowError]:
    known = columns.required + columns.optional
    if not any(head):
        yield RowError(1, "", EMPTY_FILE)
        return
    if any(sign == "\ufffd" or sign < " " for name in head for sign in name.replace("\t", "")):
        yield RowError(1, "", NO_TEXT, {"encoding": encoding})
        return
    if len(head) == 1 and (signs := [name for sign, name in OTHER_SIGNS.items() if sign in head[0]]):
        yield RowError(1, "", OTHER_SIGN, {"sign": signs[0]}, head[0])
        return
    for name in columns.required:
        if name not in head:
            yield RowError(1, name, COLUMN_MISSING, {"name": name})
    for position, name in enumerate(head):
        if name in head[:position]:
            yield RowError(1, name, COLUMN_TWICE, {"name": name})
        elif name not in known:
            yield RowError(1, name, COLUMN_UNKNOWN, {"name": name, "known": list(known)})


def _row(line: int, head: Sequence[str], cells: Sequence[str], encoding: str) -> Row | RowError:
    if len(cells) != len(head):
        return RowError(line, "", CELLS_COUNT, {"found": len(cells), "expected": len(head)})
    for name, cell in zip(head, cells, strict=True):
        if "\0" in cell:
            return RowError(line, name, NUL, cell=cell)
        if "\ufffd" in cell:
            return RowError(line, name, NOT_ENCODED, {"encoding": encoding}, cell)
    return Row(line, dict(zip(head, cells, strict=True)))
