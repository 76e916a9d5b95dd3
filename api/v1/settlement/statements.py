"""Statements of farms, leaders and hubs: line by line, and what the lines come to."""

from typing import ClassVar
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromQuery

from api.dependencies import ActingStore, AskedPage
from api.owners import FARM, HUB, POINT, OwnerId
from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Few, Page
from farmlink.ledger.values import AccountKind
from farmlink.settlement import queries
from farmlink.settlement.values import StatementLine, StatementSum


class StatementController(Controller):
    """What an owner got, for its own people and its region's planners."""

    tags = ("settlement",)
    kinds: ClassVar[tuple[AccountKind, ...]]
    """Of which accounts the lines are."""

    @get("", sync_to_thread=True)
    def lines(
        self,
        store: ActingStore,
        paging: AskedPage,
        owner_id: OwnerId,
        cycle_id: FromQuery[UUID | None] = None,
    ) -> Page[StatementLine]:
        """What was earned, borne and taken back, line by line, the oldest first."""
        return store.read(queries.statement, owner_id, self.kinds, paging, cycle_id=_cycle(cycle_id))

    @get("/sums", sync_to_thread=True)
    def sums(self, store: ActingStore, owner_id: OwnerId, cycle_id: FromQuery[UUID | None] = None) -> Few[StatementSum]:
        """What the lines come to, item by item."""
        return Few(store.read(queries.statement_sums, owner_id, self.kinds, _cycle(cycle_id)))


class FarmStatementController(StatementController):
    """What a farm got, for its farmers and its region's planners."""

    path, opt, dependencies = f"{FARM.address}/statement", FARM.opt, FARM.dependencies
    kinds = (AccountKind.FARM,)


class PointStatementController(StatementController):
    """What a leader earned, for the leader and the region's planners."""

    path, opt, dependencies = f"{POINT.address}/statement", POINT.opt, POINT.dependencies
    kinds = (AccountKind.COMMISSION,)


class HubStatementController(StatementController):
    """What a hub earned and bore, for its planners."""

    path, opt, dependencies = f"{HUB.address}/statement", HUB.opt, HUB.dependencies
    kinds = (AccountKind.HUB, AccountKind.CARRIAGE, AccountKind.SPREAD, AccountKind.RELIEF, AccountKind.TAX)


def _cycle(cycle_id: UUID | None) -> CycleId | None:
    return None if cycle_id is None else CycleId(cycle_id)
