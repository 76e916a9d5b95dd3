from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.kernel.errors import MissingError, StaleError
from farmlink.kernel.geo import Coordinates, CoordinatesOutsideError, SwappedCoordinatesError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network import commands, queries
from farmlink.network.rules import places
from farmlink.network.rules.refusals import CurrencyFixedError, HubMoveError, NotYoursError, PlaceNameTakenError
from farmlink.network.values import (
    WORLD,
    Approval,
    FarmId,
    HubState,
    OpenHours,
    Parcels,
    Passage,
    Reach,
    Roads,
    Side,
)
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.network.builders import GRAND_RAPIDS, MICHIGAN, Country


@pytest.fixture
def country(store: Store) -> Country:
    return Country.founded(store)


def announced(store: Store) -> list[str]:
    return store.read(lambda tx: list(tx.execute("SELECT name FROM outbox_event ORDER BY id").scalars()))


def test_a_region_remembers_its_bridges_and_its_parcel_tariff(store: Store) -> None:
    bridge = Passage("Mackinac Bridge", 45_817_000, -84_728_000, 1000, Side((MICHIGAN.extent,)))
    tariff = Parcels((240_000,), (1000, 2000), ((800, 880),), cold_pack_minor=400)
    region = store.run(commands.create_region, replace(MICHIGAN, roads=Roads(passages=(bridge,)), parcels=tariff))
    assert store.read(queries.region, region.id) == region
    assert (region.roads.passages, region.parcels, region.rhythm.sort_s) == ((bridge,), tariff, 12_600)


def test_a_region_with_hubs_keeps_its_currency(country: Country) -> None:
    renamed = country.store.run(commands.change_region, country.region.id, replace(MICHIGAN, name="Mitten"), 1)
    assert (renamed.name, renamed.revision) == ("Mitten", 2)
    country.hub()
    with pytest.raises(CurrencyFixedError, match="USD"):
        country.store.run(commands.change_region, country.region.id, replace(MICHIGAN, currency="CAD"), 2)


def test_the_second_of_two_editors_of_a_region_is_told(country: Country) -> None:
    country.store.run(commands.change_region, country.region.id, replace(MICHIGAN, name="Mitten"), 1)
    with pytest.raises(StaleError):
        country.store.run(commands.change_region, country.region.id, MICHIGAN, 1)


def test_two_regions_cannot_share_a_name(country: Country) -> None:
    with pytest.raises(PlaceNameTakenError, match="Michigan"):
        country.store.run(commands.create_region, MICHIGAN)


def test_a_hub_takes_clock_and_currency_from_its_region(country: Country) -> None:
    hub = country.hub()
    assert (hub.time_zone, hub.currency, hub.coordinates) == ("America/Detroit", "USD", GRAND_RAPIDS)
    assert country.store.read(queries.hubs_of, country.region.id) == [hub]
    assert country.store.read(queries.hub, hub.id) == hub


def test_a_hub_may_keep_its_own_clock(country: Country) -> None:
    draft = replace(country.hub_draft("Iron Mountain"), time_zone="America/Menominee")
    assert country.store.run(commands.open_hub, draft).time_zone == "America/Menominee"


def test_a_candidate_is_opened_and_an_open_hub_never_becomes_one_again(country: Country) -> None:
    draft = replace(country.hub_draft("Lansing"), state=HubState.CANDIDATE)
    lansing = country.store.run(commands.open_hub, draft)
    opened = country.store.run(commands.change_hub, lansing.id, replace(draft, state=HubState.OPEN), 1)
    assert (opened.state, opened.revision) == (HubState.OPEN, 2)
    with pytest.raises(HubMoveError):
        country.store.run(commands.change_hub, lansing.id, draft, 2)
    with pytest.raises(IntegrityError, match="cannot move from open to candidate"):
        country.store.run(lambda tx: tx.execute("UPDATE hub SET state = 'candidate'"))


