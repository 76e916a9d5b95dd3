"""Order cycles in the making: planners draft, open, pause, extend and copy them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, role
from api.planners import require_cycle, require_hub
from farmlink.catalogue.values import ProductId, VariantId
from farmlink.cycles import commands, queries
from farmlink.cycles.values import Cycle, CycleId, CycleTerms, ListingId, ListingTerms, PriceStep, Silence, Stage
from farmlink.kernel.page import Page
from farmlink.network.values import HubId, PointId
from farmlink.people.values import PersonId, Role

PLANNERS = role(Role.PLANNER, Role.ADMIN)
Amount = Annotated[int, msgspec.Meta(ge=0, le=10**12, examples=[2500])]
Share = Annotated[int, msgspec.Meta(ge=0, le=10_000_000, description="Millionths.", examples=[180_000])]
Moment = Annotated[
    datetime, msgspec.Meta(description="Without an offset: wall time at the hub.", examples=["2026-11-23T08:00:00"])
]


class Terms(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a planner decides about a cycle."""

    hub_id: UUID
    opens: Moment
    closes: Moment
    collect_on: date
    hand_out_on: date
    answer_hours: Annotated[int, msgspec.Meta(ge=1, le=240)] = 12
    silence: Silence = Silence.FARM_CHOICE
    threshold_minor: Amount = 0
    markup_ppm: Share = 0
    delivery_fee_minor: Amount = 0
    minimum_order_minor: Amount = 0
    private: bool = False
    point_ids: Annotated[list[UUID], msgspec.Meta(max_length=5000)] | None = None

    def value(self) -> CycleTerms:
        """The terms as the command takes them."""
        points = None if self.point_ids is None else tuple(map(PointId, self.point_ids))
        plain = msgspec.structs.asdict(self)
        return CycleTerms(**plain | {"hub_id": HubId(self.hub_id), "point_ids": points})


class Step(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """From this much ordered, everybody pays this price."""

    from_quantity: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    price_minor_per_1000: Amount


class Pack(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One pack for sale; without a price, the lots behind it and the markup make one."""

    product_id: UUID
    grade: Annotated[int, msgspec.Meta(ge=1, le=5)]
    variant_id: UUID
    price_minor_per_1000: Amount | None = None
    tax_ppm: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    price_steps: Annotated[list[Step], msgspec.Meta(max_length=20)] = []
    threshold: Amount = 0
    cap: Amount | None = None

    def value(self, cycle_id: CycleId) -> ListingTerms:
        """The listing as the command takes it."""
        steps = tuple(PriceStep(step.from_quantity, step.price_minor_per_1000) for step in self.price_steps)
        given = {"product_id": ProductId(self.product_id), "variant_id": VariantId(self.variant_id)}
        return ListingTerms(cycle_id=cycle_id, **msgspec.structs.asdict(self) | given | {"price_steps": steps})


class Assortment(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Packs to be sold."""

    listings: Annotated[list[Pack], msgspec.Meta(min_length=1, max_length=5000)]


class Extension(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A later cut-off."""

    closes: Moment


class Copying(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How much later the copy is."""

    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 7


class Guests(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Who may see a private cycle."""

    person_ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=5000)]


class Price(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A price that is not higher than the posted one."""

    price_minor_per_1000: Amount


class DraftController(Controller):
    """What is decided before a cycle opens."""

    tags = ("cycles",)
    opt = {OPT: PLANNERS}  # noqa: RUF012  # Litestar's own attribute

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
    def create(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[Terms]) -> Response[Cycle]:
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
        data: JSONBody[Terms],
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
    ) -> list[ListingId]:
        """List packs for sale."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        return store.once(key, commands.add_listings, [pack.value(cycle.id) for pack in data.listings])

    @put("/cycles/{cycle_id:uuid}/listings/{listing_id:uuid}/price", status_code=204, sync_to_thread=True)
    def lower_price(
        self,
        store: ActingStore,
        principal: Asking,
        cycle_id: FromPath[UUID],
        listing_id: FromPath[UUID],
        data: JSONBody[Price],
    ) -> None:
        """Lower a posted price."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.run(commands.lower_price, cycle.id, ListingId(listing_id), data.price_minor_per_1000)


class StageController(Controller):
    """Opening, pausing and extending."""

    path = "/cycles/{cycle_id:uuid}"
    tags = ("cycles",)
    opt = {OPT: PLANNERS}  # noqa: RUF012  # Litestar's own attribute

    @post("/opening", status_code=200, sync_to_thread=True)
    def open_cycle(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]) -> Cycle:
        """Open a draft for orders now; its policy version is pinned."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.once(key, commands.open_cycle, cycle.id)
        return store.read(queries.cycle, cycle.id)

    @post("/pause", status_code=200, sync_to_thread=True)
    def pause(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]) -> Cycle:
        """Stop ordering for a while; the cut-off stays."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.once(key, commands.pause, cycle.id)
        return store.read(queries.cycle, cycle.id)

    @post("/resumption", status_code=200, sync_to_thread=True)
    def resume(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]) -> Cycle:
        """Let ordering go on."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.once(key, commands.resume, cycle.id)
        return store.read(queries.cycle, cycle.id)

    @post("/extension", status_code=200, sync_to_thread=True)
    def extend(
        self,
        store: ActingStore,
        principal: Asking,
        revision: SeenRevision,
        cycle_id: FromPath[UUID],
        data: JSONBody[Extension],
    ) -> Response[Cycle]:
        """Move the cut-off of an open cycle to later."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.run(commands.extend, cycle.id, revision, data.closes)
        extended = store.read(queries.cycle, cycle.id)
        return tagged(extended, extended.revision)

    @post("/invitations", status_code=200, sync_to_thread=True)
    def invite(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID], data: JSONBody[Guests]
    ) -> int:
        """Let people see and use a private cycle; the number newly invited."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        return store.once(key, commands.invite, cycle.id, [PersonId(person_id) for person_id in data.person_ids])


controllers = [DraftController, StageController]
