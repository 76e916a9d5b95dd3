"""Pick-up points: where consumers fetch what they ordered."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.auth import viewer
from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, role
from api.reach import reach
from api.v1.network.approved import applied, judged, replaced
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
        return applied(store, principal, key, data, Role.LEADER, commands.add_point)

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
        said = (point_id, data.draft(), revision)
        return replaced(store, principal, Role.LEADER, commands.change_point, *said)

    @post("/{point_id:uuid}/approval", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def approve(
        self, store: ActingStore, principal: Asking, key: OnceKey, point_id: FromPath[UUID]
    ) -> Response[PointCard]:
        """Let consumers choose a point."""
        return judged(store, principal, key, point_id, "point", queries.point, commands.approve_point)

    @post("/{point_id:uuid}/suspension", status_code=200, opt={OPT: STAFF}, sync_to_thread=True)
    def suspend(
        self, store: ActingStore, principal: Asking, key: OnceKey, point_id: FromPath[UUID]
    ) -> Response[PointCard]:
        """Keep a point from being chosen; orders placed stand."""
        return judged(store, principal, key, point_id, "point", queries.point, commands.suspend_point)
