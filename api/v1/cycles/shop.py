"""Order cycles: everybody browses what is open."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery

from api.auth import viewer_id
from api.dependencies import ActingStore, AskedPage, Language, tagged
from api.guards import OPT, anyone
from api.seen import seen_cycle
from farmlink.cycles import queries
from farmlink.cycles.values import Cycle, Listing, ListingId, ListingProgress
from farmlink.demand import queries as demand
from farmlink.demand.values import Progress
from farmlink.fairness import queries as fairness
from farmlink.fairness.values import ShownListing
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, part
from farmlink.network.values import PointId


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
        return store.read(queries.open_cycles, paging, point_id=point, viewer=viewer_id(request))

    @get("/{cycle_id:uuid}", sync_to_thread=True)
    def cycle(self, request: Request[Any, Any, Any], store: ActingStore, cycle_id: FromPath[UUID]) -> Response[Cycle]:
        """One cycle; a private one exists for its guests, a draft for its planners."""
        found = seen_cycle(request, store, cycle_id)
        return tagged(found, found.revision)

    @get("/{cycle_id:uuid}/listings", sync_to_thread=True)
    def listings(
        self, request: Request[Any, Any, Any], store: ActingStore, paging: AskedPage, cycle_id: FromPath[UUID]
    ) -> Page[ShownListing]:
        """What a cycle sells and how much is left of it: the best value first, and why each stands where it stands."""
        return part(store.read(fairness.shelf, seen_cycle(request, store, cycle_id).id), paging, lambda one: one.id)

    @get("/{cycle_id:uuid}/listings/{listing_id:uuid}", sync_to_thread=True)
    def listing(
        self, request: Request[Any, Any, Any], store: ActingStore, cycle_id: FromPath[UUID], listing_id: FromPath[UUID]
    ) -> Response[Listing]:
        """One pack; its version is that of all its terms together, whatever is ordered of it."""
        found, version = store.read(queries.listing_seen, ListingId(listing_id))
        if found.cycle_id != seen_cycle(request, store, cycle_id).id:
            raise MissingError(noun="listing", id=listing_id)
        return tagged(found, version)

    @get("/{cycle_id:uuid}/points", sync_to_thread=True)
    def points(
        self, request: Request[Any, Any, Any], store: ActingStore, paging: AskedPage, cycle_id: FromPath[UUID]
    ) -> Page[PointId]:
        """Where a cycle hands out, by the points' ids."""
        return part(store.read(queries.served_points, seen_cycle(request, store, cycle_id).id), paging, lambda one: one)

    @get("/{cycle_id:uuid}/progress", sync_to_thread=True)
    def progress(self, request: Request[Any, Any, Any], store: ActingStore, cycle_id: FromPath[UUID]) -> Progress:
        """How far the cycle has come towards `threshold_minor`; the cut-off judges it by just this sum.

        It counts goods at the price they were ordered at, without fees, and without those that would be dropped
        because less than their own `threshold` is ordered yet.
        """
        return store.read(demand.progress, seen_cycle(request, store, cycle_id).id)

    @get("/{cycle_id:uuid}/progress/listings", sync_to_thread=True)
    def listings_progress(
        self,
        request: Request[Any, Any, Any],
        store: ActingStore,
        paging: AskedPage,
        language: Language,
        cycle_id: FromPath[UUID],
    ) -> Page[ListingProgress]:
        """How far each pack has come towards its threshold and its next price; once reached, everybody pays that."""
        return store.read(demand.listings_progress, seen_cycle(request, store, cycle_id).id, paging, language)
