"""One neighbour's order at the counter: a part of it, what is to pay, and crates that come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.lead.points import shown_of
from api.pages.lead.sheet import Slip, one_slip
from api.pages.lead.whose import AtPoint, of_point
from api.pages.page import Asked, page
from api.shapes import Positive
from farmlink.dispatch import commands
from farmlink.dispatch.values import Handed, ShortReason
from farmlink.kernel.bounds import MOST
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.network.queries.leading import led
from farmlink.network.values import PlaceId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId
from farmlink.payments import commands as payments
from farmlink.people.values import Principal, Role
from farmlink.settlement import commands as settlement
from farmlink.settlement import queries as settled
from farmlink.store.transaction import Transaction

LEADERS: Final = role(Role.LEADER)
Packs = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
PACKS_WRONG: Final = marked("Between 0 and {most} packs are there. Write how many you hand out.")
REASON_MISSING: Final = marked("Say why less is handed out.")


@dataclass(frozen=True, slots=True)
class AtCounter:
    """One order at its point, and how many of its crates are still out."""

    at: AtPoint
    slip: Slip
    crates_out: int


class PaidForm(msgspec.Struct, frozen=True):
    """So much was paid, as it stood on the button."""

    amount_minor: Positive


class CratesForm(msgspec.Struct, frozen=True):
    """So many crates came back."""

    crates: Annotated[int, msgspec.Meta(ge=1, le=1000)]


class OneOrderPages(Controller):
    """One order at the counter."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}/hand-out/{order_id:uuid}"

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        order_id: FromPath[UUID],
    ) -> Response[Any]:
        """Show all of an order."""
        return _page(request, store.read(_at_counter, principal, point_id, order_id, language), blank())

    @post("/", opt=taken_by(LEADERS), sync_to_thread=True)
    def hand_out(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        order_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Hand out what is said of each line."""
        found = store.read(_at_counter, principal, point_id, order_id, language)
        try:
            store.once(key_of(data), commands.hand_out, found.slip.order.id, _handed(found.slip, data))
        except RefusedError as refusal:
            return _page(request, found, refilled(data, refusal, language))
        asked = f"cycle={found.slip.order.cycle_id}&done={order_id}"
        return Redirect(f"/lead/points/{point_id}/hand-out?{asked}", status_code=303)

    @post("/paid", opt=taken_by(LEADERS), sync_to_thread=True)
    def collect(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        order_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Keep that what is due was paid at the point."""
        found = store.read(_at_counter, principal, point_id, order_id, language)
        try:
            amount_minor = read(data, PaidForm).amount_minor
            store.once(key_of(data), payments.collect, found.slip.order.id, found.at.point.id, amount_minor)
        except RefusedError as refusal:
            now = store.read(_at_counter, principal, point_id, order_id, language)
            return _page(request, now, refilled({}, refusal, language))
        base = f"/lead/points/{point_id}/hand-out"
        listed = data.get("back") == "list"
        there = f"{base}?cycle={found.slip.order.cycle_id}&done={order_id}" if listed else f"{base}/{order_id}"
        return Redirect(there, status_code=303)

    @post("/crates", opt=taken_by(LEADERS), sync_to_thread=True)
    def take_back(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        order_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Take crates back, and give their deposit back."""
        found = store.read(_at_counter, principal, point_id, order_id, language)
        key = key_of(data)
        try:
            crates = read(data, CratesForm).crates
            store.once(key, settlement.take_back_crates, key, found.slip.order.id, crates)
        except RefusedError as refusal:
            return _page(request, found, refilled(data, refusal, language))
        return Redirect(f"/lead/points/{point_id}/hand-out/{order_id}", status_code=303)


def _page(request: Asked, found: AtCounter, form: Filled) -> Response[Any]:
    shown = {"slip": found.slip, "crates_out": found.crates_out, "form": form} | shown_of(found.at)
    return page("lead/one_order.html", request, status=form.status, **shown)


def _at_counter(tx: Transaction, principal: Principal, point_id: UUID, order_id: UUID, language: str) -> AtCounter:
    """An order at a point that somebody leads; one of another place does not exist here."""
    point, order = led(tx, principal, point_id), orders.order(tx, OrderId(order_id))
    if order.place_id != PlaceId(point.id):
        raise MissingError(noun="consumer order", id=order_id)
    at = of_point(tx, point, order.cycle_id)
    return AtCounter(at, one_slip(tx, order, point.id, language), _crates_out(tx, order.id))


def _crates_out(tx: Transaction, order_id: OrderId) -> int:
    try:
        return settled.crates_out(tx, order_id)
    except MissingError:  # nothing is charged yet, and so no deposit is either
        return 0


def _handed(slip: Slip, data: Mapping[str, Any]) -> list[Handed]:
    """What of each line goes over the counter: all that is there, or so many packs of it and why."""
    handed, faults = [], []
    for line in slip.lines:
        if line.there is None:
            continue
        typed, reason = str(data.get(f"packs-{line.line_id}", "")).strip(), str(data.get(f"reason-{line.line_id}", ""))
        whole = line.there // line.pack
        if not typed or typed == str(whole):
            handed.append(Handed(line.line_id, line.there))
        elif (packs := _packs(typed, whole)) is None:
            faults.append(Fault(f"packs-{line.line_id}", "range", PACKS_WRONG, {"most": str(whole)}))
        elif reason not in {ShortReason.SPOILED, ShortReason.NOT_COLLECTED}:
            faults.append(Fault(f"reason-{line.line_id}", "missing", REASON_MISSING, {}))
        else:
            handed.append(Handed(line.line_id, packs * line.pack, ShortReason(reason)))
    if faults:
        raise FieldsError(faults)
    return handed


def _packs(typed: str, most: int) -> int | None:
    """So many packs as were typed; nothing where that is no number, or more than are there."""
    try:
        packs = msgspec.convert(typed, Packs, strict=False)
    except msgspec.ValidationError:
        return None
    return packs if packs <= most else None
