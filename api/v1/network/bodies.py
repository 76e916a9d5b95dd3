"""Bodies of the network: where something is, when it is open, and what it costs."""

from functools import cache
from typing import Annotated, Any
from uuid import UUID

import msgspec

from api.shapes import Minor, Note, Positive, Text
from farmlink.catalogue.values import ColdClass
from farmlink.kernel.bounds import MOST_CRATES, MOST_MINOR_PER_KG, MOST_MINOR_PER_KM
from farmlink.kernel.geo import Box, Coordinates
from farmlink.network.values import (
    WORLD,
    Address,
    FarmDraft,
    Geocoder,
    HomeDraft,
    HubDraft,
    HubId,
    HubState,
    OpenHours,
    Parcels,
    PointDraft,
    RegionDraft,
    RegionId,
    Rhythm,
    Roads,
    VehicleDraft,
)
from farmlink.network.work import chosen, locate
from farmlink.people.values import OrganisationId
from farmlink.settings import read_settings

# Without bounds here: the rule's refusal says more, and swapped ones are told apart.
Latitude = Annotated[int, msgspec.Meta(description="From -90000000 to 90000000.", examples=[42_483_804])]
Longitude = Annotated[int, msgspec.Meta(description="From -180000000 to 180000000.", examples=[-86_169_217])]
Hours = Annotated[tuple[OpenHours, ...], msgspec.Meta(max_length=50)]
Colds = Annotated[tuple[ColdClass, ...], msgspec.Meta(min_length=1, max_length=3)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64, examples=["mi-farm-001"])]
Day = Annotated[str, msgspec.Meta(min_length=10, max_length=10, examples=["2026-12-24"])]


class RegionBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A region with its roads, parcel tariff and rhythm; what is left out is as everywhere."""

    name: Text
    time_zone: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["America/Detroit"])]
    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3, examples=["USD"])]
    extent: Box = WORLD
    roads: Roads = Roads()
    parcels: Parcels = Parcels()
    rhythm: Rhythm = Rhythm()

    def draft(self) -> RegionDraft:
        """What is asked for."""
        return RegionDraft(**_fields(self))


class CoordinatesBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Where something is, in millionths of a degree; north and east are positive."""

    latitude_e6: Latitude
    longitude_e6: Longitude


class AddressBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An address; the town is the least."""

    town: Text
    street: Note = ""
    district: Note = ""
    postcode: Note = ""
    country: Note = ""


class LocatedBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Somewhere; without coordinates the address is looked up."""

    region_id: UUID
    address: AddressBody
    coordinates: CoordinatesBody | None = None

    def place(self) -> dict[str, Any]:
        """The fields of a draft, coordinates found."""
        given = _fields(self)
        address = Address(**_fields(self.address))
        if self.coordinates is None:
            coordinates = locate(geocoder(), address)
        else:
            coordinates = Coordinates(self.coordinates.latitude_e6, self.coordinates.longitude_e6)
        return given | {"region_id": RegionId(self.region_id), "address": address, "coordinates": coordinates}


class HomeBody(LocatedBody, frozen=True, kw_only=True):
    """Where somebody wants their orders brought."""

    def draft(self) -> HomeDraft:
        """What is asked for."""
        return HomeDraft(**self.place())


class PlaceBody(LocatedBody, frozen=True, kw_only=True):
    """Somewhere that an organisation keeps."""

    organisation_id: UUID
    name: Text
    hours: Hours = ()

    def place(self) -> dict[str, Any]:
        """The fields of a draft, coordinates found."""
        return super().place() | {"organisation_id": OrganisationId(self.organisation_id)}


class HubBody(PlaceBody, frozen=True, kw_only=True):
    """A hub, or a candidate for one."""

    time_zone: Annotated[str, msgspec.Meta(min_length=1, max_length=60)] | None = None
    fixed_minor: Minor = 0
    handling_minor_per_kg: Annotated[int, msgspec.Meta(ge=0, le=MOST_MINOR_PER_KG, examples=[14])] = 0
    throughput_g: Positive
    state: HubState = HubState.OPEN

    def draft(self) -> HubDraft:
        """What is asked for."""
        return HubDraft(**self.place())


class FarmBody(PlaceBody, frozen=True, kw_only=True):
    """A farm and its gate."""

    code: Code | None = None
    families: Annotated[tuple[Text, ...], msgspec.Meta(max_length=100)] = ()
    standing_yes: bool = False

    def draft(self) -> FarmDraft:
        """What is asked for."""
        return FarmDraft(**self.place())


class PointBody(PlaceBody, frozen=True, kw_only=True):
    """A pick-up point; capacity is for one hand-out."""

    code: Code | None = None
    capacity_orders: Annotated[int, msgspec.Meta(ge=1, le=10**6, examples=[200])] = 1000
    capacity_g: Positive = 10_000_000
    closed_days: Annotated[tuple[Day, ...], msgspec.Meta(max_length=400)] = ()
    by_truck: bool = True
    by_parcel: bool = True

    def draft(self) -> PointDraft:
        """What is asked for."""
        return PointDraft(**self.place())


class VehicleBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A vehicle and its home hub."""

    hub_id: UUID
    name: Text
    weight_g: Positive
    volume_ml: Positive
    crates: Annotated[int, msgspec.Meta(ge=1, le=MOST_CRATES, examples=[480])]
    cold_classes: Colds
    fixed_minor: Minor = 0
    minor_per_km: Annotated[int, msgspec.Meta(ge=0, le=MOST_MINOR_PER_KM, examples=[62])] = 0
    minor_per_hour: Minor = 0
    shift_s: Annotated[int, msgspec.Meta(ge=1, le=86_400, examples=[36_000])] = 36_000
    in_service: bool = True

    def draft(self) -> VehicleDraft:
        """What is asked for."""
        return VehicleDraft(**_fields(self) | {"hub_id": HubId(self.hub_id)})


@cache
def geocoder() -> Geocoder:
    """Who finds addresses, as the settings say; chosen once."""
    return chosen(read_settings().geocoder)


def _fields(body: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.__struct_fields__}
