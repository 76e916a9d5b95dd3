"""Money: a consumer's own, and what stands on the accounts of a farm, a point or a hub, with every movement."""

from typing import Annotated, ClassVar

from litestar import Controller, get
from litestar.params import FromQuery, QueryParameter

from api.dependencies import ActingStore, AskedPage, Asking
from api.guards import open_to, signed_in
from api.owners import FARM, HUB, POINT, OwnerId
from farmlink.kernel.page import Few, Page
from farmlink.ledger import queries
from farmlink.ledger.values import Account, AccountKind, Movement, OwnMoney, Standing
from farmlink.orders import queries as orders

Currency = Annotated[str, QueryParameter(pattern="^[A-Z]{3}$", description="ISO 4217, such as EUR.")]


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


class AccountController(Controller):
    """What stands on an owner's accounts, for its own people and its region's planners."""

    tags = ("ledger",)
    kinds: ClassVar[tuple[AccountKind, ...]]
    """Which of its accounts are shown."""

    @get("", sync_to_thread=True)
    def standing(self, store: ActingStore, owner_id: OwnerId) -> Few[Standing]:
        """What stands on each of its accounts; below zero is owed to it, above zero it holds for us."""
        return Few(store.read(queries.standings, [owner_id], self.kinds))


class KindsController(AccountController):
    """The same where there are several accounts."""

    @get("/movements", sync_to_thread=True)
    def movements(
        self,
        store: ActingStore,
        paging: AskedPage,
        owner_id: OwnerId,
        kind: FromQuery[AccountKind],
        currency: Currency,
    ) -> Page[Movement]:
        """What moved on one of the accounts, the oldest first; nothing on one that is not shown here."""
        if kind not in self.kinds:
            return Page([])
        return store.read(queries.movements, Account(kind, owner_id, currency), paging)


class FarmAccountController(AccountController):
    """What is owed to a farm, for its farmers and its region's planners."""

    path, opt, dependencies = f"{FARM.address}/account", FARM.opt, FARM.dependencies
    kinds = (AccountKind.FARM,)

    @get("/movements", sync_to_thread=True)
    def movements(self, store: ActingStore, paging: AskedPage, owner_id: OwnerId, currency: Currency) -> Page[Movement]:
        """What was earned and paid out, the oldest first."""
        return store.read(queries.movements, Account(AccountKind.FARM, owner_id, currency), paging)


class PointAccountController(KindsController):
    """A point's commission and the cash its leader took, for its leader and its region's planners."""

    path, opt, dependencies = f"{POINT.address}/account", POINT.opt, POINT.dependencies
    kinds = (AccountKind.COMMISSION, AccountKind.CASH)


class HubAccountController(KindsController):
    """What a hub earned, bore and keeps, for its planners: fees, carriage, spread, relief, taxes, bank."""

    path, opt, dependencies = f"{HUB.address}/account", HUB.opt, HUB.dependencies
    kinds = (
        AccountKind.HUB,
        AccountKind.CARRIAGE,
        AccountKind.SPREAD,
        AccountKind.RELIEF,
        AccountKind.TAX,
        AccountKind.BANK,
    )


controllers = [OwnMoneyController, FarmAccountController, PointAccountController, HubAccountController]
