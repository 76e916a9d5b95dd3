"""Statements of farms, leaders and hubs: line by line, and what the lines come to."""

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, AskedPage, Asking
from api.guards import held_by
from api.planners import require_hub
from api.reach import require_own_farm, require_own_point
from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Few, Page
from farmlink.ledger.values import AccountKind
from farmlink.network.values import FarmId, HubId, PointId
from farmlink.people.values import Role
from farmlink.settlement import queries
from farmlink.settlement.values import StatementLine, StatementSum

OF_FARM = (AccountKind.FARM,)
OF_POINT = (AccountKind.COMMISSION,)
OF_HUB = (AccountKind.HUB, AccountKind.CARRIAGE, AccountKind.SPREAD, AccountKind.RELIEF, AccountKind.TAX)


class FarmStatementController(Controller):
    """What a farm got, for its farmers and its region's planners."""

    path = "/farms/{farm_id:uuid}/statement"
    tags = ("settlement",)
    opt = held_by(Role.FARMER, Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def lines(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        farm_id: FromPath[FarmId],
        cycle_id: FromQuery[UUID | None] = None,
    ) -> Page[StatementLine]:
        """Line by line, the oldest first: which lot, for how much, and what was taken back."""
        require_own_farm(store, principal, farm_id)
        return store.read(queries.statement, farm_id, OF_FARM, paging, cycle_id=_cycle(cycle_id))

    @get("/sums", sync_to_thread=True)
    def sums(
        self,
        store: ActingStore,
        principal: Asking,
        farm_id: FromPath[FarmId],
        cycle_id: FromQuery[UUID | None] = None,
    ) -> Few[StatementSum]:
        """What the lines come to, item by item."""
        require_own_farm(store, principal, farm_id)
        return Few(store.read(queries.statement_sums, farm_id, OF_FARM, _cycle(cycle_id)))


class PointStatementController(Controller):
    """What a leader earned, for the leader and the region's planners."""

    path = "/points/{point_id:uuid}/statement"
    tags = ("settlement",)
    opt = held_by(Role.LEADER, Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def lines(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        point_id: FromPath[PointId],
        cycle_id: FromQuery[UUID | None] = None,
    ) -> Page[StatementLine]:
        """Commission, line by line, the oldest first."""
        require_own_point(store, principal, point_id)
        return store.read(queries.statement, point_id, OF_POINT, paging, cycle_id=_cycle(cycle_id))

    @get("/sums", sync_to_thread=True)
    def sums(
        self,
        store: ActingStore,
        principal: Asking,
        point_id: FromPath[PointId],
        cycle_id: FromQuery[UUID | None] = None,
    ) -> Few[StatementSum]:
        """What the lines come to, item by item."""
        require_own_point(store, principal, point_id)
        return Few(store.read(queries.statement_sums, point_id, OF_POINT, _cycle(cycle_id)))


class HubStatementController(Controller):
    """What a hub earned and bore, for its planners."""

    path = "/hubs/{hub_id:uuid}/statement"
    tags = ("settlement",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def lines(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        hub_id: FromPath[HubId],
        cycle_id: FromQuery[UUID | None] = None,
    ) -> Page[StatementLine]:
        """Fees, carriage, spread, relief for small farms and taxes, line by line, the oldest first."""
        require_hub(store, principal, hub_id)
        return store.read(queries.statement, hub_id, OF_HUB, paging, cycle_id=_cycle(cycle_id))

    @get("/sums", sync_to_thread=True)
    def sums(
        self, store: ActingStore, principal: Asking, hub_id: FromPath[HubId], cycle_id: FromQuery[UUID | None] = None
    ) -> Few[StatementSum]:
        """What the lines come to, item by item."""
        require_hub(store, principal, hub_id)
        return Few(store.read(queries.statement_sums, hub_id, OF_HUB, _cycle(cycle_id)))


def _cycle(cycle_id: UUID | None) -> CycleId | None:
    return None if cycle_id is None else CycleId(cycle_id)
