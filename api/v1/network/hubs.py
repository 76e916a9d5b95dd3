"""Hubs: where goods come together."""

from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, role
from api.planners import require_hub
from api.reach import require_region, require_within
from api.v1.network.bodies import HubBody
from farmlink.kernel.page import Page
from farmlink.network import commands, queries
from farmlink.network.values import HubCard, HubId, RegionId
from farmlink.people.values import Role

STAFF = role(Role.ADMIN, Role.PLANNER)


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
        require_within(store, principal, data, Role.PLANNER, Role.ADMIN)
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
