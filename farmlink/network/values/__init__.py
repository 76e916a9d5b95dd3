"""What the network is made of, as it goes in and comes out."""

from farmlink.network.values.homes import HomeCard, HomeDraft, HomeSign, HomeSite
from farmlink.network.values.hubs import (
    HubCard,
    HubDraft,
    HubState,
    VehicleCard,
    VehicleDraft,
)
from farmlink.network.values.ids import (
    FarmId,
    HubId,
    PlaceId,
    PointId,
    RegionId,
    VehicleId,
)
from farmlink.network.values.places import (
    Approval,
    FarmApproved,
    FarmCard,
    FarmDraft,
    FarmSign,
    Geocoder,
    OpenHours,
    PointApproved,
    PointCard,
    PointChanged,
    PointDraft,
)
from farmlink.network.values.reach import Reach, Settled
from farmlink.network.values.region import (
    WORLD,
    Parcels,
    Passage,
    RegionCard,
    RegionDraft,
    Rhythm,
    Roads,
    Side,
)
from farmlink.people.values import Address, HomeId

__all__ = [
    "WORLD",
    "Address",
    "Approval",
    "FarmApproved",
    "FarmCard",
    "FarmDraft",
    "FarmId",
    "FarmSign",
    "Geocoder",
    "HomeCard",
    "HomeDraft",
    "HomeId",
    "HomeSign",
    "HomeSite",
    "HubCard",
    "HubDraft",
    "HubId",
    "HubState",
    "OpenHours",
    "Parcels",
    "Passage",
    "PlaceId",
    "PointApproved",
    "PointCard",
    "PointChanged",
    "PointDraft",
    "PointId",
    "Reach",
    "RegionCard",
    "RegionDraft",
    "RegionId",
    "Rhythm",
    "Roads",
    "Settled",
    "Side",
    "VehicleCard",
    "VehicleDraft",
    "VehicleId",
]
