"""What happens by itself: what waits, what was given up and is tried again, and whether everything holds."""

import re
from collections.abc import Callable, Sized
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore
from api.guards import open_to, platform
from api.pages.forms import taken_by
from api.pages.page import Asked, page, part
from farmlink.confirmations import queries as confirmations
from farmlink.cycles.queries import due as cycles_due
from farmlink.kernel.locale import marked
from farmlink.notify import queries as notify
from farmlink.orders.queries.standing import standing_due
from farmlink.payments import queries as payments
from farmlink.people import queries as people
from farmlink.people.values import Role
from farmlink.store import check, jobs, outbox, safekeeping
from farmlink.store.transaction import Transaction

ADMINS = platform(Role.ADMIN)
DUE: Final[dict[str, Callable[[Transaction], Sized]]] = {
    marked("Cycles to open"): cycles_due.due_to_open,
    marked("Cycles to close"): cycles_due.due_to_close,
    marked("Cycles whose farms were silent too long"): confirmations.due_to_lapse,
    marked("Cycles in which standing orders have their turn"): standing_due,
}
"""What the scheduler finds when it looks now; what stays here for more than a minute needs a person."""
KIND: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,80}")
CODE: Final = re.compile(r"\(psycopg\.errors\.(\w+)\)|(?<![\w.@-])([45]\d\d)(?![\w.@-])")
"""What a database, a mail server or a provider calls it."""


class QueuePages(Controller):
    """The first page of an operator, the queue behind it, and the check."""

    path = "/ops"
    opt = open_to(ADMINS)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def home(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show what needs a person, before everything else."""
        return page("ops/home.html", request, **store.read(_standing))

    @get("/standing", sync_to_thread=True)
    def standing(self, request: Asked, store: ActingStore) -> Response[Any]:
        """The figures of the first page, as they are now."""
        return part("ops/standing.html", request, **store.read(_standing))

    @get("/queue", sync_to_thread=True)
    def queue(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show what no attempt could deliver, and why."""
        return page("ops/queue.html", request, letters=store.read(outbox.dead_letters), shortly=shortly, zone="UTC")

    @post("/queue/revived", opt=taken_by(ADMINS), sync_to_thread=True)
    def revive_all(self, store: ActingStore) -> Response[Any]:
        """Try everything again that was given up."""
        store.run(outbox.revive_all)
        return Redirect("/ops/queue", status_code=303)

    @post("/queue/{event_id:uuid}/revived", opt=taken_by(ADMINS), sync_to_thread=True)
    def revive(self, store: ActingStore, event_id: FromPath[UUID]) -> Response[Any]:
        """Try one thing again that was given up."""
        store.run(outbox.revive, event_id)
        return Redirect("/ops/queue", status_code=303)

    @post("/check", opt=taken_by(ADMINS), sync_to_thread=True)
    def judged(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Judge the whole database by what must always hold."""
        return page("ops/check.html", request, violations=check.check(store))


def shortly(error: str) -> str:
    """The kind of an error and its code: all the rest of it may hold somebody's address."""
    kind, _, said = error.partition(":")
    code = CODE.search(said)
    return f"{kind if KIND.fullmatch(kind) else ''} {code[1] or code[2] if code else ''}".strip() or "?"


def _standing(tx: Transaction) -> dict[str, Any]:
    return {
        "events": outbox.standing(tx),
        "letters": notify.standing(tx),
        "applications": people.applicants(tx),
        "due": [(words, len(find(tx))) for words, find in DUE.items()],
        "steps": payments.steps_waiting(tx),
        "jobs": jobs.standing(tx),
        "backups": safekeeping.standing(tx),
    }
