"""Importing a table: previewed, or written whole, or without its bad rows; never loaded all at once."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, Generic, TypeVar

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.rows import Cells, Columns, Row, RowError, encoding_of, read_rows, refused
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

T = TypeVar("T")
BATCH: Final = 5000
LONGEST_LINE: Final = 1_000_000
"""A file without line ends, such as a picture, is not read into memory as one line."""
SHOWN: Final = 1000
"""Errors kept to be shown; all are counted."""
DIFFERENT = marked("{code} is there already and differs in {columns}. An import changes nothing that is there.")
Progress = Callable[[int, int], None]
"""Told how many bytes of the file are read, and how many there are."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch of rows: written, known before, wrong after all, or known and different."""

    written: int
    known: int = 0
    errors: Sequence[RowError] = ()
    different: Sequence[RowError] = ()


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """How a table is read (nothing for a row that is not wanted) and written.

    `names` are the columns of a rule's fields where they differ.
    """

    columns: Columns
    read: Callable[[Cells], T | None]
    write: Callable[[Transaction, Sequence[tuple[int, T]]], Written]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or in a preview would do; `stands` says whether anything was written for good.

    `rows` are those below the first line, all of them judged unless the first line is wrong. Of those, `wrong` were
    refused, `known` were there before, `different` were too but say something else, which changed nothing, `written`
    are new, and the others were not asked for.
    """

    rows: int
    written: int
    known: int
    wrong: int
    errors: tuple[RowError, ...]
    stands: bool
    different: int = 0
    differing: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """Which file, and how strictly."""

    path: Path
    skip_bad: bool = False
    preview: bool = False
    encoding: str | None = None
    progress: Progress | None = None


class UnknownEncodingError(RefusedError):
    """No reader knows this way of writing."""

    code = "unknown-encoding"
    message = "There is no encoding {encoding}. Use a name such as utf-8, gb18030 or cp1252."


class _TakenBackError(Exception):
    """Rolls the transaction back and carries what was found."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported


def load(store: Store, request: Request, sheet: Callable[[Transaction], Sheet[T]]) -> Imported:
    """Import a file in one transaction; nothing of it stands after an error, unless bad rows may be skipped."""
    try:
        return store.run(_load, request, sheet)
    except _TakenBackError as back:
        return back.imported


def _load(tx: Transaction, request: Request, sheet: Callable[[Transaction], Sheet[T]]) -> Imported:
    rows = written = known = wrong = different = 0
    shown: list[RowError] = []
    differing: list[RowError] = []
    ready = sheet(tx)
    with opened(request) as (lines, encoding, read):
        found = read_rows(lines, ready.columns, encoding)
        while batch := list(islice(found, BATCH)):
            rows += sum(row.line > 1 for row in batch)
            good, errors = _judged(batch, ready)
            done = ready.write(tx, good) if good else Written(0)
            errors += done.errors
            written, known, wrong = written + done.written, known + done.known, wrong + len({e.line for e in errors})
            shown += sorted(errors, key=lambda error: error.line)[: SHOWN - len(shown)]
            different += len(done.different)
            differing += done.different[: SHOWN - len(differing)]
            if request.progress:
                request.progress(read(), request.path.stat().st_size)
    stands = not request.preview and bool(written or known or different) and (request.skip_bad or not wrong)
    imported = Imported(rows, written, known, wrong, tuple(shown), stands, different, tuple(differing))
    if not stands:
        raise _TakenBackError(imported)
    return imported


def _judged(batch: Sequence[Row | RowError], sheet: Sheet[T]) -> tuple[list[tuple[int, T]], list[RowError]]:
    good: list[tuple[int, T]] = []
    errors: list[RowError] = []
    for row in batch:
        if isinstance(row, RowError):
            errors.append(row)
            continue
        cells = Cells(row)
        try:
            value = sheet.read(cells)
        except RefusedError as refusal:
            errors += cells.errors or [refused(row.line, refusal, sheet.names, row)]
            continue
        if cells.errors:
            errors += cells.errors
        elif value is not None:
            good.append((row.line, value))
    return good, errors


@contextmanager
def opened(request: Request) -> Iterator[tuple[Iterator[str], str, Callable[[], int]]]:
    """Open the file in its encoding; a wrong byte becomes U+FFFD, which the reader refuses in its cell."""
    with request.path.open("rb") as file:
        encoding = request.encoding or encoding_of(file.peek(4))
        try:
            lines = io.TextIOWrapper(file, encoding, errors="replace", newline="")
        except LookupError as error:
            raise UnknownEncodingError(encoding=encoding) from error
        yield iter(partial(lines.readline, LONGEST_LINE), ""), encoding, file.tell
