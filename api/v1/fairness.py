"""Fairness: what everybody wanted and got, each shown their own, and how far apart a region's parties are."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, AskedPage, Asking
from api.guards import OPT, role, signed_in
from farmlink.fairness import queries
from farmlink.fairness.values import Party, ShareView, Spread
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging
from farmlink.network import queries as network
from farmlink.network.values import FarmId, RegionId
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RegionSpread:
    """How far apart a region's consumers are, and its farms, after the half year before a day."""

    until: date
    consumers: Spread
    farms: Spread


class FairnessController(Controller):
    """Who was favoured and who was cut: their own for consumers and farms, the spread for planners."""

    tags = ("fairness",)

    @get("/people/me/fairness", opt={OPT: signed_in}, sync_to_thread=True)
    def mine(self, store: ActingStore, principal: Asking, paging: AskedPage) -> Page[ShareView]:
        """What one ordered and got, cycle by cycle, beside the equal share of what there was."""
        return store.read(queries.consumer_shares, principal.person_id, paging)

    @get("/farms/{farm_id:uuid}/fairness", opt={OPT: role(Role.FARMER, Role.PLANNER, Role.ADMIN)}, sync_to_thread=True)
    def farm(
        self, store: ActingStore, principal: Asking, paging: AskedPage, farm_id: FromPath[UUID]
    ) -> Page[ShareView]:
        """What a farm offered and sold, cycle by cycle, by its own asks; for its farmers and its region's planners."""
        return store.read(_farm, principal, FarmId(farm_id), paging)

    @get("/regions/{region_id:uuid}/fairness", opt={OPT: role(Role.PLANNER, Role.ADMIN)}, sync_to_thread=True)
    def region(
        self,
        store: ActingStore,
        principal: Asking,
        region_id: FromPath[UUID],
        until: FromQuery[date | None] = None,
    ) -> RegionSpread:
        """How far apart equals are after the half year before a day, which is tomorrow unless another is named."""
        return store.read(_spread, principal, RegionId(region_id), until)


def _farm(tx: Transaction, principal: Principal, farm_id: FarmId, paging: Paging) -> Page[ShareView]:
    farm = network.farm(tx, farm_id)
    own = farm.organisation_id in principal.organisations(Role.FARMER)
    if not own and not network.plans_region(tx, principal, farm.region_id):
        raise MissingError(noun="farm", id=farm_id)
    return queries.farm_shares(tx, farm_id, paging)


def _spread(tx: Transaction, principal: Principal, region_id: RegionId, until: date | None) -> RegionSpread:
    network.region(tx, region_id)
    if not network.plans_region(tx, principal, region_id):
        raise MissingError(noun="region", id=region_id)
    until = until or tx.now.date() + timedelta(days=1)
    consumers, farms = (queries.spread(tx, party, region_id, until) for party in (Party.CONSUMERS, Party.FARMS))
    return RegionSpread(until, consumers, farms)


controllers = [FairnessController]
