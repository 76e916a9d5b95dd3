"""Farms and their gates."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.auth import viewer
from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, role
from api.reach import reach
from api.v1.network.approved import applied, judged, replaced
from api.v1.network.bodies import FarmBody
from farmlink.kernel.page import Page
from farmlink.network import commands, queries
from farmlink.network.values import FarmCard, FarmId, FarmSign, Reach, RegionId
from farmlink.people.values import Role

STAFF = role(Role.ADMIN, Role.PLANNER)
FARMERS = role(Role.FARMER, Role.ADMIN, Role.PLANNER)


class FarmController(Controller):
    """Farms and their gates."""

    path = "/farms"
    tags = ("network",)

    @get("", opt={OPT: anyone}, sync_to_thread=True)
    def farms(
        self,
        request: Request[Any, Any, Any],
        store: ActingStore,
        paging: AskedPage,
        region_id: FromQuery[UUID | None] = None,
    ) -> Page[FarmCard | FarmSign]:
        """Approved farms, and one's own with all that they say about themselves."""
        seen_by = reach(store, viewer(request), Role.FARMER)
        found = store.read(queries.farms, paging, None if region_id is None else RegionId(region_id), seen_by)
        return Page([_shown(farm, seen_by) for farm in found.items], found.next)

    @get("/{farm_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def farm(
        self, request: Request[Any, Any, Any], store: ActingStore, farm_id: FromPath[UUID]
    ) -> Response[FarmCard | FarmSign]:
        """One farm; one that waits for approval exists for its own people and planners."""
        seen_by = reach(store, viewer(request), Role.FARMER)
        found = store.read(queries.farm, FarmId(farm_id), seen_by)
        return tagged(_shown(found, seen_by), found.revision)

    @post("", opt={OPT: FARMERS}, sync_to_thread=True)
    def add(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[FarmBody]) -> Response[FarmCard]:
        """Apply with a farm; it waits for approval."""
        return applied(store, principal, key, data, Role.FARMER, commands.add_farm)

    @put("/{farm_id:uuid}", opt={OPT: FARMERS}, sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        farm_id: FromPath[UUID],
        revision: SeenRevision,
        data: JSONBody[FarmBody],
    ) -> Response[FarmCard]:
        """Replace what a farm says about itself; region and owner stay."""
        said = (farm_id, data.draft(), revision)
        return replaced(store, principal, Role.FARMER, commands.change_farm, *said)

    @post("/{farm_id:uuid}/approval", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def approve(
        self, store: ActingStore, principal: Asking, key: OnceKey, farm_id: FromPath[UUID]
    ) -> Response[FarmCard]:
        """Let a farm offer lots."""
        return judged(store, principal, key, farm_id, "farm", queries.farm, commands.approve_farm)

    @post("/{farm_id:uuid}/suspension", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def suspend(
        self, store: ActingStore, principal: Asking, key: OnceKey, farm_id: FromPath[UUID]
    ) -> Response[FarmCard]:
        """Keep a farm from offering lots; what is promised stands."""
        return judged(store, principal, key, farm_id, "farm", queries.farm, commands.suspend_farm)


def _shown(farm: FarmCard, seen_by: Reach | None) -> FarmCard | FarmSign:
    """A farm as far as whoever asks may know it."""
    return farm if seen_by is None or seen_by.covers(farm) else queries.farm_sign(farm)
