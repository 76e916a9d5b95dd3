from dataclasses import replace

import pytest

from farmlink.catalogue.values import ColdClass
from farmlink.kernel.bounds import (
    MOST_CRATES,
    MOST_M,
    MOST_MINOR,
    MOST_MINOR_PER_KG,
    MOST_MINOR_PER_KM,
    MOST_PARCEL_G,
    OutOfBoundsError,
)
from farmlink.kernel.clock import UnknownZoneError
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.geo import Box, Coordinates
from farmlink.kernel.ids import uuid7
from farmlink.network.rules import places, refusals, regions
from farmlink.network.values import (
    Address,
    FarmDraft,
    HubDraft,
    HubId,
    HubState,
    OpenHours,
    Parcels,
    Passage,
    PointDraft,
    RegionDraft,
    RegionId,
    Rhythm,
    Roads,
    Side,
    VehicleDraft,
)
from farmlink.people.values import OrganisationId

LAKE = Box(43_000_000, -87_000_000, 44_000_000, -86_000_000)
REGION = RegionDraft(
    name="Michigan",
    time_zone="America/Detroit",
    currency="USD",
    roads=Roads(passages=(Passage("Bridge", 45_817_000, -84_728_000, 1000, Side((LAKE,))),)),
    parcels=Parcels((240_000, 480_000), (1000,), ((800,), (840,))),
)
REGION_ID, OWNER = RegionId(uuid7()), OrganisationId(uuid7())
TOWN, GATE = Address(town="Holland"), Coordinates(42_790_000, -86_110_000)
HUB = HubDraft(region_id=REGION_ID, organisation_id=OWNER, name="Flint", address=TOWN, coordinates=GATE, throughput_g=1)
FARM = FarmDraft(region_id=REGION_ID, organisation_id=OWNER, name="Farm", address=TOWN, coordinates=GATE)
POINT = PointDraft(region_id=REGION_ID, organisation_id=OWNER, name="Market", address=TOWN, coordinates=GATE)
VEHICLE = VehicleDraft(
    hub_id=HubId(uuid7()), name="Van", weight_g=900_000, volume_ml=1, crates=100, cold_classes=(ColdClass.AMBIENT,)
)
MORNING, AFTERNOON = OpenHours(5, 480, 720), OpenHours(5, 720, 960)


def test_a_whole_region_is_allowed() -> None:
    regions.check_region(REGION)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(REGION, name=" "), refusals.TextMissingError),
        (replace(REGION, name="M" * 201), refusals.TextMissingError),
        (replace(REGION, time_zone="Michigan"), UnknownZoneError),
        (replace(REGION, currency="DOL"), refusals.CurrencyUnknownError),
        (replace(REGION, roads=Roads(circuity_ppm=999_999)), OutOfBoundsError),
        (replace(REGION, roads=Roads(circuity_ppm=5_000_001)), OutOfBoundsError),
        (replace(REGION, roads=Roads(band_limit_m=(1, MOST_M + 1))), OutOfBoundsError),
        (replace(REGION, roads=Roads(passages=(Passage("Bay", 0, 0, MOST_MINOR + 1, Side(())),))), OutOfBoundsError),
        (replace(REGION, parcels=Parcels((MOST_M + 1,), (1000,), ((800,),))), OutOfBoundsError),
        (replace(REGION, parcels=Parcels((1,), (MOST_PARCEL_G + 1,), ((800,),))), OutOfBoundsError),
        (replace(REGION, parcels=Parcels((1,), (1000,), ((MOST_MINOR + 1,),))), OutOfBoundsError),
        (replace(REGION, parcels=Parcels(cold_pack_minor=MOST_MINOR + 1)), OutOfBoundsError),
        (replace(REGION, parcels=Parcels(cold_pack_g=MOST_PARCEL_G + 1)), OutOfBoundsError),
        (replace(REGION, rhythm=Rhythm(hand_out_day=8)), OutOfBoundsError),
        (replace(REGION, roads=Roads(band_limit_m=(40_000, 10_000))), refusals.RoadsError),
        (replace(REGION, roads=Roads(band_limit_m=(10_000,))), refusals.RoadsError),
        (replace(REGION, roads=Roads(speed_m_per_h=(1, 64_000, 88_000))), OutOfBoundsError),
        (replace(REGION, roads=Roads(passages=(Passage("Bridge", 0, 0, -1, Side((LAKE,))),))), OutOfBoundsError),
        (replace(REGION, roads=Roads(passages=(Passage("Pole", 91_000_000, 0, 0, Side(())),))), OutOfBoundsError),
        (replace(REGION, parcels=Parcels((1, 2), (1000,), ((800,),))), refusals.ParcelTariffError),
        (replace(REGION, parcels=Parcels((1,), (1000,), ((800, 900),))), refusals.ParcelTariffError),
        (replace(REGION, parcels=Parcels((1,), (1000,), ((-1,),))), refusals.ParcelTariffError),
        (replace(REGION, parcels=Parcels((2, 1), (1000,), ((1,), (1,)))), refusals.ParcelTariffError),
        (replace(REGION, parcels=Parcels((1,), (0,), ((1,),))), refusals.ParcelTariffError),
        (replace(REGION, parcels=Parcels(cold_pack_minor=-1)), OutOfBoundsError),
        (replace(REGION, rhythm=Rhythm(collect_until_s=0)), refusals.RhythmError),
        (replace(REGION, rhythm=Rhythm(deliver_from_s=3600)), refusals.RhythmError),
        (replace(REGION, rhythm=Rhythm(crate_g=0)), OutOfBoundsError),
        (replace(REGION, rhythm=Rhythm(sort_s=-1)), OutOfBoundsError),
        (replace(REGION, rhythm=Rhythm(farm_service_s_per_tonne=90_000)), OutOfBoundsError),
    ],
)
def test_a_region_whose_clock_money_roads_tariff_or_rhythm_is_wrong_is_refused(
    wrong: RegionDraft, refusal: type[RefusedError]
) -> None:
    with pytest.raises(refusal):
        regions.check_region(wrong)


