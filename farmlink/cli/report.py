"""What an import found: an error per row and column, and a table of what became of the rows."""

from __future__ import annotations

from typing import Final

import typer
from rich.table import Table

from farmlink.cli.screen import err, note, out, written
from farmlink.kernel.locale import marked
from farmlink.kernel.rows import RowError
from farmlink.store.sheets import Imported, Request

LEFT_OUT: Final = 1
BAD_INPUT: Final = 2
LONGEST_CELL: Final = 60

AT_LINE = marked("line {line}: {said}")
AT_COLUMN = marked("line {line}, column {column}: {said}")
AT_CELL = marked("line {line}, column {column}, “{cell}”: {said}")
READ = marked("rows read")
NEW = marked("written")
NEW_PREVIEWED = marked("would be written")
NEW_HELD_BACK = marked("good, but not written")
KNOWN = marked("there before, unchanged")
DIFFERENT = marked("there before, but different: not changed")
PASSED_OVER = marked("not asked for")
WRONG = marked("refused")
PREVIEWED = marked("A preview: nothing was written.")
HEAD_WRONG = marked("The first line is wrong, so no row was read and nothing was written.")
NOTHING_STANDS = marked(
    "Nothing was written, because rows were refused. Mend them, or write the good ones with --skip-bad."
)
NONE_GOOD = marked("Nothing was written, because there is no row to write.")
MORE = marked("and {count} more rows with errors.")
MORE_DIFFERENT = marked("and {count} more rows that differ.")
SKIPPED = marked("Not every row of the file holds now: see those above. The exit code is 1.")


def report(request: Request, imported: Imported) -> None:
    """Say what became of a file; refused, in a preview too, it ends with exit code 2, and with 1 without some rows."""
    for error in (*imported.errors, *imported.differing):
        err.print(said_of(error), style="red", soft_wrap=True, markup=False)
    if unseen := imported.wrong - len({error.line for error in imported.errors}):
        note(MORE, count=unseen)
    if unseen := imported.different - len(imported.differing):
        note(MORE_DIFFERENT, count=unseen)
    if imported.wrong and not imported.rows:
        note(HEAD_WRONG)
        raise typer.Exit(BAD_INPUT)
    out.print(_table(request, imported))
    if request.preview:
        note(PREVIEWED)
    elif not imported.stands:
        note(NOTHING_STANDS if imported.wrong and not request.skip_bad else NONE_GOOD)
    if not (imported.written or imported.known or imported.different) or (imported.wrong and not request.skip_bad):
        raise typer.Exit(BAD_INPUT)
    if imported.wrong or imported.different:
        note(SKIPPED)
        raise typer.Exit(LEFT_OUT)


def said_of(error: RowError) -> str:
    """One error with where it is and what stands there."""
    said = written(error.message, **error.facts)
    for sign in (": ", "\N{FULLWIDTH COLON}"):  # messages of the rules begin with their field, which is the column here
        said = said.removeprefix(f"{error.column}{sign}") if error.column else said
    cell = "".join(sign if sign.isprintable() else "\N{SYMBOL FOR SUBSTITUTE FORM TWO}" for sign in error.cell)
    cell = cell if len(cell) <= LONGEST_CELL else f"{cell[:LONGEST_CELL]}…"
    text = AT_CELL if cell and error.column else AT_COLUMN if error.column else AT_LINE
    return written(text, line=str(error.line), column=error.column, cell=cell, said=said)


def _table(request: Request, imported: Imported) -> Table:
    """Rows by what became of them; only those kinds that there are, besides what was read and what is new."""
    new = NEW_PREVIEWED if request.preview else NEW
    if imported.wrong and not request.skip_bad:
        new = NEW_HELD_BACK
    passed_over = imported.rows - imported.written - imported.known - imported.different - imported.wrong
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_row(written(READ), written("{count}", count=imported.rows))
    table.add_row(written(new), written("{count}", count=imported.written))
    rest = (imported.known, imported.different, passed_over, imported.wrong)
    for text, count in zip((KNOWN, DIFFERENT, PASSED_OVER, WRONG), rest, strict=True):
        if count:
            table.add_row(written(text), written("{count}", count=count))
    return table
