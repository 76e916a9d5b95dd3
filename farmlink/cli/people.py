"""The first admin: on a new installation nobody is there who could admit one."""

from __future__ import annotations

from typing import Annotated

import typer

from farmlink.cli.opening import ready
from farmlink.cli.screen import language, note, say
from farmlink.kernel.locale import marked
from farmlink.people import commands
from farmlink.people.rules import TOKEN_LASTS
from farmlink.settings import read_settings

LINK = marked("{address}/password-resets/{token}")
ONCE = marked("{email} is an admin. Whoever opens this link sets the password, once and within {hours} hours.")
NEXT = marked(
    "It opens while farmlink serve runs. Then make products, hubs and vehicles ({address}/api/docs), "
    "and bring farms, points and lots in with farmlink import."
)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(admin)


def admin(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    name: Annotated[str | None, typer.Option(help="What to call somebody new; the address unless said.")] = None,
) -> None:
    """Make somebody an admin, new or known; prints a link that sets the password. The first command of all."""
    address = read_settings().public_url
    with ready() as store:
        token = store.run(commands.name_admin, email, email if name is None else name, language())
    say(LINK, address=address, token=token)
    note(ONCE, email=email, hours=int(TOKEN_LASTS.total_seconds()) // 3600)
    note(NEXT, address=address)
