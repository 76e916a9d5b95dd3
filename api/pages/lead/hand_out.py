"""Handing out: one tap for each neighbour, by code or name; and the end of the day."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, refilled, taken_by
from api.pages.lead.points import PointNow, shown_of
from api.pages.lead.sheet import Slip, sheet
from api.pages.lead.whose import AtPoint, at_point
from api.pages.page import Asked, page
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch import commands, queries
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.orders.values import OrderId
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction

LEADERS: Final = role(Role.LEADER)
THERE: Final = (Stage.MOVING, Stage.CONFIRMED)


class HandOutPages(Controller):
    """A point on the day of its hand-out."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}"

    @get("/hand-out", sync_to_thread=True)
    def show(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
        search: FromQuery[str] = "",
    ) -> Response[Any]:
        """Show who still waits, and who has fetched what was theirs."""
        now = store.read(_now, principal, point_id, cycle, language)
        return _page(request, now, blank(search=search), search)

    @post("/hand-out/{order_id:uuid}/all", opt=taken_by(LEADERS), sync_to_thread=True)
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
        """Hand out all that is there for somebody."""
        at = store.read(at_point, principal, point_id)
        store.read(queries.require_hands, principal, OrderId(order_id))
        cycle_id = _cycle(data)
        try:
            store.once(key_of(data), commands.hand_out, OrderId(order_id))
        except RefusedError as refusal:
            now = store.read(_now, principal, at.point.id, cycle_id, language)
            return _page(request, now, refilled({}, refusal, language))
        return _back(at.point.id, cycle_id, order_id)

    @post("/hand-out", opt=taken_by(LEADERS), sync_to_thread=True)
    def end_the_day(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Everybody has fetched theirs, but for those who still wait."""
        at, cycle_id = store.read(at_point, principal, point_id), _cycle(data)
        if cycle_id is None:
            return _back(at.point.id, cycle_id)
        store.read(queries.require_point_leader, principal, cycle_id, at.point.id)
        try:
            store.once(key_of(data), commands.hand_out_point, cycle_id, at.point.id, _waiting(data))
        except RefusedError as refusal:
            now = store.read(_now, principal, point_id, cycle_id, language)
            return _page(request, now, refilled(data, refusal, language))
        return _back(point_id, cycle_id)


def _page(request: Asked, now: PointNow, form: Filled, search: str = "") -> Response[Any]:
    every = [] if now.sheet is None else now.sheet.slips
    done = next((slip for slip in every if str(slip.order.id) == request.query_params.get("done")), None)
    found = [slip for slip in every if _means(slip, search)]
    shown = {"now": now, "slips": found or every, "unknown": not found and search, "done": done, "form": form}
    return page("lead/hand_out.html", request, status=form.status, **shown | shown_of(now.at))


def _means(slip: Slip, search: str) -> bool:
    """Tell whether somebody's name or code has this in it."""
    asked = search.strip().casefold()
    return asked in slip.who.casefold() or asked in slip.code.casefold() or asked in slip.gift_from.casefold()


def _now(tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None, language: str) -> PointNow:
    at: AtPoint = at_point(tx, principal, point_id, cycle_id, wanted=THERE)
    return PointNow(at, None if at.cycle is None else sheet(tx, at.cycle.id, at.point.id, language))


def _waiting(data: dict[str, Any]) -> list[OrderId]:
    """The orders that were ticked to wait."""
    ticked = data.get("waiting", [])
    try:
        return [OrderId(UUID(str(one))) for one in (ticked if isinstance(ticked, list) else [ticked])]
    except ValueError as error:
        raise MissingError(noun="consumer order", id="") from error


def _cycle(data: dict[str, Any]) -> CycleId | None:
    """The cycle that a form belongs to."""
    try:
        return CycleId(UUID(str(data.get("cycle"))))
    except ValueError:
        return None


def _back(point_id: UUID, cycle_id: UUID | None, order_id: UUID | None = None) -> Response[Any]:
    asked = {"cycle": cycle_id, "done": order_id}
    query = urlencode({name: value for name, value in asked.items() if value})
    return Redirect(f"/lead/points/{point_id}/hand-out?{query}", status_code=303)