def test_vehicles_are_told_apart_by_name_and_may_move_home(country: Country) -> None:
    hub, other = country.hub(), country.hub("Flint")
    vehicle = country.store.run(commands.add_vehicle, country.vehicle_draft(hub))
    with pytest.raises(PlaceNameTakenError, match="Reefer 1"):
        country.store.run(commands.add_vehicle, country.vehicle_draft(hub))
    moved = country.store.run(
        commands.change_vehicle, vehicle.id, replace(country.vehicle_draft(other), in_service=False), 1
    )
    assert country.store.read(queries.vehicle, vehicle.id) == moved
    assert country.store.read(queries.vehicles_of, [hub.id, other.id]) == [moved]
    assert country.store.read(queries.vehicles, Paging(), hub.id).items == []
    assert (moved.hub_id, moved.in_service) == (other.id, False)


def test_a_new_farm_waits_for_approval_which_is_announced_once(country: Country) -> None:
    farm = country.store.run(commands.add_farm, country.farm_draft())
    assert farm.state is Approval.PENDING
    assert country.store.read(queries.approved_farms, country.region.id) == []
    country.store.run(commands.approve_farm, farm.id)
    country.store.run(commands.approve_farm, farm.id)
    assert country.store.read(queries.approved_farms, country.region.id) == [farm.id]
    assert announced(country.store) == ["farm.approved.v1"]
    assert country.store.run(commands.suspend_farm, farm.id).state is Approval.SUSPENDED


def test_a_point_is_chosen_only_while_it_is_approved(country: Country) -> None:
    point = country.store.run(commands.add_point, country.point_draft())
    assert country.store.run(commands.approve_point, point.id).state is Approval.APPROVED
    assert country.store.run(commands.suspend_point, point.id).state is Approval.SUSPENDED
    assert sorted(announced(country.store)) == ["point.approved.v1", "point.changed.v1", "point.changed.v1"]


def test_a_pending_place_exists_only_for_its_own_organisation(country: Country) -> None:
    farm = country.store.run(commands.add_farm, country.farm_draft())
    point = country.store.run(commands.add_point, country.point_draft())
    strangers, owner = Reach(frozenset([country.organisation()])), Reach(frozenset([farm.organisation_id]))
    with pytest.raises(MissingError):
        country.store.read(queries.farm, farm.id, strangers)
    with pytest.raises(MissingError):
        country.store.read(queries.point, point.id, strangers)
    assert country.store.read(queries.farms, Paging(), seen_by=strangers).items == []
    assert country.store.read(queries.farm, farm.id, owner) == farm
    assert country.store.read(queries.farms, Paging(), seen_by=owner).items == [farm]
    assert country.store.read(queries.points, Paging()).items == [point]


def test_a_farmer_changes_the_own_farm_and_no_other(country: Country) -> None:
    draft = country.farm_draft()
    farm = country.store.run(commands.add_farm, draft)
    owner = Reach(frozenset([farm.organisation_id]))
    silent = replace(draft, standing_yes=True, hours=(OpenHours(0, 480, 960),), code="overhiser")
    changed = country.store.run(commands.change_farm, farm.id, silent, 1, owner)
    assert (changed.standing_yes, changed.hours, changed.revision) == (True, (OpenHours(0, 480, 960),), 2)
    with pytest.raises(MissingError):
        country.store.run(commands.change_farm, farm.id, draft, 2, Reach(frozenset([country.organisation()])))
    with pytest.raises(StaleError):
        country.store.run(commands.change_farm, farm.id, draft, 1, owner)
    with pytest.raises(NotYoursError):
        country.store.run(commands.add_farm, country.farm_draft("Foreign"), owner)


def test_a_change_never_moves_a_farm_to_another_owner(country: Country) -> None:
    farm = country.farm()
    changed = country.store.run(commands.change_farm, farm.id, country.farm_draft("Renamed"), farm.revision)
    assert (changed.name, changed.organisation_id) == ("Renamed", farm.organisation_id)


