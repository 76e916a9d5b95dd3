"""Regions, hubs, vehicles, farms and pick-up points."""

from typing import Any, cast
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, platform, role
from api.places import FarmBody, HubBody, PointBody, RegionBody, VehicleBody
from api.planners import require_hub
from api.reach import Organisations, reach, require_region, require_within
from farmlink.kernel.page import Page
from farmlink.network import commands, queries
from farmlink.network.values import (
    FarmCard,
    FarmId,
    FarmSign,
    HubCard,
    HubId,
    PointCard,
    PointId,
    RegionCard,
    RegionId,
    VehicleCard,
    VehicleId,
)
from farmlink.people.values import Principal, Role

STAFF = role(Role.ADMIN, Role.PLANNER)
FARMERS = role(Role.FARMER, Role.ADMIN, Role.PLANNER)
LEADERS = role(Role.LEADER, Role.ADMIN, Role.PLANNER)


class RegionController(Controller):
    """What one plan covers."""

    path = "/regions"
    tags = ("network",)

    @get("", opt={OPT: anyone}, sync_to_thread=True)
    def regions(self, store: ActingStore, paging: AskedPage) -> Page[RegionCard]:
        """Every region."""
        return store.read(queries.regions, paging)

    @get("/{region_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def region(self, store: ActingStore, region_id: FromPath[UUID]) -> Response[RegionCard]:
        """One region."""
        found = store.read(queries.region, RegionId(region_id))
        return tagged(found, found.revision)

    @post("", opt={OPT: platform(Role.ADMIN, Role.PLANNER)}, sync_to_thread=True)
    def create(self, store: ActingStore, key: OnceKey, data: JSONBody[RegionBody]) -> Response[RegionCard]:
        """Found a region."""
        made = store.once(key, commands.create_region, data.draft())
        return tagged(made, made.revision, 201)

    @put("/{region_id:uuid}", opt={OPT: STAFF}, sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        region_id: FromPath[UUID],
        revision: SeenRevision,
        data: JSONBody[RegionBody],
    ) -> Response[RegionCard]:
        """Replace what a region says about itself."""
        require_region(store, principal, RegionId(region_id))
        changed = store.run(commands.change_region, RegionId(region_id), data.draft(), revision)
        return tagged(changed, changed.revision)


class HubController(Controller):
    """Where goods come together."""

    path = "/hubs"
    tags = ("network",)

    @get("", opt={OPT: anyone}, sync_to_thread=True)
    def hubs(self, store: ActingStore, paging: AskedPage, region_id: FromQuery[UUID | None] = None) -> Page[HubCard]:
        """Hubs, candidates and closed ones included."""
        return store.read(queries.hubs, paging, None if region_id is None else RegionId(region_id))

    @get("/{hub_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def hub(self, store: ActingStore, hub_id: FromPath[UUID]) -> Response[HubCard]:
        """One hub."""
        found = store.read(queries.hub, HubId(hub_id))
        return tagged(found, found.revision)

    @post("", opt={OPT: STAFF}, sync_to_thread=True)
    def open(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[HubBody]) -> Response[HubCard]:
        """Add a hub, or a candidate for one, to a region that one plans already."""
        require_region(store, principal, RegionId(data.region_id))
        require_within(store, principal, data.organisation_id, Role.PLANNER, Role.ADMIN)
        made = store.once(key, commands.open_hub, data.draft())
        return tagged(made, made.revision, 201)

    @put("/{hub_id:uuid}", opt={OPT: STAFF}, sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        hub_id: FromPath[UUID],
        revision: SeenRevision,
        data: JSONBody[HubBody],
    ) -> Response[HubCard]:
        """Replace what a hub says about itself, its state included."""
        require_hub(store, principal, HubId(hub_id))
        changed = store.run(commands.change_hub, HubId(hub_id), data.draft(), revision)
        return tagged(changed, changed.revision)


class VehicleController(Controller):
    """What carries the goods."""

    path = "/vehicles"
    tags = ("network",)
    opt = {OPT: STAFF}  # noqa: RUF012  # Litestar's own attribute

    @get("", sync_to_thread=True)
    def vehicles(
        self, store: ActingStore, principal: Asking, paging: AskedPage, hub_id: FromQuery[UUID]
    ) -> Page[VehicleCard]:
        """Vehicles at home in one's hub."""
        require_hub(store, principal, HubId(hub_id))
        return store.read(queries.vehicles, paging, HubId(hub_id))

    @get("/{vehicle_id:uuid}", sync_to_thread=True)
    def vehicle(self, store: ActingStore, principal: Asking, vehicle_id: FromPath[UUID]) -> Response[VehicleCard]:
        """One vehicle."""
        found = store.read(queries.vehicle, VehicleId(vehicle_id))
        require_hub(store, principal, found.hub_id, vehicle_id, "vehicle")
        return tagged(found, found.revision)

    @post("", sync_to_thread=True)
    def add(
        self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[VehicleBody]
    ) -> Response[VehicleCard]:
        """Add a vehicle to its home hub."""
        require_hub(store, principal, HubId(data.hub_id))
        made = store.once(key, commands.add_vehicle, data.draft())
        return tagged(made, made.revision, 201)

    @put("/{vehicle_id:uuid}", sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        vehicle_id: FromPath[UUID],
        revision: SeenRevision,
        data: JSONBody[VehicleBody],
    ) -> Response[VehicleCard]:
        """Replace what a vehicle says about itself; its home may change."""
        found = store.read(queries.vehicle, VehicleId(vehicle_id))
        require_hub(store, principal, found.hub_id, vehicle_id, "vehicle")
        require_hub(store, principal, HubId(data.hub_id))
        changed = store.run(commands.change_vehicle, VehicleId(vehicle_id), data.draft(), revision)
        return tagged(changed, changed.revision)


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
        seen_by = reach(store, _viewer(request), Role.FARMER)
        found = store.read(queries.farms, paging, None if region_id is None else RegionId(region_id), seen_by)
        return Page([_shown(farm, seen_by) for farm in found.items], found.next)

    @get("/{farm_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def farm(
        self, request: Request[Any, Any, Any], store: ActingStore, farm_id: FromPath[UUID]
    ) -> Response[FarmCard | FarmSign]:
        """One farm; one that waits for approval exists for its own people and planners."""
        seen_by = reach(store, _viewer(request), Role.FARMER)
        found = store.read(queries.farm, FarmId(farm_id), seen_by)
        return tagged(_shown(found, seen_by), found.revision)

    @post("", opt={OPT: FARMERS}, sync_to_thread=True)
    def add(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[FarmBody]) -> Response[FarmCard]:
        """Apply with a farm; it waits for approval."""
        require_within(store, principal, data.organisation_id, Role.FARMER)
        made = store.once(key, commands.add_farm, data.draft())
        return tagged(made, made.revision, 201)

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
        acting_for = reach(store, principal, Role.FARMER)
        changed = store.run(commands.change_farm, FarmId(farm_id), data.draft(), revision, acting_for)
        return tagged(changed, changed.revision)

    @post("/{farm_id:uuid}/approval", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def approve(self, store: ActingStore, principal: Asking, key: OnceKey, farm_id: FromPath[UUID]) -> FarmCard:
        """Let a farm offer lots."""
        found = store.read(queries.farm, FarmId(farm_id))
        require_region(store, principal, found.region_id, farm_id, "farm")
        return store.once(key, commands.approve_farm, FarmId(farm_id))

    @post("/{farm_id:uuid}/suspension", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def suspend(self, store: ActingStore, principal: Asking, key: OnceKey, farm_id: FromPath[UUID]) -> FarmCard:
        """Keep a farm from offering lots; what is promised stands."""
        found = store.read(queries.farm, FarmId(farm_id))
        require_region(store, principal, found.region_id, farm_id, "farm")
        return store.once(key, commands.suspend_farm, FarmId(farm_id))


class PointController(Controller):
    """Where consumers pick up."""

    path = "/points"
    tags = ("network",)

    @get("", opt={OPT: anyone}, sync_to_thread=True)
    def points(
        self,
        request: Request[Any, Any, Any],
        store: ActingStore,
        paging: AskedPage,
        region_id: FromQuery[UUID | None] = None,
    ) -> Page[PointCard]:
        """Approved pick-up points, and one's own."""
        seen_by = reach(store, _viewer(request), Role.LEADER)
        return store.read(queries.points, paging, None if region_id is None else RegionId(region_id), seen_by)

    @get("/{point_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def point(
        self, request: Request[Any, Any, Any], store: ActingStore, point_id: FromPath[UUID]
    ) -> Response[PointCard]:
        """One pick-up point; one that waits for approval exists for its own people and planners."""
        found = store.read(queries.point, PointId(point_id), reach(store, _viewer(request), Role.LEADER))
        return tagged(found, found.revision)

    @post("", opt={OPT: LEADERS}, sync_to_thread=True)
    def add(
        self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[PointBody]
    ) -> Response[PointCard]:
        """Apply with a pick-up point; it waits for approval."""
        require_within(store, principal, data.organisation_id, Role.LEADER)
        made = store.once(key, commands.add_point, data.draft())
        return tagged(made, made.revision, 201)

    @put("/{point_id:uuid}", opt={OPT: LEADERS}, sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        point_id: FromPath[UUID],
        revision: SeenRevision,
        data: JSONBody[PointBody],
    ) -> Response[PointCard]:
        """Replace what a point says about itself, its closed days too; region and owner stay."""
        acting_for = reach(store, principal, Role.LEADER)
        changed = store.run(commands.change_point, PointId(point_id), data.draft(), revision, acting_for)
        return tagged(changed, changed.revision)

    @post("/{point_id:uuid}/approval", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def approve(self, store: ActingStore, principal: Asking, key: OnceKey, point_id: FromPath[UUID]) -> PointCard:
        """Let consumers choose a point."""
        found = store.read(queries.point, PointId(point_id))
        require_region(store, principal, found.region_id, point_id, "point")
        return store.once(key, commands.approve_point, PointId(point_id))

    @post("/{point_id:uuid}/suspension", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def suspend(self, store: ActingStore, principal: Asking, key: OnceKey, point_id: FromPath[UUID]) -> PointCard:
        """Keep a point from being chosen; orders placed stand."""
        found = store.read(queries.point, PointId(point_id))
        require_region(store, principal, found.region_id, point_id, "point")
        return store.once(key, commands.suspend_point, PointId(point_id))


def _shown(farm: FarmCard, seen_by: Organisations) -> FarmCard | FarmSign:
    """A farm as far as whoever asks may know it."""
    return farm if seen_by is None or farm.organisation_id in seen_by else queries.farm_sign(farm)


def _viewer(request: Request[Any, Any, Any]) -> Principal | None:
    return cast("Principal | None", request.scope.get("user"))


controllers = [RegionController, HubController, VehicleController, FarmController, PointController]
