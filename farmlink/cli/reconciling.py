"""The books of the payment providers beside ours, as a table; nothing is changed by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from rich.table import Table

from farmlink.cli.opening import judged
from farmlink.cli.screen import note, out, say, spinner, written
from farmlink.kernel.locale import marked
from farmlink.payments import queries
from farmlink.payments.rules.books import DAYS, last_written, span
from farmlink.payments.values import Compared
from farmlink.payments.work import providers_of, reconcile
from farmlink.settings import read_settings

DIFFERENT: Final = 1
READING: Final = marked("reading the providers' books")
NO_PROVIDER: Final = marked("There is no account at a provider of payments, so there are no books to compare.")
SUMS: Final = (
    marked("provider"),
    marked("currency"),
    marked("orders"),
    marked("theirs"),
    marked("ours"),
    marked("differing"),
)
DETAILS: Final = (
    marked("provider"),
    marked("payment"),
    marked("held there"),
    marked("held here"),
    marked("taken there"),
    marked("taken here"),
)
AGREE: Final = marked("The books agree, from {first} to {last}.")
DIFFER: Final = marked(
    "The books differ; amounts are in cents, fen or the like. What began from {first} to {last} is compared."
)
STILL_HELD: Final = marked("{count} holds are open, and {steps} steps wait for a provider.")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("reconcile")(compare_books)


def compare_books(
    days: Annotated[int, typer.Option(min=1, max=90, help="How many days.")] = DAYS,
    through: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day, in China; without it the last whose bills are written."),
    ] = None,
) -> None:
    """Compare the payment providers' own books with the ledger; exit code 1 where they differ. Changes nothing."""
    providers, now = providers_of(read_settings()), datetime.now(UTC)
    if not providers:
        say(NO_PROVIDER)
        return
    chosen = span(through.date() if through else last_written(now), now, days)
    with judged() as store, spinner() as tell:
        tell(READING)
        found = reconcile(store, providers, chosen)
        held, steps = store.read(queries.holds_open), store.read(queries.steps_waiting)
    out.print(_sums(found))
    note(STILL_HELD, count=held, steps=steps)
    if not any(one.differences for one in found):
        say(AGREE, first=chosen.first, last=chosen.last)
        return
    out.print(_details(found))
    say(DIFFER, first=chosen.first, last=chosen.last)
    raise typer.Exit(DIFFERENT)


def _sums(found: Sequence[Compared]) -> Table:
    table = Table(*(written(column) for column in SUMS))
    for one in found:
        counts = (one.judged, one.theirs_minor, one.ours_minor, len(one.differences))
        table.add_row(one.method.value, one.currency, *(str(count) for count in counts))
    return table


def _details(found: Sequence[Compared]) -> Table:
    """Every difference, under the payment's name; an order that was checked out twice has two."""
    table = Table()
    for position, column in enumerate(DETAILS):
        table.add_column(written(column), no_wrap=position == 1)  # an id that is broken cannot be copied
    for one in (one for compared in found for one in compared.differences):
        amounts = (one.theirs.held_minor, one.ours.held_minor, one.theirs.taken_minor, one.ours.taken_minor)
        names = "\n".join(str(payment) for payment in one.payments)
        table.add_row(one.method.value, names, *(str(amount) for amount in amounts))
    return table
