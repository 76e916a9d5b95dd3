"""Money: a consumer's own, and what stands on the accounts of a farm, a point or a hub, with every movement."""

from collections.abc import Collection
from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, FromQuery, QueryParameter

from api.dependencies import ActingStore, AskedPage, Asking
from api.guards import held_by, open_to, signed_in
from api.planners import require_hub
from api.reach import require_own_farm, require_own_point
from farmlink.kernel.page import Few, Page, Paging
from farmlink.ledger import queries
from farmlink.ledger.values import Account, AccountKind, Movement, OwnMoney, Standing
from farmlink.network.values import FarmId, HubId, PointId
from farmlink.orders import queries as orders
from farmlink.people.values import Role
from farmlink.store.store import Store

Currency = Annotated[str, QueryParameter(pattern="^[A-Z]{3}$", description="ISO 4217, such as EUR.")]
OF_POINT = (AccountKind.COMMISSION, AccountKind.CASH)
OF_HUB = (
    AccountKind.HUB,
    AccountKind.CARRIAGE,
    AccountKind.SPREAD,
    AccountKind.RELIEF,
    AccountKind.TAX,
    AccountKind.BANK,
)


class OwnMoneyController(Controller):
    """One's own money."""

    path = "/money"
    tags = ("ledger",)
    opt = open_to(signed_in)

    @get("", sync_to_thread=True)
    def own(self, store: ActingStore, principal: Asking) -> Few[OwnMoney]:
        """Free credit, what orders hold of it, and what is still to pay, by currency."""
        held = store.read(orders.ids_of, principal.person_id)
        return Few(store.read(queries.own_money, principal.person_id, held))

    @get("/credit", sync_to_thread=True)
    def credit(self, store: ActingStore, principal: Asking, paging: AskedPage, currency: Currency) -> Page[Movement]:
        """What happened to one's own credit, the oldest first; below zero was paid in, above zero was spent."""
        account = Account(AccountKind.CREDIT, principal.person_id, currency)
        return store.read(queries.movements, account, paging)

    @get("/charges", sync_to_thread=True)
    def charges(self, store: ActingStore, principal: Asking, paging: AskedPage, currency: Currency) -> Page[Movement]:
        """What one was charged and what one paid, the oldest first; above zero was charged."""
        account = Account(AccountKind.RECEIVABLE, principal.person_id, currency)
        return store.read(queries.movements, account, paging)


class FarmAccountController(Controller):
    """What is owed to a farm, for its farmers and its region's planners."""

    path = "/farms/{farm_id:uuid}/account"
    tags = ("ledger",)
    opt = held_by(Role.FARMER, Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def standing(self, store: ActingStore, principal: Asking, farm_id: FromPath[FarmId]) -> Few[Standing]:
        """What stands on the farm's account; below zero is owed to it."""
        require_own_farm(store, principal, farm_id)
        return Few(store.read(queries.standings, [farm_id], [AccountKind.FARM]))

    @get("/movements", sync_to_thread=True)
    def movements(
        self, store: ActingStore, principal: Asking, paging: AskedPage, farm_id: FromPath[FarmId], currency: Currency
    ) -> Page[Movement]:
        """What was earned and paid out, the oldest first."""
        require_own_farm(store, principal, farm_id)
        return store.read(queries.movements, Account(AccountKind.FARM, farm_id, currency), paging)


class PointAccountController(Controller):
    """A point's commission and the cash its leader took, for its leader and its region's planners."""

    path = "/points/{point_id:uuid}/account"
    tags = ("ledger",)
    opt = held_by(Role.LEADER, Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def standing(self, store: ActingStore, principal: Asking, point_id: FromPath[PointId]) -> Few[Standing]:
        """What is owed to the leader (below zero) and what the leader holds for us (above zero)."""
        require_own_point(store, principal, point_id)
        return Few(store.read(queries.standings, [point_id], OF_POINT))

    @get("/movements", sync_to_thread=True)
    def movements(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        point_id: FromPath[PointId],
        kind: FromQuery[AccountKind],
        currency: Currency,
    ) -> Page[Movement]:
        """What moved on one of the point's accounts, the oldest first."""
        require_own_point(store, principal, point_id)
        return _movements(store, OF_POINT, Account(kind, point_id, currency), paging)


class HubAccountController(Controller):
    """What a hub earned, bore and keeps, for its planners."""

    path = "/hubs/{hub_id:uuid}/account"
    tags = ("ledger",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def standing(self, store: ActingStore, principal: Asking, hub_id: FromPath[HubId]) -> Few[Standing]:
        """What stands on the hub's accounts: fees, carriage, spread, relief for small farms, taxes, bank."""
        require_hub(store, principal, hub_id)
        return Few(store.read(queries.standings, [hub_id], OF_HUB))

    @get("/movements", sync_to_thread=True)
    def movements(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        hub_id: FromPath[HubId],
        kind: FromQuery[AccountKind],
        currency: Currency,
    ) -> Page[Movement]:
        """What moved on one of the hub's accounts, the oldest first."""
        require_hub(store, principal, hub_id)
        return _movements(store, OF_HUB, Account(kind, hub_id, currency), paging)


def _movements(store: Store, kinds: Collection[AccountKind], account: Account, paging: Paging) -> Page[Movement]:
    """What moved on an account, if it is of a kind that is shown here."""
    return store.read(queries.movements, account, paging) if account.kind in kinds else Page([])


controllers = [OwnMoneyController, FarmAccountController, PointAccountController, HubAccountController]
