"""Hubs and their vehicles."""

from dataclasses import dataclass
from enum import StrEnum

from farmlink.catalogue.values import ColdClass
from farmlink.kernel.geo import Coordinates
from farmlink.network.values.ids import HubId, RegionId, VehicleId
from farmlink.network.values.places import OpenHours
from farmlink.people.values import Address, OrganisationId


class HubState(StrEnum):
    """Whether a hub works; a candidate is one that a plan may propose to open."""

    CANDIDATE = "candidate"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubDraft:
    """A hub as its editor wrote it; currency comes from the region, the time zone too unless it has its own."""

    region_id: RegionId
    organisation_id: OrganisationId
    name: str
    address: Address
    coordinates: Coordinates
    time_zone: str | None = None
    fixed_minor: int = 0
    handling_minor_per_kg: int = 0
    throughput_g: int
    hours: tuple[OpenHours, ...] = ()
    state: HubState = HubState.OPEN


@dataclass(frozen=True, slots=True)
class HubCard:
    """A hub as it stands."""

    id: HubId
    region_id: RegionId
    organisation_id: OrganisationId
    name: str
    address: Address
    coordinates: Coordinates
    time_zone: str
    currency: str
    fixed_minor: int
    handling_minor_per_kg: int
    throughput_g: int
    hours: tuple[OpenHours, ...]
    state: HubState
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDraft:
    """A vehicle as its owner wrote it."""

    hub_id: HubId
    name: str
    weight_g: int
    volume_ml: int
    crates: int
    cold_classes: tuple[ColdClass, ...]
    fixed_minor: int = 0
    minor_per_km: int = 0
    minor_per_hour: int = 0
    shift_s: int = 10 * 3600
    in_service: bool = True


@dataclass(frozen=True, slots=True)
class VehicleCard:
    """A vehicle as it stands."""

    id: VehicleId
    hub_id: HubId
    name: str
    weight_g: int
    volume_ml: int
    crates: int
    cold_classes: tuple[ColdClass, ...]
    fixed_minor: int
    minor_per_km: int
    minor_per_hour: int
    shift_s: int
    in_service: bool
    revision: int
