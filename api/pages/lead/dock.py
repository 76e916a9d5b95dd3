"""The dock: which lorries and lots come in, counting them, sharing out, and the end of a cycle."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, refilled, taken_by
from api.pages.lead.docked import docked
from api.pages.lead.incoming import Incoming, expected
from api.pages.lead.typed import base_units
from api.pages.page import Asked, page
from farmlink.cycles.values import CycleId
from farmlink.dispatch import commands, queries
from farmlink.dispatch.rules.counting import over_allocations
from farmlink.dispatch.values import Received
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked, render, render_refusal
from farmlink.people.values import Role

HANDS: Final = role(Role.DOCK)
TOO_MUCH: Final = marked("More than was sent. At most {most} can have come.")


class DockPages(Controller):
    """What a dock hand does, from the first lorry to the last pallet."""

    opt = held_by(Role.DOCK)
    include_in_schema = False
    path = "/dock"

    @get("/", sync_to_thread=True)
    def show(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """Show the cycles that come in at one's hubs, the soonest first."""
        return page("dock/dock.html", request, dock=store.read(docked, principal))

    @get("/cycles/{cycle_id:uuid}", sync_to_thread=True)
    def count(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, cycle_id: FromPath[UUID]
    ) -> Response[Any]:
        """Show the lots to be counted, lorry by lorry."""
        return _page(request, store.read(expected, principal, CycleId(cycle_id), language), blank())

    @post("/cycles/{cycle_id:uuid}", opt=taken_by(HANDS), sync_to_thread=True)
    def receive(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        cycle_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Keep what can be read of the counts; what cannot stays to be corrected."""
        dock = store.read(expected, principal, CycleId(cycle_id), language)
        counted, faults = _counted(dock, data, language)
        try:
            if counted:
                store.read(queries.require_counting, principal, dock.cycle.id, [one.allocation_id for one in counted])
                store.once(key_of(data), commands.receive, dock.cycle.id, counted)
        except RefusedError as refusal:
            return _page(request, dock, refilled(data, refusal, language))
        if faults:
            left = {name: value for name, value in data.items() if name in faults}
            now = store.read(expected, principal, dock.cycle.id, language)
            return _page(request, now, Filled(left, faults, 422))
        return Redirect(f"/dock/cycles/{cycle_id}", status_code=303)

    @post("/cycles/{cycle_id:uuid}/share", opt=taken_by(HANDS), sync_to_thread=True)
    def share(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        cycle_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Share out what came in."""
        return self._done(request, (store, principal, language), CycleId(cycle_id), data, commands.share)

    @post("/cycles/{cycle_id:uuid}/finish", opt=taken_by(HANDS), sync_to_thread=True)
    def finish(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        cycle_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """End the cycle: what is still due was not collected."""
        return self._done(request, (store, principal, language), CycleId(cycle_id), data, commands.finish)

    def _done(
        self, request: Asked, who: tuple[Any, Any, str], cycle_id: CycleId, data: Sent, command: Any
    ) -> Response[Any]:
        store, principal, language = who
        store.read(queries.require_own_dock, principal, cycle_id)
        try:
            store.once(key_of(data), command, cycle_id)
        except RefusedError as refusal:
            return _page(request, store.read(expected, principal, cycle_id, language), refilled({}, refusal, language))
        return Redirect(f"/dock/cycles/{cycle_id}", status_code=303)


def _page(request: Asked, dock: Incoming, form: Filled) -> Response[Any]:
    shown = {"dock": dock, "cycle": dock.cycle, "zone": dock.cycle.time_zone, "form": form}
    return page("dock/cycle.html", request, status=form.status, **shown)


def _counted(dock: Incoming, data: Sent, language: str) -> tuple[list[Received], dict[str, str]]:
    """The counts of all lots that were typed, over their allocations; and what is wrong with the others."""
    counted: list[Received] = []
    faults: dict[str, str] = {}
    for lot in dock.lots:
        typed = str(data.get(lot.name, "")).strip()
        if not typed and data.get("do") == "as-sent" and lot.received is None:
            counted += over_allocations(lot.views, lot.sent)
        elif typed:
            try:
                units = base_units(typed, lot.unit)
                if units > lot.sent:
                    faults[lot.name] = render(TOO_MUCH, language, {"most": lot.sent_typed})
                elif units != lot.received:
                    counted += over_allocations(lot.views, units)
            except RefusedError as refusal:
                faults[lot.name] = render_refusal(refusal, language).removeprefix(": ")
    return counted, faults
