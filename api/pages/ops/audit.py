"""Who did what to what, when: the deeds as they were written down, the latest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromQuery

from api.dependencies import ActingStore
from api.guards import open_to, platform
from api.pages.forms import blank
from api.pages.ops.deeds import DEEDS
from api.pages.page import Asked, page
from farmlink.network import queries as network
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Role
from farmlink.store import audit
from farmlink.store.audit import Deed
from farmlink.store.transaction import Transaction

SHOWN = 100
NO_DEED = UUID(int=0)
"""Stands before every deed of its hour."""


class AuditPages(Controller):
    """The audit as a page; names are looked up now and stand nowhere in it."""

    path = "/ops/audit"
    opt = open_to(platform(Role.ADMIN))
    include_in_schema = False

    @get("", sync_to_thread=True)
    def deeds(
        self,
        request: Asked,
        store: ActingStore,
        action: FromQuery[str] = "",
        subject: FromQuery[str] = "",
        before: FromQuery[datetime | None] = None,
        last: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show deeds of one kind, on one thing, or all."""
        after = None if before is None else (before, last or NO_DEED)
        found = store.read(audit.deeds, SHOWN + 1, before=after, subject=_id(subject), action=action.strip())
        shown = found[:SHOWN]
        asked = {"action": action, "subject": subject}
        return page(
            "ops/audit.html",
            request,
            form=blank(**asked),
            asked=asked,
            deeds=shown,
            names=store.read(_names, shown),
            further=shown[-1] if len(found) > SHOWN else None,
            DEEDS=DEEDS,
            zone=store.read(network.common_zone),
        )


def _names(tx: Transaction, deeds: list[Deed]) -> dict[str, str]:
    ids = {one for one in (_id(deed.actor) for deed in deeds) if one is not None}
    return {str(id_): name for id_, name in people.names(tx, [PersonId(one) for one in ids]).items()}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
