"""The books of the payment providers beside ours, as a table; nothing is changed by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from rich.table import Table

from farmlink.cli.opening import judged
from farmlink.cli.screen import note, out, say, spinner, written
from farmlink.kernel.locale import marked
from farmlink.payments import queries
from farmlink.payments.rules.books import last_written
from farmlink.payments.values import Reconciled, Why
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
AGREE: Final = marked("The books agree about everything that was judged.")
NOTHING: Final = marked("There was nothing to judge, so nothing is known about the books.")
DIFFER: Final = marked("The books differ; amounts are in cents, fen or the like.")
READ: Final = marked("{method}: what began from {first} to {last} was judged; its books are read for {days} days back.")
NOT_JUDGED: Final = marked("Not judged now, because")
WHYS: Final[Mapping[Why, str]] = {
    Why.OLDER: marked("it began before these days, and the provider's books are not read farther back"),
    Why.LATER: marked("it began after these days"),
    Why.UNPAID: marked("its payer has not paid yet"),
    Why.STUCK: marked("a refund sticks at the provider, until you settle it there"),
    Why.WAITS: marked("the provider has still to do something for it"),
    Why.MOVED: marked("it moved so lately that the provider's books may not show it yet"),
}
MOST_NAMED: Final = 20
"""Payments named for each reason; the others are counted."""
STILL_HELD: Final = marked("{count} holds are open, and {steps} steps wait for a provider.")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("reconcile")(compare_books)


def compare_books(
    days: Annotated[
        int | None,
        typer.Option(
            min=1, help="How many days; without it all that is open, as far as the providers show their books."
        ),
    ] = None,
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
    last = through.date() if through else last_written(now)
    with judged() as store, spinner() as tell:
        tell(READING)
        found = reconcile(store, providers, last, now, days)
        held, steps = store.read(queries.holds_open), store.read(queries.steps_waiting)
    out.print(_sums(found))
    note(STILL_HELD, count=held, steps=steps)
    for one in found:
        reach = providers[one.method].books_days
        note(READ, method=one.method.value, first=one.span.first, last=one.span.last, days=reach)
    _say_skipped(found)
    if any(one.differences for one in found):
        out.print(_details(found))
        say(DIFFER)
        raise typer.Exit(DIFFERENT)
    say(AGREE if any(one.judged for one in found) else NOTHING)


def _say_skipped(found: Sequence[Reconciled]) -> None:
    """Name what was not judged by its reason; of very many the first."""
    named = defaultdict[Why, list[str]](list)
    for one in found:
        for skipped in one.skipped:
            named[skipped.why].append(f"{one.method.value} {skipped.payment_id}")
    for why, payments in sorted(named.items(), key=lambda one: list(Why).index(one[0])):
        out.print(f"{written(NOT_JUDGED)} {written(WHYS[why])}: {len(payments)}", soft_wrap=True)
        for payment in payments[:MOST_NAMED]:
            out.print(f"  {payment}", soft_wrap=True)


def _sums(found: Sequence[Reconciled]) -> Table:
    table = Table(*(written(column) for column in SUMS))
    for one in (compared for reconciled in found for compared in reconciled.compared):
        counts = (one.judged, one.theirs_minor, one.ours_minor, len(one.differences))
        table.add_row(one.method.value, one.currency, *(str(count) for count in counts))
    return table


def _details(found: Sequence[Reconciled]) -> Table:
    """Every difference, under the payment's name; an order that was checked out twice has two."""
    table = Table()
    for position, column in enumerate(DETAILS):
        table.add_column(written(column), no_wrap=position == 1)  # an id that is broken cannot be copied
    for one in (one for reconciled in found for one in reconciled.differences):
        amounts = (one.theirs.held_minor, one.ours.held_minor, one.theirs.taken_minor, one.ours.taken_minor)
        names = "\n".join(str(payment) for payment in one.payments)
        table.add_row(one.method.value, names, *(str(amount) for amount in amounts))
    return table
