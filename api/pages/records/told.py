"""What became of a table, or would: rows by what became of them, and what is wrong in which row and column."""

from dataclasses import dataclass
from typing import Final

from farmlink.kernel.locale import marked, render
from farmlink.kernel.rows import RowError
from farmlink.store.sheets import Imported, Request

SHOWN: Final = 200
LONGEST_CELL: Final = 60
SIGNS: Final = (": ", "\N{FULLWIDTH COLON}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page shows of an import."""

    rows: int
    counts: tuple[tuple[str, int], ...]
    """Words and how many rows, of those kinds that there are."""
    errors: tuple[tuple[int, str, str, str], ...]
    """Line, column, what stands there, and what is wrong with it."""
    unseen: int
    previewed: bool
    stands: bool
    refused: bool
    good: int


def told(imported: Imported, request: Request, language: str) -> Told:
    """What a page says about what an import found."""
    judged = imported.written + imported.known + imported.different + imported.wrong
    passed_over = max(0, imported.rows - judged)  # a wrong first line is refused and no row
    held_back = bool(imported.wrong) and not request.skip_bad
    new = marked("good, but not written") if held_back else marked("written")
    if request.preview and not held_back:
        new = marked("would be written")
    counts = (
        (new, imported.written),
        (marked("there before, unchanged"), imported.known),
        (marked("there before, but different: not changed"), imported.different),
        (marked("not asked for"), passed_over),
        (marked("refused"), imported.wrong),
    )
    errors = (*imported.errors, *imported.differing)
    return Told(
        rows=imported.rows,
        counts=tuple(counted for counted in counts if counted[1]),
        errors=tuple((one.line, one.column, cell_of(one), said_of(one, language)) for one in errors[:SHOWN]),
        unseen=len(errors) - len(errors[:SHOWN]),
        previewed=request.preview,
        stands=imported.stands,
        refused=held_back or not imported.rows,
        good=imported.written,
    )


def said_of(error: RowError, language: str) -> str:
    """What is wrong in one cell; its column stands beside it."""
    said = render(error.message, language, error.facts)
    for sign in SIGNS:
        said = said.removeprefix(f"{error.column}{sign}") if error.column else said
    return said


def cell_of(error: RowError) -> str:
    """What stands in a cell, as text and no longer than can be shown."""
    cell = "".join(sign if sign.isprintable() else "\N{SYMBOL FOR SUBSTITUTE FORM TWO}" for sign in error.cell)
    return cell if len(cell) <= LONGEST_CELL else f"{cell[:LONGEST_CELL]}…"
