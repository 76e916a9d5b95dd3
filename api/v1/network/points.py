"""Pick-up points: where consumers fetch what they ordered."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.auth import viewer
from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, role
from api.reach import reach, require_region, require_within
from api.v1.network.bodies import PointBody
from farmlink.kernel.page import Page
from farmlink.network import commands, queries
from farmlink.network.values import PointCard, PointId, RegionId
from farmlink.people.values import Role

STAFF = role(Role.ADMIN, Role.PLANNER)
LEADERS = role(Role.LEADER, Role.ADMIN, Role.PLANNER)


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
        seen_by = reach(store, viewer(request), Role.LEADER)
        return store.read(queries.points, paging, None if region_id is None else RegionId(region_id), seen_by)

    @get("/{point_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def point(
        self, request: Request[Any, Any, Any], store: ActingStore, point_id: FromPath[UUID]
    ) -> Response[PointCard]:
        """One pick-up point; one that waits for approval exists for its own people and planners."""
        found = store.read(queries.point, PointId(point_id), reach(store, viewer(request), Role.LEADER))
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
    def approve(
        self, store: ActingStore, principal: Asking, key: OnceKey, point_id: FromPath[UUID]
    ) -> Response[PointCard]:
        """Let consumers choose a point."""
        found = store.read(queries.point, PointId(point_id))
        require_region(store, principal, found.region_id, point_id, "point")
        approved = store.once(key, commands.approve_point, PointId(point_id))
        return tagged(approved, approved.revision)

    @post("/{point_id:uuid}/suspension", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def suspend(
        self, store: ActingStore, principal: Asking, key: OnceKey, point_id: FromPath[UUID]
    ) -> Response[PointCard]:
        """Keep a point from being chosen; orders placed stand."""
        found = store.read(queries.point, PointId(point_id))
        require_region(store, principal, found.region_id, point_id, "point")
        suspended = store.once(key, commands.suspend_point, PointId(point_id))
        return tagged(suspended, suspended.revision)
