"""Farms and pick-up points, where they are and when they are open."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

from farmlink.kernel.events import Event
from farmlink.kernel.geo import Coordinates
from farmlink.network.values.ids import FarmId, PointId, RegionId
from farmlink.people.values import Address, OrganisationId


class Approval(StrEnum):
    """Whether a farm may offer or a point may hand out."""

    PENDING = "pending"
    APPROVED = "approved"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Open on a weekday (0 is Monday), minutes after local midnight."""

    weekday: int
    opens_minute: int
    closes_minute: int


class Geocoder(Protocol):
    """Finds coordinates for an address, or says that it knows none."""

    def find(self, address: Address) -> Coordinates | None:
        """Coordinates in WGS-84; None when the place is not known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmDraft:
    """A farm as it applies; `code` is its name in files, `families` the kinds of goods it sells."""

    region_id: RegionId
    organisation_id: OrganisationId
    name: str
    address: Address
    coordinates: Coordinates
    code: str | None = None
    families: tuple[str, ...] = ()
    hours: tuple[OpenHours, ...] = ()
    standing_yes: bool = False


@dataclass(frozen=True, slots=True)
class FarmCard:
    """A farm as it stands; `standing_yes` means that its silence accepts."""

    id: FarmId
    region_id: RegionId
    organisation_id: OrganisationId
    code: str | None
    name: str
    address: Address
    coordinates: Coordinates
    families: tuple[str, ...]
    hours: tuple[OpenHours, ...]
    standing_yes: bool
    state: Approval
    revision: int


@dataclass(frozen=True, slots=True)
class FarmSign:
    """What everybody may know of an approved farm."""

    id: FarmId
    region_id: RegionId
    name: str
    address: Address
    coordinates: Coordinates
    families: tuple[str, ...]
    hours: tuple[OpenHours, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDraft:
    """A pick-up point as its leader applies for it; capacity is for one hand-out."""

    region_id: RegionId
    organisation_id: OrganisationId
    name: str
    address: Address
    coordinates: Coordinates
    code: str | None = None
    capacity_orders: int = 1000
    capacity_g: int = 10_000_000
    hours: tuple[OpenHours, ...] = ()
    closed_days: tuple[str, ...] = ()
    by_truck: bool = True
    by_parcel: bool = True


@dataclass(frozen=True, slots=True)
class PointCard:
    """A pick-up point as it stands; closed days are ISO dates."""

    id: PointId
    region_id: RegionId
    organisation_id: OrganisationId
    code: str | None
    name: str
    address: Address
    coordinates: Coordinates
    capacity_orders: int
    capacity_g: int
    hours: tuple[OpenHours, ...]
    closed_days: tuple[str, ...]
    by_truck: bool
    by_parcel: bool
    state: Approval
    revision: int


@dataclass(frozen=True, slots=True)
class FarmApproved(Event):
    """A farm may offer lots from now on."""

    name: ClassVar[str] = "farm.approved.v1"
    farm_id: FarmId


@dataclass(frozen=True, slots=True)
class PointChanged(Event):
    """A pick-up point says something else about itself, or was suspended or approved again."""

    name: ClassVar[str] = "point.changed.v1"
    point_id: PointId


@dataclass(frozen=True, slots=True)
class PointApproved(Event):
    """A pick-up point may be chosen from now on."""

    name: ClassVar[str] = "point.approved.v1"
    point_id: PointId
