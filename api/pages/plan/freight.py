"""A plan on paper: beside what its board shows, the goods at every stop, and where each place is found and called."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from api.pages.plan.sheet import Sheet
from farmlink.dispatch import queries as dispatch
from farmlink.dispatch.rules import NotOnTheWayError
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, HubCard, OpenHours, PointCard
from farmlink.people import queries as people
from farmlink.people.values import OrganisationId, Principal, Role
from farmlink.planning.work.carried import Carried, carried
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

HOMES = 200
PHONES = 2
Card = FarmCard | HubCard | PointCard


@dataclass(frozen=True, slots=True)
class Site:
    """How somebody finds a place: its address, whom to call, when it is open; a home is named while it is brought."""

    name: str
    address: str
    phones: tuple[str, ...]
    hours: tuple[OpenHours, ...] = ()


@dataclass(frozen=True, slots=True)
class Freight:
    """A plan for those who pick, load, drive and take in."""

    sheet: Sheet
    carried: Carried
    sites: dict[UUID, Site]

    def site(self, place_id: UUID) -> Site:
        """How a place is found; of a home that is not on the way nothing is known."""
        return self.sites.get(place_id) or Site("", "", ())


def freight(store: Store, principal: Principal, sheet: Sheet) -> Freight:
    """Read what is carried, for the planners of a plan."""
    sites = store.read(_sites, sheet) | store.read(_homes, principal, sheet)
    return Freight(sheet, carried(store, sheet.plan.id), sites)


def _sites(tx: Transaction, sheet: Sheet) -> dict[UUID, Site]:
    region_id = sheet.cycle.region_id
    kinds: tuple[tuple[Role, Iterable[Card]], ...] = (
        (Role.DOCK, network.hubs_of(tx, region_id)),
        (Role.FARMER, network.farms_of(tx, region_id)),
        (Role.LEADER, network.points_of(tx, region_id)),
    )
    called = {stop.place.id for route in sheet.routes for stop in route.stops} | {one.place.id for one in sheet.places}
    called |= {route.home.id for route in sheet.routes}
    found: dict[UUID, Site] = {}
    for role, cards in kinds:
        chosen = [card for card in cards if card.id in called]
        phones = _phones(tx, {card.organisation_id for card in chosen}, role)
        for card in chosen:
            found[card.id] = Site(card.name, card.address.line(), phones.get(card.organisation_id, ()), card.hours)
    return found


def _phones(tx: Transaction, organisations: set[OrganisationId], role: Role) -> dict[OrganisationId, tuple[str, ...]]:
    members = people.members_by_organisation(tx, organisations, role)
    known = people.contacts(tx, [person_id for persons in members.values() for person_id in persons])
    return {
        organisation_id: tuple(f"{one.name} {one.phone}" for one in map(known.__getitem__, persons) if one.phone)[
            :PHONES
        ]
        for organisation_id, persons in members.items()
    }


def _homes(tx: Transaction, principal: Principal, sheet: Sheet) -> dict[UUID, Site]:
    """Homes to which orders are being brought; before and after that nobody is told whose they are."""
    found: dict[UUID, Site] = {}
    paging: Paging | None = Paging(HOMES)
    while paging:
        try:
            page = dispatch.home_deliveries(tx, principal, sheet.cycle.id, paging)
        except NotOnTheWayError:
            break
        for one in page.items:
            address = one.address.line() if one.address else ""
            found[one.home_id] = Site(one.name, address, (one.phone,) if one.phone else ())
        paging = Paging(HOMES, page.next) if page.next else None
    return found
