"""Order cycles in the making: planners draft and copy them, and list what they sell."""

from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import held_by
from api.planners import require_cycle, require_hub
from api.v1.cycles.bodies import Assortment, Copying, CycleBody, Pack, Price
from farmlink.cycles import commands, queries
from farmlink.cycles.values import Cycle, CycleId, Listing, ListingId, Stage
from farmlink.kernel.page import Page
from farmlink.network.values import HubId
from farmlink.people.values import Role
from farmlink.store.store import Store


class DraftController(Controller):
    """What is decided before a cycle opens."""

    tags = ("cycles",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("/hubs/{hub_id:uuid}/cycles", sync_to_thread=True)
    def cycles(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        hub_id: FromPath[UUID],
        stage: FromQuery[Stage | None] = None,
    ) -> Page[Cycle]:
        """A hub's cycles in every stage."""
        require_hub(store, principal, HubId(hub_id))
        return store.read(queries.cycles, paging, stage=stage, hub_ids=[HubId(hub_id)])

    @post("/cycles", sync_to_thread=True)
    def create(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[CycleBody]) -> Response[Cycle]:
        """Draft a cycle."""
        require_hub(store, principal, HubId(data.hub_id))
        made = store.once(key, commands.create, data.value())
        return tagged(made, made.revision, 201)

    @put("/cycles/{cycle_id:uuid}", sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        revision: SeenRevision,
        cycle_id: FromPath[UUID],
        data: JSONBody[CycleBody],
    ) -> Response[Cycle]:
        """Replace the terms of a draft."""
        require_cycle(store, principal, CycleId(cycle_id))
        require_hub(store, principal, HubId(data.hub_id))
        changed = store.run(commands.change, CycleId(cycle_id), revision, data.value())
        return tagged(changed, changed.revision)

    @post("/cycles/{cycle_id:uuid}/copy", sync_to_thread=True)
    def copy(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID], data: JSONBody[Copying]
    ) -> Response[Cycle]:
        """Draft the same cycle some days later: terms, listings, prices, places and guests."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        copied = store.once(key, commands.copy, cycle.id, data.days)
        return tagged(copied, copied.revision, 201)

    @post("/cycles/{cycle_id:uuid}/listings", sync_to_thread=True)
    def add_listings(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID], data: JSONBody[Assortment]
    ) -> Page[ListingId]:
        """List packs for sale; their ids come in the order of the packs."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        return Page(store.once(key, commands.add_listings, [pack.value(cycle.id) for pack in data.listings]))

    @put("/cycles/{cycle_id:uuid}/listings/{listing_id:uuid}", sync_to_thread=True)
    def change_listing(
        self,
        store: ActingStore,
        principal: Asking,
        revision: SeenRevision,
        cycle_id: FromPath[UUID],
        listing_id: FromPath[UUID],
        data: JSONBody[Pack],
    ) -> Response[Listing]:
        """Change a listing that nobody has ordered yet; after the first order only its price falls."""
        cycle, id_ = require_cycle(store, principal, CycleId(cycle_id)), ListingId(listing_id)
        store.run(commands.change_listing, id_, data.value(cycle.id), seen=revision)
        return _now(store, id_)

    @put("/cycles/{cycle_id:uuid}/listings/{listing_id:uuid}/price", sync_to_thread=True)
    def lower_price(
        self,
        store: ActingStore,
        principal: Asking,
        revision: SeenRevision,
        cycle_id: FromPath[UUID],
        listing_id: FromPath[UUID],
        data: JSONBody[Price],
    ) -> Response[Listing]:
        """Lower a posted price."""
        cycle, id_ = require_cycle(store, principal, CycleId(cycle_id)), ListingId(listing_id)
        store.run(commands.lower_price, cycle.id, id_, data.price_minor_per_1000, seen=revision)
        return _now(store, id_)


def _now(store: Store, listing_id: ListingId) -> Response[Listing]:
    return tagged(*store.read(queries.listing_seen, listing_id))
