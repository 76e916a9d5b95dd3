"""The arrival at a point: when the truck comes with what, and what its leader counts of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, SentWithFiles, blank, id_in, key_of, refilled, taken_with_files_by
from api.pages.lead.points import shown_of
from api.pages.lead.sheet import Sheet, sheet
from api.pages.lead.typed import as_typed, base_units
from api.pages.lead.whose import AtPoint, at_point
from api.pages.page import Asked, page
from api.pictures import LARGEST_BODY, sent
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.rules import amount
from farmlink.catalogue.values import BaseUnit
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.dispatch import commands, queries
from farmlink.dispatch.rules.arriving import MoreCameError, MoreDamagedError, is_amiss, recounted
from farmlink.dispatch.values import ArrivalView, Arrived
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.network import queries as network
from farmlink.network.values import VehicleId
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.planning.queries.stops import deliveries_at
from farmlink.store import pictures
from farmlink.store.transaction import Transaction

LEADERS: Final = role(Role.LEADER)
TOO_MUCH: Final = marked("{sent} were sent; so much cannot have come. Look at the unit.")
TOO_BAD: Final = marked("Not more can be damaged than came.")


@dataclass(frozen=True, slots=True)
class Truck:
    """A truck that stops at a point: when, and with how much."""

    name: str
    arrive_at: datetime
    leave_at: datetime
    weight_g: int


@dataclass(frozen=True, slots=True)
class PackIn:
    """A pack as it comes to a point: what was sent of it, and what was counted."""

    view: ArrivalView
    name: str
    family: str
    unit: str

    @property
    def counted_typed(self) -> str:
        """What was counted, as it would be typed."""
        return as_typed(self.view.counted, self.unit)

    @property
    def damaged_typed(self) -> str:
        """What of it is damaged, as it would be typed; nothing is left empty."""
        return as_typed(self.view.damaged or None, self.unit)

    @property
    def amiss(self) -> bool:
        """Whether something else came than was sent."""
        return is_amiss(self.view)


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes to a point, and when; it is counted until the hand-out begins."""

    at: AtPoint
    sheet: Sheet | None
    trucks: tuple[Truck, ...]
    planned: bool
    packs: tuple[PackIn, ...] = ()
    begun: bool = False

    @property
    def counted(self) -> bool:
        """Whether anything was counted."""
        return any(one.view.counted is not None for one in self.packs)


class ArrivalPages(Controller):
    """What the truck brings."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}/arrival"

    @get("", sync_to_thread=True)
    def arrival(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show what the truck brings, and by when; once it is sent, what came of it."""
        return _page(request, store.read(_coming, principal, point_id, cycle, language), blank())

    @post("", opt=taken_with_files_by(LEADERS), request_max_body_size=LARGEST_BODY, sync_to_thread=True)
    def count(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: SentWithFiles,
    ) -> Response[Any]:
        """Write what was counted."""
        cycle_id = CycleId(id_in(data, "cycle"))
        coming = store.read(_coming, principal, point_id, cycle_id, language)
        try:
            counts, point = _read(coming, data, language), coming.at.point.id
            store.once(key_of(data), commands.arrive, cycle_id, point, counts, principal.person_id)
        except RefusedError as refusal:
            return _page(request, coming, refilled(data, refusal, language))
        return Redirect(f"/lead/points/{point_id}/arrival?cycle={cycle_id}&kept=yes#count", status_code=303)


def _page(request: Asked, coming: Coming, form: Filled) -> Response[Any]:
    kept = request.query_params.get("kept") == "yes"
    shown = {"coming": coming, "form": form, "kept": kept} | shown_of(coming.at)
    return page("lead/arrival.html", request, status=form.status, **shown)


def _read(coming: Coming, data: dict[str, Any], language: str) -> list[Arrived]:
    """What was typed of each pack; one whose field is empty was not counted."""
    counts, faults = [], []
    for one in coming.packs:
        try:
            arrived = _arrived(one, data, language)
        except FieldsError as wrong:
            faults += wrong.faults
        else:
            counts += [arrived] if arrived else []
    if faults:
        raise FieldsError(faults)
    return counts


def _arrived(one: PackIn, data: dict[str, Any], language: str) -> Arrived | None:
    came, damaged, photo = (f"{name}-{one.view.listing_id}" for name in ("came", "damaged", "photo"))
    typed = {name: str(data.get(name, "")).strip() for name in (came, damaged)}
    if not typed[came]:
        return None
    field = came
    try:
        counted = base_units(typed[came], one.unit)
        field = damaged
        bad = base_units(typed[damaged] or "0", one.unit)
        field = photo
        seen = pictures.seen(sent(data, photo), 1, photo)
        arrived = Arrived(one.view.listing_id, counted, bad, seen[0] if seen else None)
        recounted([one.view], [arrived])
    except MoreCameError as wrong:
        facts = {"sent": amount(one.view.sent, BaseUnit(one.unit), language)}
        raise FieldsError([Fault(came, wrong.code, TOO_MUCH, facts)]) from wrong
    except MoreDamagedError as wrong:
        raise FieldsError([Fault(damaged, wrong.code, TOO_BAD, {})]) from wrong
    except InvalidError as wrong:
        facts = {name: str(fact) for name, fact in wrong.facts.items()}
        raise FieldsError([Fault(field, wrong.code, str(wrong.facts.get("reason", wrong.message)), facts)]) from wrong
    return arrived


def _coming(tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None, language: str) -> Coming:
    at = at_point(tx, principal, point_id, cycle_id)
    if at.cycle is None:
        return Coming(at, None, (), planned=False)
    plan_id = planning.published_plan(tx, at.cycle.id)
    trips = [] if plan_id is None else deliveries_at(tx, plan_id, at.point.id)
    trucks = tuple(
        Truck(network.vehicle(tx, VehicleId(trip.vehicle_id)).name, stop.arrive_at, stop.leave_at, stop.weight_g)
        for trip in trips
        for stop in trip.stops
    )
    return Coming(
        at,
        sheet(tx, at.cycle.id, at.point.id, language),
        trucks,
        planned=plan_id is not None,
        packs=tuple(packs_in(tx, queries.arrival(tx, at.cycle.id, at.point.id), language)),
        begun=queries.has_begun(tx, at.cycle.id, at.point.id),
    )


def packs_in(tx: Transaction, views: list[ArrivalView], language: str) -> list[PackIn]:
    """Packs by what they are called."""
    listings = cycles.listings_by_id(tx, [one.listing_id for one in views])
    products = catalogue.products_by_id(tx, {one.product_id for one in listings.values()})
    variants = catalogue.variants_by_id(tx, {one.variant_id for one in listings.values()})

    def pack_in(view: ArrivalView) -> PackIn:
        listing = listings[view.listing_id]
        product, names = products[listing.product_id], variants[listing.variant_id].name
        called = dict.fromkeys(name.get(language, name["en"]) for name in (product.name, names))
        return PackIn(view, " ".join(called), product.family, product.base_unit.value)

    return sorted(map(pack_in, views), key=lambda one: one.name)
