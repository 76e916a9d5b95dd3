"""Lots: farmers offer and see their own, planners those of their regions."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, role
from api.reach import reach, require_within
from api.shapes import UnitPrice
from farmlink.catalogue.values import ProductId
from farmlink.kernel.bounds import MOST_QUANTITY
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people.values import Role
from farmlink.supply import commands, queries
from farmlink.supply.values import LotCard, LotChange, LotDraft, LotId, LotState

Quantity = Annotated[int, msgspec.Meta(ge=0, le=MOST_QUANTITY, description="Base units.", examples=[2300])]
Some = Annotated[int, msgspec.Meta(ge=1, le=MOST_QUANTITY, description="Base units.", examples=[2300])]


class LotBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A lot; what is left out follows from quantity, harvest day and product."""

    farm_id: UUID
    product_id: UUID
    grade: Annotated[int, msgspec.Meta(ge=1, le=5, examples=[4])]
    quantity: Some
    ask_minor_per_1000: UnitPrice
    harvest_on: date
    minimum: Quantity = 0
    pack: Some = 1
    collect_from: date | None = None
    collect_until: date | None = None
    shelf_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None
    daily_capacity: Some | None = None
    forecast_low: Quantity | None = None
    forecast_likely: Quantity | None = None
    forecast_high: Quantity | None = None
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64, examples=["apples-36"])] | None = None

    def draft(self) -> LotDraft:
        """What the farm offers."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return LotDraft(**given | {"farm_id": FarmId(self.farm_id), "product_id": ProductId(self.product_id)})


class LotChangeBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change of a lot."""

    quantity: Some
    minimum: Quantity
    ask_minor_per_1000: UnitPrice
    daily_capacity: Some
    forecast_low: Quantity
    forecast_likely: Quantity
    forecast_high: Quantity

    def change(self) -> LotChange:
        """What the farm says now."""
        return LotChange(**{name: getattr(self, name) for name in self.__struct_fields__})


class LotController(Controller):
    """What farms offer."""

    path = "/lots"
    tags = ("supply",)
    opt = {OPT: role(Role.FARMER, Role.PLANNER, Role.ADMIN)}  # noqa: RUF012  # Litestar's own attribute

    @get("", sync_to_thread=True)
    def lots(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        farm_id: FromQuery[UUID | None] = None,
        product_id: FromQuery[UUID | None] = None,
        wanted: Annotated[LotState | None, QueryParameter(name="state")] = None,
    ) -> Page[LotCard]:
        """One's own lots, the oldest first; a planner's are those of the region."""
        return store.read(
            queries.lots,
            paging,
            seen_by=reach(store, principal, Role.FARMER),
            farm_id=None if farm_id is None else FarmId(farm_id),
            product_id=None if product_id is None else ProductId(product_id),
            state=wanted,
        )

    @get("/{lot_id:uuid}", sync_to_thread=True)
    def lot(self, store: ActingStore, principal: Asking, lot_id: FromPath[UUID]) -> Response[LotCard]:
        """One lot; somebody else's does not exist."""
        found = store.read(queries.lot, LotId(lot_id), reach(store, principal, Role.FARMER))
        return tagged(found, found.revision)

    @post("", sync_to_thread=True)
    def offer(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[LotBody]) -> Response[LotCard]:
        """Offer a lot."""
        farm = store.read(network.farm, FarmId(data.farm_id))
        require_within(store, principal, farm, Role.FARMER, refusal=MissingError(noun="farm", id=farm.id))
        offered = store.once(key, commands.offer_lot, data.draft())
        return tagged(offered, offered.revision, 201)

    @put("/{lot_id:uuid}", sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        lot_id: FromPath[UUID],
        revision: SeenRevision,
        data: JSONBody[LotChangeBody],
    ) -> Response[LotCard]:
        """Say how much there will be by now; what is promised stays."""
        changed = store.run(
            commands.change_lot, LotId(lot_id), data.change(), revision, reach(store, principal, Role.FARMER)
        )
        return tagged(changed, changed.revision)

    @post("/{lot_id:uuid}/withdrawal", status_code=200, sync_to_thread=True)
    def withdraw(
        self, store: ActingStore, principal: Asking, key: OnceKey, lot_id: FromPath[UUID]
    ) -> Response[LotCard]:
        """Take back a lot of which nothing is promised."""
        store.read(queries.lot, LotId(lot_id), reach(store, principal, Role.FARMER))
        withdrawn = store.once(key, commands.withdraw_lot, LotId(lot_id))
        return tagged(withdrawn, withdrawn.revision)

    @post("/{lot_id:uuid}/failed-harvest", status_code=200, sync_to_thread=True)
    def fail(self, store: ActingStore, principal: Asking, key: OnceKey, lot_id: FromPath[UUID]) -> Response[LotCard]:
        """Report a failed harvest once; everything that counted on it is planned again."""
        store.read(queries.lot, LotId(lot_id), reach(store, principal, Role.FARMER))
        failed = store.once(key, commands.report_failed_harvest, LotId(lot_id))
        return tagged(failed, failed.revision)


controllers = [LotController]
