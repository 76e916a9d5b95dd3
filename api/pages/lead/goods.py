"""Goods on their way to a point and through it: the sort sheet, and when the truck comes with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by
from api.pages.lead.points import shown_of
from api.pages.lead.sheet import Sheet, sheet
from api.pages.lead.whose import AtPoint, at_point
from api.pages.page import Asked, page
from farmlink.network import queries as network
from farmlink.network.values import VehicleId
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.planning.queries.stops import deliveries_at
from farmlink.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Truck:
    """A truck that stops at a point: when, and with how much."""

    name: str
    arrive_at: datetime
    leave_at: datetime
    weight_g: int


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes to a point, and when."""

    at: AtPoint
    sheet: Sheet | None
    trucks: tuple[Truck, ...]
    planned: bool


class GoodsPages(Controller):
    """The sort sheet and the arrival."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}"

    @get("/sort", sync_to_thread=True)
    def sort(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show who gets what, to be printed."""
        coming = store.read(_coming, principal, point_id, cycle, language)
        return page("lead/sort.html", request, sheet=coming.sheet, **shown_of(coming.at))

    @get("/arrival", sync_to_thread=True)
    def arrival(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show what the truck brings, and by when."""
        coming = store.read(_coming, principal, point_id, cycle, language)
        return page("lead/arrival.html", request, coming=coming, **shown_of(coming.at))


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
    return Coming(at, sheet(tx, at.cycle.id, at.point.id, language), trucks, planned=plan_id is not None)
