"""Gifts: somebody is named, something is ordered for them, and they collect it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.auth import viewer_id
from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, signed_in
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.shop.own import EVERYTHING, chosen_point
from farmlink.cycles import queries as cycles
from farmlink.kernel.errors import RefusedError
from farmlink.people import commands, queries
from farmlink.people.values import PersonId, Principal
from farmlink.store.store import Store


class RecipientForm(msgspec.Struct, frozen=True):
    """What to call somebody at the pick-up point, and how they may be reached."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    cycle: UUID | None = None


class GiftPages(Controller):
    """Those to whom one gives something; others' do not exist."""

    path = "/recipients"
    opt = open_to(signed_in)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def recipients(
        self, request: Asked, store: ActingStore, principal: Asking, cycle: FromQuery[UUID | None] = None
    ) -> Response[Any]:
        """List them; from each a way leads to what can be ordered for them."""
        return _recipients(request, store, principal, blank(cycle=cycle or ""))

    @post("", opt=taken_by(signed_in), sync_to_thread=True)
    def name(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Name somebody, and go on to what can be ordered for them."""
        try:
            form = read(data, RecipientForm)
            made = store.once(
                key_of(data), commands.name_recipient, principal.person_id, form.name, phone=form.phone or None
            )
        except RefusedError as refusal:
            return _recipients(request, store, principal, refilled(data, refusal, language))
        onward = f"/cycles/{form.cycle}?gift={made}" if form.cycle else "/recipients"
        return Redirect(onward, status_code=303)

    @post("/{person_id:uuid}/forgotten", opt=taken_by(signed_in), sync_to_thread=True)
    def forget(self, store: ActingStore, principal: Asking, person_id: FromPath[UUID]) -> Response[Any]:
        """Forget somebody; what is on its way to them is handed out to oneself."""
        store.run(commands.forget_recipient, principal.person_id, PersonId(person_id))
        return Redirect("/recipients", status_code=303)


def _recipients(request: Asked, store: Store, principal: Principal, form: Filled) -> Response[Any]:
    point = chosen_point(request, store)
    open_now = store.read(
        cycles.open_cycles, EVERYTHING, point_id=point.id if point else None, viewer=viewer_id(request)
    ).items
    return page(
        "shop/recipients.html",
        request,
        status=form.status,
        form=form,
        found=store.read(queries.recipients, principal.person_id, EVERYTHING).items,
        cycles=sorted(open_now, key=lambda one: one.closes_at),
    )
