"""Standing orders: made from an order, changed, left to rest, resumed and ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.guards import open_to, signed_in
from api.pages.forms import WHOLE, Filled, Sent, blank, id_in, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.shop.again import goods_of
from api.pages.shop.baskets import Packs
from api.pages.shop.stood import named, places, stood, turned
from api.pages.shop.words import SHORTAGES, STANDING
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.network.values import PointId
from farmlink.orders import commands
from farmlink.orders import queries as orders
from farmlink.orders.queries import standing as queries
from farmlink.orders.rules.standing import LONGEST_RHYTHM
from farmlink.orders.values import OrderId, StandingId, StandingLine, StandingOrder, StandingTerms
from farmlink.people.values import Principal
from farmlink.store.store import Store

HOME: Final = "home"
NOTHING: Final = marked("A standing order needs at least one pack of something.")


class TermsForm(msgspec.Struct, frozen=True):
    """Where it is handed out, and of every how many cycles; `order` is whose goods it begins with."""

    place: Annotated[str, msgspec.Meta(max_length=36)]
    every: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_RHYTHM)] = 1
    order: UUID | None = None


class ChangeForm(msgspec.Struct, frozen=True):
    """Which version of it was changed."""

    revision: int


class RestForm(msgspec.Struct, frozen=True):
    """From which day of hand-out on it is ordered again."""

    until: date | None = None


class StandingPages(Controller):
    """One's own standing orders."""

    path = "/standing-orders"
    opt = open_to(signed_in)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def standing_orders(
        self, request: Asked, store: ActingStore, principal: Asking, paging: AskedPage
    ) -> Response[Any]:
        """List them, those that have ended too."""
        found = store.read(queries.standing_orders, paging, principal.person_id)
        shown = [store.read(stood, one) for one in found.items]
        return page("shop/standing_orders.html", request, found=found, shown=shown, STANDING=STANDING)

    @get("/new", sync_to_thread=True)
    def ask(
        self, request: Asked, store: ActingStore, principal: Asking, order: FromQuery[UUID | None] = None
    ) -> Response[Any]:
        """Offer to order the same again and again; without an order, lead to where one is chosen."""
        if order is None:
            return Redirect("/orders", status_code=303)
        return _new(request, store, principal, order, blank())

    @post("", opt=taken_by(signed_in), sync_to_thread=True)
    def make(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Order the same in the cycles that open from now on."""
        order_id = id_in(data, "order")
        own = store.read(orders.order, OrderId(order_id), principal.person_id)
        try:
            terms = _terms(data, store.read(goods_of, own))
            made = store.once(key_of(data), commands.make_standing, principal.person_id, terms)
        except RefusedError as refusal:
            return _new(request, store, principal, order_id, refilled(data, refusal, language))
        return Redirect(f"/standing-orders/{made.id}", status_code=303)

    @get("/{standing_id:uuid}", sync_to_thread=True)
    def standing_order(
        self, request: Asked, store: ActingStore, principal: Asking, standing_id: FromPath[UUID]
    ) -> Response[Any]:
        """One standing order: what it orders, what came of it, and how it goes on."""
        return _one(request, store, principal, _own(store, principal, standing_id), blank())

    @post("/{standing_id:uuid}", opt=taken_by(signed_in), sync_to_thread=True)
    def change(  # what a form needs
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        standing_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Say what is ordered from the next cycle on."""
        own = _own(store, principal, standing_id)
        try:
            terms = replace(_terms(data, own.lines), hub_id=own.hub_id)
            seen = read(data, ChangeForm).revision
            store.once(key_of(data), commands.change_standing, own.id, seen, terms)
        except RefusedError as refusal:
            return _one(request, store, principal, own, refilled(data, refusal, language))
        return Redirect(f"/standing-orders/{own.id}", status_code=303)

    @post("/{standing_id:uuid}/rest", opt=taken_by(signed_in), sync_to_thread=True)
    def rest(  # what a form needs
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        standing_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Order nothing for a while: until a day, or until it is resumed."""
        own = _own(store, principal, standing_id)
        try:
            store.once(key_of(data), commands.pause_standing, own.id, read(data, RestForm).until)
        except RefusedError as refusal:
            return _one(request, store, principal, own, refilled(data, refusal, language))
        return Redirect(f"/standing-orders/{own.id}", status_code=303)

    @post("/{standing_id:uuid}/resumption", opt=taken_by(signed_in), sync_to_thread=True)
    def resume(self, store: ActingStore, principal: Asking, standing_id: FromPath[UUID], data: Sent) -> Response[Any]:
        """Order again from the next cycle that opens."""
        own = _own(store, principal, standing_id)
        store.once(key_of(data), commands.resume_standing, own.id)
        return Redirect(f"/standing-orders/{own.id}", status_code=303)

    @post("/{standing_id:uuid}/end", opt=taken_by(signed_in), sync_to_thread=True)
    def end(self, store: ActingStore, principal: Asking, standing_id: FromPath[UUID], data: Sent) -> Response[Any]:
        """Order nothing any more, for good."""
        own = _own(store, principal, standing_id)
        store.once(key_of(data), commands.end_standing, own.id)
        return Redirect("/standing-orders", status_code=303)


def _own(store: Store, principal: Principal, standing_id: UUID) -> StandingOrder:
    return store.read(queries.standing_order, StandingId(standing_id), principal.person_id)


def _terms(sent: Sent, lines: Sequence[StandingLine]) -> StandingTerms:
    """The terms of a form, with as many packs of each line as it says; a line of none is left out."""
    form = read(sent, TermsForm)
    shapes = {f"packs_{place}": line for place, line in enumerate(lines)}
    counts = read(sent, msgspec.defstruct("Counts", [(name, Packs, line.packs) for name, line in shapes.items()]))
    wanted = []
    for name, line in shapes.items():
        packs = getattr(counts, name)
        if packs:
            most = None if line.most is None else max(line.most, packs)
            wanted.append(replace(line, packs=packs, most=most))
    if not wanted:
        raise FieldsError([Fault(WHOLE, "nothing", NOTHING, {})])
    point = None if form.place == HOME else PointId(id_in(sent, "place"))
    return StandingTerms(point_id=point, lines=tuple(wanted), every=form.every)


def _new(request: Asked, store: Store, principal: Principal, order_id: UUID, form: Filled) -> Response[Any]:
    own = store.read(orders.order, OrderId(order_id), principal.person_id)
    lines = store.read(goods_of, own)
    return page(
        "shop/standing_new.html",
        request,
        status=form.status,
        form=form,
        order=own,
        shown=store.read(named, lines),
        places=store.read(places, principal.person_id, None if own.at_home else PointId(own.place_id)),
        place=HOME if own.at_home else str(own.place_id),
        longest=LONGEST_RHYTHM,
        SHORTAGES=SHORTAGES,
    )


def _one(request: Asked, store: Store, principal: Principal, own: StandingOrder, form: Filled) -> Response[Any]:
    return page(
        "shop/standing_order.html",
        request,
        status=form.status,
        form=form,
        one=own,
        shown=store.read(stood, own),
        turns=store.read(turned, own),
        places=store.read(places, principal.person_id, own.point_id),
        place=HOME if own.point_id is None else str(own.point_id),
        longest=LONGEST_RHYTHM,
        SHORTAGES=SHORTAGES,
        STANDING=STANDING,
    )
