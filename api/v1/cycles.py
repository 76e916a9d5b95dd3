"""Order cycles: everybody browses what is open."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, AskedPage, tagged
from api.guards import OPT, anyone
from api.planners import runs
from farmlink.cycles import queries
from farmlink.cycles.values import Cycle, CycleId, Listing
from farmlink.kernel.page import Page
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import Ordered
from farmlink.people.values import PersonId, Principal
from farmlink.store.store import Store


class ShopController(Controller):
    """What can be ordered; `server_at` is the clock that the countdown to `closes_at` goes by."""

    path = "/cycles"
    tags = ("cycles",)
    opt = {OPT: anyone}  # noqa: RUF012  # Litestar's own attribute

    @get("", sync_to_thread=True)
    def open_cycles(
        self,
        request: Request[Any, Any, Any],
        store: ActingStore,
        paging: AskedPage,
        point_id: FromQuery[UUID | None] = None,
    ) -> Page[Cycle]:
        """Cycles that take orders now, by pick-up point; private ones for their guests."""
        point = None if point_id is None else PointId(point_id)
        return store.read(queries.open_cycles, paging, point_id=point, viewer=_viewer(request))

    @get("/{cycle_id:uuid}", sync_to_thread=True)
    def cycle(self, request: Request[Any, Any, Any], store: ActingStore, cycle_id: FromPath[UUID]) -> Response[Cycle]:
        """One cycle; a private one exists for its guests, a draft for its planners."""
        found = _seen(request, store, cycle_id)
        return tagged(found, found.revision)

    @get("/{cycle_id:uuid}/listings", sync_to_thread=True)
    def listings(
        self, request: Request[Any, Any, Any], store: ActingStore, paging: AskedPage, cycle_id: FromPath[UUID]
    ) -> Page[Listing]:
        """What a cycle sells and how much is left of it."""
        return store.read(queries.listings_page, _seen(request, store, cycle_id).id, paging)

    @get("/{cycle_id:uuid}/points", sync_to_thread=True)
    def points(self, request: Request[Any, Any, Any], store: ActingStore, cycle_id: FromPath[UUID]) -> list[PointId]:
        """Where a cycle hands out."""
        return list(store.read(queries.served_points, _seen(request, store, cycle_id).id))

    @get("/{cycle_id:uuid}/progress", sync_to_thread=True)
    def progress(self, request: Request[Any, Any, Any], store: ActingStore, cycle_id: FromPath[UUID]) -> Ordered:
        """What the orders come to so far, towards the cycle's `threshold_minor`."""
        return store.read(orders.ordered, _seen(request, store, cycle_id).id)


def _viewer(request: Request[Any, Any, Any]) -> PersonId | None:
    principal: Principal | None = request.scope.get("user")
    return principal.person_id if principal else None


def _seen(request: Request[Any, Any, Any], store: Store, cycle_id: UUID) -> Cycle:
    """A cycle as far as it exists for whoever asks."""
    found = store.read(queries.cycle, CycleId(cycle_id))
    principal: Principal | None = request.scope.get("user")
    if runs(store, principal, found.hub_id):
        return found
    return store.read(queries.seen_cycle, CycleId(cycle_id), _viewer(request))


controllers = [ShopController]
