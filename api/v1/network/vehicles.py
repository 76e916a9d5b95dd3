"""Vehicles: what carries the goods."""

from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import held_by
from api.planners import require_hub
from api.v1.network.bodies import VehicleBody
from farmlink.kernel.page import Page
from farmlink.network import commands, queries
from farmlink.network.values import HubId, VehicleCard, VehicleId
from farmlink.people.values import Role


class VehicleController(Controller):
    """What carries the goods."""

    path = "/vehicles"
    tags = ("network",)
    opt = held_by(Role.ADMIN, Role.PLANNER)

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
