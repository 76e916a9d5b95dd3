"""What the farm earned, line by line, what is owed to it now, what was paid, and where it is paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.pages.farm.amounts import placed
from api.pages.farm.own import FARMERS, FOR_FARMERS, farm_named, own_farm, own_farms
from api.pages.farm.told import goods_in
from api.pages.farm.words import ITEMS
from api.pages.forms import WHOLE, Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.reach import require_own_farm
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Paging
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, FarmId, RegionCard
from farmlink.people.values import Principal
from farmlink.settlement import commands, queries
from farmlink.settlement.values import BankDetails
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply

SHOWN: Final = 4
"""So many of the newest cycles stand on the page, lot by lot."""
LATEST: Final = Paging(10)
FIELDS: Final = {
    "holder": ("holder", marked("Name on the account")),
    "iban": ("iban", marked("IBAN")),
    "bic": ("bic", marked("BIC")),
    "account": ("account", marked("Account number")),
    "bank": ("bank", marked("Bank")),
}
Long = Annotated[str, msgspec.Meta(max_length=70)]


class BankForm(msgspec.Struct, frozen=True):
    """An IBAN, or an account number with the name of its bank."""

    farm_id: UUID
    holder: Annotated[str, msgspec.Meta(min_length=1, max_length=70)]
    iban: Long | None = None
    bic: Annotated[str, msgspec.Meta(max_length=11)] | None = None
    account: Annotated[str, msgspec.Meta(max_length=50)] | None = None
    bank: Long | None = None


class MoneyPages(Controller):
    """A farm's money."""

    path = "/farm/money"
    opt = FOR_FARMERS
    include_in_schema = False

    @get("", sync_to_thread=True)
    def money(
        self, request: Asked, store: ActingStore, principal: Asking, farm: FromQuery[UUID | None] = None
    ) -> Response[Any]:
        """Show what is owed, for what, and what was paid."""
        shown = store.read(_money, principal, None if farm is None else FarmId(farm))
        return page("farm/money.html", request, items=ITEMS, **shown)

    @get("/{farm_id:uuid}/{cycle_id:uuid}", sync_to_thread=True)
    def lines(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        farm_id: FromPath[FarmId],
        cycle_id: FromPath[CycleId],
    ) -> Response[Any]:
        """Show every line of a cycle; one of which the farm has none is not its to see."""
        require_own_farm(store, principal, farm_id)
        if not store.read(queries.statement_sums, farm_id, (AccountKind.FARM,), cycle_id):
            raise MissingError(noun="cycle", id=cycle_id)
        found = store.read(queries.statement, farm_id, (AccountKind.FARM,), paging, cycle_id=cycle_id)
        lots = store.read(supply.lots_by_id, list({one.lot_id for one in found.items if one.lot_id}))
        return page(
            "farm/lines.html",
            request,
            found=found,
            cycle=store.read(cycles.cycle, cycle_id),
            goods=store.read(goods_in, lots.values()),
            items=ITEMS,
            address=f"/farm/money/{farm_id}/{cycle_id}",
        )

    @get("/bank", sync_to_thread=True)
    def bank(
        self, request: Asked, store: ActingStore, principal: Asking, farm: FromQuery[UUID | None] = None
    ) -> Response[Any]:
        """Show where a farm is paid."""
        own = store.read(own_farm, principal, None if farm is None else FarmId(farm))
        known = store.read(queries.bank_details, [own.organisation_id]).get(own.organisation_id)
        said = {name: getattr(known, name) or "" for name in FIELDS} if known else {}
        return _bank(request, own, blank(**said))

    @post("/bank", opt=taken_by(FARMERS), sync_to_thread=True)
    def keep_bank(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Say where the farm is paid from now on."""
        own = store.read(own_farm, principal, farm_named(data))
        try:
            form = read(data, BankForm)
            details = BankDetails(form.holder, form.iban, form.bic, form.account, form.bank)
            store.once(key_of(data), commands.keep_bank_details, own.organisation_id, details)
        except RefusedError as refusal:
            return _bank(request, own, refilled(data, placed(refusal, FIELDS, language), language))
        return Redirect(f"/farm/money?farm={own.id}", status_code=303)


def _bank(request: Asked, farm: FarmCard, form: Filled) -> Response[Any]:
    return page("farm/bank.html", request, status=form.status, farm=farm, form=form, whole=WHOLE)


def _money(tx: Transaction, principal: Principal, farm_id: FarmId | None) -> dict[str, Any]:
    farm = own_farm(tx, principal, farm_id)
    region = network.region(tx, farm.region_id)
    standing = ledger.balances(tx, AccountKind.FARM, [farm.id])
    owed = [(account.currency, -minor) for account, minor in standing.items() if minor]
    shown = queries.settled_cycles(tx, farm.id, AccountKind.FARM)[:SHOWN]
    earned = [
        (cycles.cycle(tx, cycle_id), queries.sums_by_lot(tx, farm.id, AccountKind.FARM, cycle_id)) for cycle_id in shown
    ]
    paid = queries.received(tx, farm.id, AccountKind.FARM, LATEST).items
    lots = supply.lots_by_id(tx, list({one.lot_id for _, sums in earned for one in sums if one.lot_id}))
    return {
        "farm": farm,
        "farms": own_farms(tx, principal),
        "owed": owed,
        "since": {code: _day(at, region) for code, at in ledger.owed_since(tx, AccountKind.FARM, farm.id).items()},
        "earned": earned,
        "goods": goods_in(tx, lots.values()),
        "paid": [(_day(one.made_at, region), one) for one in paid],
        "bank": queries.bank_details(tx, [farm.organisation_id]).get(farm.organisation_id),
        "currency": region.currency,
        "zone": region.time_zone,
    }


def _day(at: datetime, region: RegionCard) -> date:
    """The day that it was where the farm is."""
    return at.astimezone(ZoneInfo(region.time_zone)).date()
