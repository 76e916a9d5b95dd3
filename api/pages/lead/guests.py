"""Neighbours whom a leader invites to a private cycle that hands out at their point."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.lead.points import shown_of
from api.pages.lead.whose import ON_SALE, AtPoint, at_point
from api.pages.page import Asked, page
from farmlink.cycles import commands
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import RefusedError
from farmlink.people.values import Role

LEADERS: Final = role(Role.LEADER)


class GuestForm(msgspec.Struct, frozen=True):
    """Somebody who shall order in the cycle."""

    called: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    cycle_id: UUID


class GuestPages(Controller):
    """Guests of a private cycle."""

    path = "/lead/points/{point_id:uuid}/guests"
    opt = held_by(Role.LEADER)
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def ask(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
        invited: FromQuery[str] = "",
    ) -> Response[Any]:
        """Ask for a name and an address."""
        at = store.read(at_point, principal, point_id, cycle, wanted=ON_SALE)
        return _page(request, at, blank(), invited=bool(invited))

    @post("/", opt=taken_by(LEADERS), sync_to_thread=True)
    def invite(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Let somebody see the cycle and order in it."""
        at = store.read(at_point, principal, point_id, wanted=ON_SALE)
        try:
            form = read(data, GuestForm)
            at = store.read(at_point, principal, point_id, form.cycle_id)
            guest = (CycleId(form.cycle_id), form.called, form.email, language)
            store.once(key_of(data), commands.invite_guest, *guest)
        except RefusedError as refusal:
            return _page(request, at, refilled(data, refusal, language))
        return Redirect(f"/lead/points/{point_id}/guests?cycle={form.cycle_id}&invited=yes", status_code=303)


def _page(request: Asked, at: AtPoint, form: Filled, *, invited: bool = False) -> Response[Any]:
    return page("lead/guests.html", request, status=form.status, form=form, invited=invited, **shown_of(at))
