"""Homes, to which orders are brought."""

from dataclasses import dataclass

from farmlink.kernel.geo import Coordinates
from farmlink.network.values.ids import RegionId
from farmlink.people.values import Address, HomeId


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDraft:
    """Where somebody wants their orders brought."""

    region_id: RegionId
    address: Address
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A home as who lives there sees it."""

    id: HomeId
    region_id: RegionId
    address: Address
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class HomeSite:
    """Where a home is; nobody can tell from it whose it is."""

    id: HomeId
    region_id: RegionId
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class HomeSign:
    """That somebody has a home in a region: what a planner needs who orders for them."""

    id: HomeId
    region_id: RegionId