def test_a_leader_closes_the_point_on_christmas_eve(country: Country) -> None:
    point = country.point()
    draft = replace(country.point_draft(code="holland"), closed_days=("2026-12-24",))
    assert country.store.run(commands.change_point, point.id, draft, 2).closed_days == ("2026-12-24",)


def test_two_farms_of_a_region_cannot_share_a_code(country: Country) -> None:
    country.farm(code="mi-farm-001")
    with pytest.raises(PlaceNameTakenError, match="mi-farm-001"):
        country.farm("Another", code="mi-farm-001")
    country.point(code="mi-farm-001")


def test_where_a_region_has_not_said_where_it_ends_its_clock_tells_swapped_coordinates() -> None:
    places.check_extent(WORLD, Coordinates(42_790_000, -86_110_000), "America/Detroit")
    places.check_extent(WORLD, Coordinates(-33_900_000, 151_200_000), "America/Detroit")
    with pytest.raises(SwappedCoordinatesError):
        places.check_extent(WORLD, Coordinates(-86_110_000, 42_790_000), "America/Detroit")


def test_swapped_coordinates_are_told_apart_from_far_ones(country: Country) -> None:
    draft = country.farm_draft()
    with pytest.raises(SwappedCoordinatesError, match="other way round"):
        country.store.run(commands.add_farm, replace(draft, coordinates=Coordinates(-86_169_217, 42_483_804)))
    with pytest.raises(CoordinatesOutsideError):
        country.store.run(commands.add_farm, replace(draft, coordinates=Coordinates(48_850_000, 2_350_000)))


def test_lists_come_in_pages(country: Country) -> None:
    farms = [country.farm(name) for name in ("One", "Two", "Three")]
    first = country.store.read(queries.farms, Paging(limit=2), country.region.id)
    rest = country.store.read(queries.farms, Paging(limit=2, after=first.next), country.region.id)
    assert [farm.name for farm in (*first.items, *rest.items)] == ["One", "Two", "Three"]
    assert rest.next is None
    assert country.store.read(queries.farms_by_id, [farms[0].id]) == {farms[0].id: farms[0]}
    assert country.store.read(queries.farms_of, country.region.id) == farms
    assert country.store.read(queries.farms_owned_by, [farms[1].organisation_id]) == [farms[1].id]
    assert country.store.read(queries.regions, Paging()).items == [country.region]
    assert country.store.read(queries.hubs, Paging(), country.region.id).items == []


def test_points_are_read_at_once(country: Country) -> None:
    point = country.point()
    assert country.store.read(queries.points_of, country.region.id) == [point]
    assert country.store.read(queries.points_by_id, [point.id]) == {point.id: point}


def test_a_farm_that_is_not_there_cannot_be_approved(country: Country) -> None:
    with pytest.raises(MissingError):
        country.store.run(commands.approve_farm, FarmId(uuid7()))


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("farm", "latitude_e6 = 90000001", "farm_coordinates"),
        ("farm", "state = 'pending'", "cannot move from approved to pending"),
        ("point", "capacity_orders = 0", "point_capacity"),
        ("point", "by_truck = false, by_parcel = false", "point_is_reached_somehow"),
        ("hub", "currency = 'EUR'", "hub_currency_is_regions"),
        ("hub", "throughput_g = 0", "hub_throughput"),
        ("region", "currency = 'Dollar'", "region_currency"),
        ("vehicle", "shift_s = 86401", "vehicle_shift"),
        ("vehicle", "cold_classes = '{warm}'", "vehicle_cold_classes"),
    ],
)
def test_the_database_itself_refuses_what_no_place_is(
    country: Country, table: str, change: str, constraint: str
) -> None:
    country.farm(), country.point()
    country.store.run(commands.add_vehicle, country.vehicle_draft(country.hub()))

    def tamper(tx: Transaction) -> None:
        tx.execute(f"UPDATE {table} SET {change}")

    with pytest.raises(IntegrityError, match=constraint):
        country.store.run(tamper)


def test_a_region_without_borders_takes_any_place_on_earth(store: Store) -> None:
    country = Country.anywhere(store)
    assert country.farm().region_id == country.region.id
