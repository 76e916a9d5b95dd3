"""Everything that stands before the first order: region, places, people, goods, lots and the cycle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final

from farmlink.confirmations import queries as confirmations
from farmlink.demo import clocks, elsewhere, region
from farmlink.demo.scenario import MICHIGAN, Scenario, Town
from farmlink.demo.survey import states, surveyed
from farmlink.kernel.geo import Coordinates
from farmlink.kernel.money import line_total_minor
from farmlink.network import commands as network_commands
from farmlink.network import queries as network
from farmlink.network.rules.extent import expected_extent
from farmlink.network.values import (
    FarmCard,
    FarmId,
    HubId,
    OpenHours,
    PointCard,
    PointDraft,
    PointId,
    RegionCard,
    RegionDraft,
)
from farmlink.network.work import import_places
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Credentials, OrganisationId, OrganisationKind, PersonId, Role, SignedIn
from farmlink.people.work import hash_password
from farmlink.store.sheets import Imported, Request
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply

PASSWORD: Final = "farmlink-demo"  # noqa: S105  # printed on the screen: a demo on the loopback has no secrets
ADDRESS: Final = "{}@demo.example"
PHONES: Final = {Role.PLANNER: "+1 517 555 0134", Role.LEADER: "+1 517 555 0161"}
"""Of numbers that are kept for stories (North American Numbering Plan, 555-0100 to 555-0199)."""
AFTERNOONS: Final = tuple(OpenHours(weekday, 15 * 60, 19 * 60) for weekday in range(7))
LOGINS: Final = (
    ("operator", Role.ADMIN),
    ("planner", Role.PLANNER),
    ("dock", Role.DOCK),
    ("farmer", Role.FARMER),
    ("leader", Role.LEADER),
    ("consumer", Role.CONSUMER),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Which region the demo plays in, from which file; without a state every row of the file counts."""

    draft: RegionDraft
    file: Path
    state: str | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """A region with its hubs and the places of the file."""

    region: RegionCard
    keeper: OrganisationId
    hubs: tuple[HubId, ...]
    sites: tuple[tuple[str, Coordinates], ...]
    farms: tuple[FarmCard, ...]
    points: tuple[PointCard, ...]
    towns: tuple[Town, ...]
    imported: Imported


def choose_place(scenario: Scenario, file: Path | None, state: str | None) -> Place:
    """Michigan as the scenario has it, or whatever region a file of the same columns is about."""
    if file is None:
        return Place(region.michigan(scenario), MICHIGAN)
    places = surveyed(file, state, {good.tag for good in scenario.goods})
    name, zone = (state or "").strip() or file.stem.capitalize(), clocks.time_zone(places, states(file, state))
    draft = region.anywhere(scenario, name, expected_extent(places, zone), zone)
    return Place(draft, file, state, elsewhere=True)


def lay_ground(store: Store, scenario: Scenario, place: Place, orders: int) -> Ground:
    """Make the region, import farms and markets through the real import, approve them, and open the hubs."""
    made = store.run(network_commands.create_region, place.draft)
    imported = import_places(store, Request(place.file, skip_bad=True), made.id, state=place.state)
    farms, points = store.run(_approve, made)
    towns, sites = scenario.towns, list(scenario.hubs)
    if place.elsewhere:
        towns = elsewhere.towns(farms, points)
        sites = elsewhere.hub_sites(scenario, towns, farms, points, orders)
    keeper = store.run(people.add_organisation, f"{place.draft.name} hubs (demo)", OrganisationKind.HUB)
    hubs = store.run(region.open_hubs, scenario, made.id, keeper, sites)
    return Ground(made, keeper, tuple(hubs), tuple(sites), farms, points, towns, imported)


def _approve(tx: Transaction, made: RegionCard) -> tuple[tuple[FarmCard, ...], tuple[PointCard, ...]]:
    """Approve what was imported, by code, so that every run meets the places in the same order."""
    farms = sorted(network.farms_of(tx, made.id), key=lambda farm: str(farm.code))
    points = sorted(network.points_of(tx, made.id), key=lambda point: str(point.code))
    return (
        tuple(network_commands.approve_farm(tx, farm.id) for farm in farms),
        tuple(network_commands.approve_point(tx, _opened(tx, point).id) for point in points),
    )


def _opened(tx: Transaction, point: PointCard) -> PointCard:
    """The point with hours, which the file does not tell: the afternoon of every day."""
    said = {one.name: getattr(point, one.name) for one in fields(PointDraft)}
    return network_commands.change_point(tx, point.id, PointDraft(**said | {"hours": AFTERNOONS}), point.revision)


def admit_people(store: Store, ground: Ground) -> dict[str, str]:
    """Give every farm a farmer and every point a leader, and sign the demo's own people up; their addresses."""
    password = hash_password(PASSWORD)
    return store.run(_admit, ground, password)


def _admit(tx: Transaction, ground: Ground, password_hash: str) -> dict[str, str]:
    for farm in ground.farms:
        people.add_person(tx, f"Farmer of {farm.name}"[:120], role=Role.FARMER, organisation_id=farm.organisation_id)
    for point in ground.points[1:]:
        people.add_person(tx, f"Leader of {point.name}"[:120], role=Role.LEADER, organisation_id=point.organisation_id)
    owners = {  # which farm the farmer keeps shows when the first plan holds
        Role.PLANNER: ground.keeper,
        Role.DOCK: ground.keeper,
        Role.LEADER: ground.points[0].organisation_id,
    }
    addresses = {}
    for name, role in LOGINS:
        addresses[name] = ADDRESS.format(name)
        people.add_person(
            tx,
            f"Demo {name}",
            email=addresses[name],
            phone=PHONES.get(role),
            password_hash=password_hash,
            role=role,
            organisation_id=owners.get(role),
        )
    return addresses


def let_farmer_in(tx: Transaction, ground: Ground, collect_on: date) -> None:
    """Give the demo's own farmer the farm that promised most, so that there is something to see and to answer."""
    promised = confirmations.promised(tx, [farm.id for farm in ground.farms], collect_on)
    lots = supply.lots_by_id(tx, [one.lot_id for one in promised])
    worth: Counter[FarmId] = Counter()
    for one in promised:
        worth[one.farm_id] += line_total_minor(one.answered or 0, lots[one.lot_id].ask_minor_per_1000)
    busiest = max(ground.farms, key=lambda farm: worth[farm.id])
    people.grant(tx, _known(tx, "farmer").person_id, Role.FARMER, busiest.organisation_id)


def sign_in(tx: Transaction, person_id: PersonId) -> str:
    """A bearer token."""
    return people.sign_in_as(tx, person_id).token


def known_consumer(tx: Transaction) -> SignedIn:
    """The demo's own consumer, signed in: one of the orders is theirs."""
    return people.sign_in_as(tx, _known(tx, "consumer").person_id)


def _known(tx: Transaction, name: str) -> Credentials:
    known = persons.credentials(tx, ADDRESS.format(name))
    assert known is not None, "everybody of the demo was admitted before"
    return known


def leaders(tx: Transaction, ground: Ground) -> dict[PointId, str]:
    """A bearer token of each point's leader."""
    return {
        point.id: sign_in(tx, persons.member_ids(tx, point.organisation_id, Role.LEADER)[0]) for point in ground.points
    }
