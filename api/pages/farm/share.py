"""My share against my capacity this season, why it was so much, and at which price it would have been more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromQuery

from api.dependencies import ActingStore, Asking
from api.pages.farm.own import FOR_FARMERS, own_farm, own_farms
from api.pages.farm.told import Goods, goods_in
from api.pages.farm.words import WHY
from api.pages.page import Asked, page
from farmlink.confirmations import queries as questions
from farmlink.confirmations.work import why
from farmlink.cycles.queries import under_way
from farmlink.fairness import queries as fairness
from farmlink.fairness import rules
from farmlink.fairness.values import Balance, Party, ShareView
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, FarmId
from farmlink.people.values import Principal
from farmlink.planning import queries as planning
from farmlink.planning.values import ExplanationView, PlanId
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

TOMORROW: Final = timedelta(days=1)
SEASON: Final = Paging(200)


class SharePages(Controller):
    """A farm's share."""

    path = "/farm/share"
    opt = FOR_FARMERS
    include_in_schema = False

    @get("", sync_to_thread=True)
    def share(
        self, request: Asked, store: ActingStore, principal: Asking, farm: FromQuery[UUID | None] = None
    ) -> Response[Any]:
        """Show the season's account, cycle by cycle, and what the newest plan says of the farm's lots."""
        shown = store.read(_share, principal, None if farm is None else FarmId(farm))
        told = _told(store, principal, shown["farm"], shown["plan_id"])
        goods = store.read(_goods, told)
        return page("farm/share.html", request, told=_by_lot(told, goods), why=WHY, **shown)


def _share(tx: Transaction, principal: Principal, farm_id: FarmId | None) -> dict[str, Any]:
    farm = own_farm(tx, principal, farm_id)
    region = network.region(tx, farm.region_id)
    cycles: list[ShareView] = sorted(
        fairness.farm_shares(tx, farm.id, SEASON).items, key=lambda one: (one.collect_on, one.id), reverse=True
    )
    until = max([tx.now.date(), *(one.collect_on for one in cycles)]) + TOMORROW
    balance: Balance | None = fairness.balances(tx, Party.FARMS, farm.region_id, until, [farm.id]).get(farm.id)
    return {
        "farm": farm,
        "farms": own_farms(tx, principal),
        "balance": balance,
        "cycles": cycles,
        "plan_id": _plan(tx, farm, cycles),
        "currency": region.currency,
        "zone": region.time_zone,
    }


def _plan(tx: Transaction, farm: FarmCard, cycles: list[ShareView]) -> PlanId | None:
    """The newest plan that the farm's lots were in: of a cycle under way, else of the last that asked it or shared."""
    today = tx.now.date()
    for cycle in reversed(under_way(tx, farm.region_id, today, today + rules.SEASON)):
        if plan_id := planning.published_plan(tx, cycle.id):
            return plan_id
    asked = questions.newest(tx, farm.id)
    if asked is not None:
        return planning.published_plan(tx, asked.cycle_id) or asked.plan_id
    return planning.published_plan(tx, cycles[0].cycle_id) if cycles else None


def _told(store: Store, principal: Principal, farm: FarmCard, plan_id: PlanId | None) -> list[ExplanationView]:
    """What the plan says of this farm's lots, as far as it speaks to farms."""
    if plan_id is None:
        return []
    own = store.read(supply.lots_of_farms, [farm.id])
    try:
        told = why(store, principal, plan_id)
    except MissingError:  # a plan of another region, from before the farm moved
        return []
    return [one for one in told if one.code in WHY and (one.id in own or one.id == farm.id)]


def _goods(tx: Transaction, told: list[ExplanationView]) -> dict[object, Goods]:
    return goods_in(tx, supply.lots_by_id(tx, [LotId(one.id) for one in told]).values())


def _by_lot(
    told: list[ExplanationView], goods: dict[object, Goods]
) -> list[tuple[Goods | None, list[ExplanationView]]]:
    """What is said of each lot, and first what is said of the farm itself."""
    found: dict[object, list[ExplanationView]] = {}
    for one in told:
        found.setdefault(one.id if one.id in goods else None, []).append(one)
    return [(goods.get(lot_id), said) for lot_id, said in sorted(found.items(), key=lambda of: of[0] is not None)]
