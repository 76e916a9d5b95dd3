"""Whose farms these are: every page shows a farmer their own, and others' do not exist."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.guards import OPT, role
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, FarmId, RegionCard
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction

FARMERS = role(Role.FARMER)
FOR_FARMERS: dict[str, Any] = {OPT: FARMERS}


def own_farms(tx: Transaction, principal: Principal) -> list[FarmCard]:
    """All farms of somebody, the oldest first."""
    owned = network.farms_owned_by(tx, principal.organisations(Role.FARMER))
    return sorted(network.farms_by_id(tx, owned).values(), key=lambda farm: farm.id)


def own_farm(tx: Transaction, principal: Principal, farm_id: FarmId | None) -> FarmCard:
    """The farm that is named, or the first; whoever has none is told so."""
    for farm in own_farms(tx, principal):
        if farm_id in (None, farm.id):
            return farm
    raise MissingError(noun="farm", id=farm_id or principal.person_id)


def farm_named(said: Mapping[str, Any]) -> FarmId | None:
    """Which farm a form names, if it names one."""
    try:
        return FarmId(UUID(str(said.get("farm_id"))))
    except ValueError:
        return None


def region_of(tx: Transaction, farms: list[FarmCard]) -> RegionCard | None:
    """Where the first farm lies: its clock is that of what is of no single farm."""
    return network.region(tx, farms[0].region_id) if farms else None


def today_of(tx: Transaction, farms: list[FarmCard]) -> date:
    """The earliest day that it is at any of the farms."""
    zones = {network.region(tx, region_id).time_zone for region_id in {farm.region_id for farm in farms}}
    return min(tx.now.astimezone(ZoneInfo(zone)).date() for zone in zones or {"UTC"})
