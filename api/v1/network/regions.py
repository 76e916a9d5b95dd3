"""Regions: what one plan covers."""

from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, platform, role
from api.reach import require_region
from api.v1.network.bodies import RegionBody
from farmlink.kernel.page import Page
from farmlink.network import commands, queries
from farmlink.network.values import RegionCard, RegionId
from farmlink.people.values import Role

STAFF = role(Role.ADMIN, Role.PLANNER)


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
