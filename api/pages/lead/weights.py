"""Weighing in bulk: one row for each pack that is priced by weight, typed or pasted from the scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, refilled, taken_by
from api.pages.lead.typed import as_typed, base_units
from api.pages.page import Asked, page
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.dispatch.queries import require_own_dock
from farmlink.dispatch.queries.places import places_of
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked, render, render_refusal
from farmlink.kernel.page import Paging, part
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.rules.codes import pick_up_code
from farmlink.orders.values import OrderLineId
from farmlink.people.values import Principal, Role
from farmlink.settlement import commands, queries
from farmlink.settlement.rules import ImplausibleWeightError, require_plausible
from farmlink.settlement.values import Settled, ToWeigh, Weight
from farmlink.store.transaction import Transaction

HANDS: Final = role(Role.DOCK)
EVERYTHING: Final = Paging(10**6)
FIELD: Final = "weight-"
MOST_ROWS: Final = 200
"""On one page: what is not weighed moves up when it is saved."""
IMPLAUSIBLE: Final = marked("This should weigh about {nominal} kg. Look at the row and the unit again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighRow:
    """One pack to be weighed: whose, what, how many, and what it should weigh."""

    line: ToWeigh
    name: str
    code: str
    place: str

    @property
    def field(self) -> str:
        """The field that its weight is typed into."""
        return f"{FIELD}{self.line.line_id}"

    @property
    def typed(self) -> str:
        """What it weighed so far, as it would be typed."""
        return as_typed(self.line.weight_g, "gram")


@dataclass(frozen=True, slots=True)
class Scales:
    """The packs of a cycle that are priced by weight, a page of them."""

    cycle: Cycle
    rows: Sequence[WeighRow]
    next: UUID | None
    weighed: int
    whole: int
    settled: Settled | None


class WeightPages(Controller):
    """At the scales: keyboard first."""

    opt = held_by(Role.DOCK)
    include_in_schema = False
    path = "/dock/cycles/{cycle_id:uuid}/weights"

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        paging: AskedPage,
        cycle_id: FromPath[UUID],
        every: FromQuery[str] = "",
    ) -> Response[Any]:
        """Show what nobody has weighed yet, or everything."""
        asked = Paging(MOST_ROWS, paging.after)
        scales = store.read(_scales, principal, CycleId(cycle_id), asked, language, every=bool(every))
        return _page(request, scales, blank(), every=bool(every))

    @post("/", opt=taken_by(HANDS), sync_to_thread=True)
    def weigh(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        cycle_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Keep every weight that can be right; the others stay as they were typed, with what is wrong."""
        whose = (principal, CycleId(cycle_id))
        weights, faults = _read(store.read(_named, *whose, data), data, language)
        try:
            if weights:
                store.once(key_of(data), commands.weigh, CycleId(cycle_id), weights)
        except RefusedError as refusal:
            scales = store.read(_scales, *whose, EVERYTHING, language, every=True)
            return _page(request, scales, refilled(data, refusal, language), every=True)
        if faults:
            scales = store.read(_scales, *whose, EVERYTHING, language, every=True)
            left = replace(scales, rows=[row for row in scales.rows if row.field in faults])
            return _page(request, left, Filled(data, faults, 422), every=True, kept=len(weights))
        return Redirect(f"/dock/cycles/{cycle_id}/weights", status_code=303)


def _page(request: Asked, scales: Scales, form: Filled, *, every: bool, kept: int | None = None) -> Response[Any]:
    shown = {"scales": scales, "form": form, "every": every, "kept": kept, "zone": scales.cycle.time_zone}
    return page("dock/weights.html", request, status=form.status, cycle=scales.cycle, **shown)


def _scales(
    tx: Transaction, principal: Principal, cycle_id: CycleId, paging: Paging, language: str, *, every: bool
) -> Scales:
    require_own_dock(tx, principal, cycle_id)
    there = [one for one in queries.to_weigh(tx, cycle_id).values() if one.quantity]
    wanted = [one for one in there if every or one.weight_g is None]
    shown = part(wanted, paging, lambda one: one.line_id)
    return Scales(
        cycles.cycle(tx, cycle_id),
        _rows(tx, cycle_id, shown.items, language),
        shown.next,
        sum(one.weight_g is not None for one in there),
        len(there),
        queries.settled(tx, cycle_id),
    )


def _named(tx: Transaction, principal: Principal, cycle_id: CycleId, data: Mapping[str, Any]) -> list[ToWeigh]:
    """The packs of which something was typed: a column of hundreds is often sent with a few new ones in it."""
    require_own_dock(tx, principal, cycle_id)
    fields = {_line_of(name): str(typed).strip() for name, typed in data.items() if name.startswith(FIELD)}
    typed = [OrderLineId(line_id) for line_id, text in fields.items() if line_id is not None and text]
    return [one for one in queries.to_weigh(tx, cycle_id, typed).values() if one.quantity]


def _line_of(field: str) -> UUID | None:
    try:
        return UUID(field.removeprefix(FIELD))
    except ValueError:
        return None


def _rows(tx: Transaction, cycle_id: CycleId, shown: Sequence[ToWeigh], language: str) -> list[WeighRow]:
    lines = [line for found in orders.lines_of(tx, sorted({one.order_id for one in shown})).values() for line in found]
    names, places = orders.line_names(tx, lines, language), places_of(tx, cycle_id)
    points = network.points_by_id(tx, {PointId(places[one.order_id]) for one in shown})
    found = [
        WeighRow(
            line=one,
            name=names[one.line_id],
            code=pick_up_code(one.order_id),
            place=points[PointId(places[one.order_id])].name if places[one.order_id] in points else "",
        )
        for one in shown
    ]
    return sorted(found, key=lambda row: (row.place.casefold(), row.code, row.name))


def _read(lines: Sequence[ToWeigh], data: Mapping[str, Any], language: str) -> tuple[list[Weight], dict[str, str]]:
    """The weights that can be right, and what is wrong with the others, by field."""
    weights: list[Weight] = []
    faults: dict[str, str] = {}
    for line in lines:
        field = f"{FIELD}{line.line_id}"
        typed = str(data.get(field, "")).strip()
        if typed == as_typed(line.weight_g, "gram"):
            continue
        try:
            weight = Weight(OrderLineId(line.line_id), base_units(typed, "gram"))
            require_plausible(weight, line)
            weights.append(weight)
        except ImplausibleWeightError:
            faults[field] = render(IMPLAUSIBLE, language, {"nominal": as_typed(line.nominal_g, "gram")})
        except RefusedError as refusal:
            faults[field] = render_refusal(refusal, language).removeprefix(": ")
    return weights, faults
