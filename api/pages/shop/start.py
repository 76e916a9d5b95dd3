"""The first page: where to pick up and what can be ordered there, the soonest to close first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.auth import viewer_id
from api.dependencies import ActingStore
from api.guards import anyone, open_to
from api.pages.forms import Sent, read, taken_by
from api.pages.page import Asked, page
from api.pages.shop.hours import hours_on
from api.pages.shop.kept import cycle_kept, keep_point, point_kept
from api.pages.shop.near import distances_m
from api.pages.shop.own import EVERYTHING, chosen_point, own_orders, seen_point
from farmlink.cycles import queries as cycles
from farmlink.cycles.queries.overview import breadths
from farmlink.cycles.values import Cycle, CycleId
from farmlink.demand import queries as demand
from farmlink.demand.values import Progress
from farmlink.network import queries as network
from farmlink.network.values import PointCard, PointId
from farmlink.orders.values import Order
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction

MOST_FOUND = 30
FIRST_FOUND = 6
"""So many points are named before anybody looked for one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A cycle on the first page: how far it has come, what it sells, and one's own order in it."""

    cycle: Cycle
    progress: Progress
    goods: int
    points: int
    order: Order | None


class Chosen(msgspec.Struct, frozen=True):
    """A pick-up point, and the cycle for which it was looked for."""

    point: UUID
    to: UUID | None = None


class StartPages(Controller):
    """Choosing a pick-up point and a cycle."""

    opt = open_to(anyone)
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def start(
        self,
        request: Asked,
        store: ActingStore,
        q: FromQuery[str | None] = None,
        to: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show what is open; `to` is the cycle for which a point is looked for."""
        own = chosen_point(request, store)
        asked = (q or "").strip()
        looks = q is not None or own is None
        found = store.read(_found, asked, CycleId(to) if to else None) if looks else []
        most = MOST_FOUND if q is not None else FIRST_FOUND
        offers = store.read(offered, own.id if own else None, viewer_id(request))
        waits = cycle_kept(request)
        return page(
            "shop/start.html",
            request,
            q=asked,
            to=to,
            looks=looks,
            point=own,
            found=found[:most],
            far=store.read(distances_m, found, viewer_id(request), own),
            more=len(found) > most,
            offers=offers,
            hours_on=hours_on,
            waits=next((one for one in offers if one.cycle.id == waits and not one.order), None),
        )

    @post("/", opt=taken_by(anyone), sync_to_thread=True)
    def choose(self, request: Asked, store: ActingStore, data: Sent) -> Response[Any]:
        """Remember a point as one's own, and lead back to the cycle for which it was looked for."""
        form = read(data, Chosen)
        chosen = seen_point(request, store, form.point)
        response: Response[Any] = Redirect(f"/cycles/{form.to}" if form.to else "/", status_code=303)
        keep_point(response, request, chosen.id)
        return response

    @get("/points/{point_id:uuid}", sync_to_thread=True)
    def landing(self, request: Asked, store: ActingStore, point_id: FromPath[UUID]) -> Response[Any]:
        """Where a shared link leads: a point, and what can be ordered there; whoever chose none yet has chosen it."""
        point = seen_point(request, store, point_id)
        offers = store.read(offered, point.id, viewer_id(request))
        response = page("shop/point.html", request, point=point, offers=offers, hours_on=hours_on)
        if point_kept(request) is None:
            keep_point(response, request, point.id)
        return response


def offered(tx: Transaction, point_id: PointId | None, reader: PersonId | None) -> list[Offer]:
    """The cycles that take orders for a point, or anywhere, the soonest to close first."""
    found = cycles.open_cycles(tx, EVERYTHING, point_id=point_id, viewer=reader).items
    keys = [one.id for one in found]
    progress, breadth, own = demand.progress_of_each(tx, found), breadths(tx, keys), own_orders(tx, keys, reader)
    return [
        Offer(one, progress[one.id], *breadth[one.id], order=own.get(one.id))
        for one in sorted(found, key=lambda one: (one.closes_at, one.id))
    ]


def _found(tx: Transaction, asked: str, cycle_id: CycleId | None) -> list[PointCard]:
    """Points by town or name; of a cycle, only those where it hands out."""
    served = None if cycle_id is None else cycles.served_points(tx, cycle_id)
    return network.find_points(tx, asked, MOST_FOUND + 1, served)
