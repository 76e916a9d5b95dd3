"""What was announced and could not be delivered: nothing of it is lost, and here it is seen and tried again."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import typer
from rich.table import Table

from farmlink.cli.opening import judged
from farmlink.cli.screen import out, say, written
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.store import outbox

COLUMNS: Final = (
    marked("event"),
    marked("announced"),
    marked("given up (UTC)"),
    marked("attempts"),
    marked("last error"),
)
NOTHING_DEAD = marked("Nothing was given up.")
REVIVED = marked("{count} tried again by the scheduler within seconds, or by farmlink tick.")
app = typer.Typer(no_args_is_help=True, help="What was announced and given up after many attempts.")


class OneOrAllError(RefusedError):
    """Reviving names one event, or says that all are meant."""

    code = "one-or-all"
    message = "Name one event (farmlink outbox list shows them), or say --all."


@app.command("list")
def dead() -> None:
    """List the events that no attempt could deliver, the oldest first, with their last error."""
    with judged() as store:
        letters = store.read(outbox.dead_letters)
    if not letters:
        say(NOTHING_DEAD)
        return
    table = Table()
    for column in COLUMNS:
        table.add_column(written(column), no_wrap=column == COLUMNS[0])  # an id that is broken cannot be copied
    for one in letters:
        table.add_row(
            str(one.event_id),
            one.name,
            f"{one.dead_at:%Y-%m-%d %H:%M:%S}",
            str(one.attempts),
            one.last_error.replace("[", "\\["),
        )
    out.print(table)


@app.command()
def revive(
    event: Annotated[UUID | None, typer.Argument(help="Which event; see list.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that were given up.")] = False,
) -> None:
    """Try again what was given up, once its cause is mended."""
    if (event is None) != every:
        raise OneOrAllError
    with judged() as store:
        if event is None:
            count = store.run(outbox.revive_all)
        else:
            store.run(outbox.revive, event)
            count = 1
    say(REVIVED if count else NOTHING_DEAD, count=count)