def test_whole_places_and_vehicles_are_allowed() -> None:
    places.check_hub(replace(HUB, time_zone="America/Detroit", hours=(MORNING,)))
    places.check_hub(HUB)
    places.check_farm(replace(FARM, code="mi-farm-001", hours=(AFTERNOON, MORNING), families=("fruit",)))
    places.check_point(replace(POINT, closed_days=("2026-12-24",), by_parcel=False))
    places.check_vehicle(VEHICLE)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(HUB, time_zone="Flint"), UnknownZoneError),
        (replace(HUB, throughput_g=0), OutOfBoundsError),
        (replace(HUB, fixed_minor=-1), OutOfBoundsError),
        (replace(HUB, fixed_minor=MOST_MINOR + 1), OutOfBoundsError),
        (replace(HUB, handling_minor_per_kg=MOST_MINOR_PER_KG + 1), OutOfBoundsError),
        (replace(HUB, address=Address(town="")), refusals.TextMissingError),
        (replace(HUB, address=Address(town="Flint", street="S" * 201)), refusals.TextTooLongError),
    ],
)
def test_a_hub_without_clock_work_or_address_is_refused(wrong: HubDraft, refusal: type[RefusedError]) -> None:
    with pytest.raises(refusal):
        places.check_hub(wrong)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(FARM, name=""), refusals.TextMissingError),
        (replace(FARM, code="mi farm"), refusals.PlaceCodeError),
        (replace(FARM, code=""), refusals.PlaceCodeError),
        (replace(FARM, families=("",)), refusals.TextMissingError),
        (replace(FARM, hours=(OpenHours(7, 0, 60),)), refusals.HoursError),
        (replace(FARM, hours=(OpenHours(0, 60, 60),)), refusals.HoursError),
        (replace(FARM, hours=(OpenHours(0, 0, 1441),)), refusals.HoursError),
        (replace(FARM, hours=(MORNING, OpenHours(5, 719, 800))), refusals.HoursError),
    ],
)
def test_a_farm_without_name_or_with_impossible_hours_is_refused(wrong: FarmDraft, refusal: type[RefusedError]) -> None:
    with pytest.raises(refusal):
        places.check_farm(wrong)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(POINT, capacity_orders=0), OutOfBoundsError),
        (replace(POINT, by_truck=False, by_parcel=False), refusals.UnreachedPointError),
        (replace(POINT, closed_days=("24.12.2026",)), refusals.ClosedDayError),
    ],
)
def test_a_point_that_holds_nothing_or_is_never_reached_is_refused(
    wrong: PointDraft, refusal: type[RefusedError]
) -> None:
    with pytest.raises(refusal):
        places.check_point(wrong)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(VEHICLE, weight_g=0), OutOfBoundsError),
        (replace(VEHICLE, minor_per_km=-1), OutOfBoundsError),
        (replace(VEHICLE, shift_s=86_401), OutOfBoundsError),
        (replace(VEHICLE, crates=MOST_CRATES + 1), OutOfBoundsError),
        (replace(VEHICLE, fixed_minor=MOST_MINOR + 1), OutOfBoundsError),
        (replace(VEHICLE, minor_per_km=MOST_MINOR_PER_KM + 1), OutOfBoundsError),
        (replace(VEHICLE, cold_classes=()), refusals.ColdClassNoneError),
    ],
)
def test_a_vehicle_that_carries_nothing_is_refused(wrong: VehicleDraft, refusal: type[RefusedError]) -> None:
    with pytest.raises(refusal):
        places.check_vehicle(wrong)


@pytest.mark.parametrize(("state", "wanted"), [(HubState.CANDIDATE, HubState.OPEN), (HubState.OPEN, HubState.CLOSED)])
def test_a_hub_opens_and_closes(state: HubState, wanted: HubState) -> None:
    places.check_hub_move(state, wanted)


def test_an_open_hub_is_no_candidate() -> None:
    with pytest.raises(refusals.HubMoveError):
        places.check_hub_move(HubState.OPEN, HubState.CANDIDATE)
