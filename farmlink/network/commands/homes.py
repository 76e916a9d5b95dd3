"""People say where they live, move, and are forgotten."""

from farmlink.kernel.errors import MissingError
from farmlink.kernel.events import Event
from farmlink.network import queries
from farmlink.network.commands.editing import check_in
from farmlink.network.rules import places, refusals
from farmlink.network.tables import Home, Region
from farmlink.network.values import HomeCard, HomeDraft, HomeSign
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import PersonId, Principal
from farmlink.store.transaction import Transaction

BLUR = """
UPDATE home SET latitude_e6 = round(latitude_e6, -4), longitude_e6 = round(longitude_e6, -4)
WHERE id = ANY(:ids) AND (latitude_e6 % 10000, longitude_e6 % 10000) <> (0, 0)
"""
"""To about a kilometre: what was planned stays roughly true, and leads to nobody's door."""


def settle(tx: Transaction, person_id: PersonId, draft: HomeDraft) -> HomeCard:
    """Let a person live somewhere; said again, it changes nothing. Orders that go to an old home still find it."""
    places.check_home(draft)
    check_in(tx.get(Region, draft.region_id), draft.coordinates)
    people.hold_person(tx, person_id)
    if persons.home(tx, person_id) is not None:
        now = queries.home_of(tx, person_id)
        if (now.region_id, now.address, now.coordinates) == (draft.region_id, draft.address, draft.coordinates):
            return now
    home = Home(
        id=people.move_to(tx, person_id, draft.address),
        region_id=draft.region_id,
        latitude_e6=draft.coordinates.latitude_e6,
        longitude_e6=draft.coordinates.longitude_e6,
    )
    return queries.home_card(tx, tx.add(home))


def settle_for(tx: Transaction, planner: Principal, person_id: PersonId, draft: HomeDraft) -> HomeSign:
    """Write down where somebody lives who cannot say so themselves: within what one plans, before and after."""
    if not queries.plans_region(tx, planner, draft.region_id):
        raise MissingError(noun="region", id=draft.region_id)
    people.hold_person(tx, person_id)
    before = persons.home(tx, person_id)
    if before is not None and not queries.plans_region(tx, planner, queries.home_sign(tx, person_id).region_id):
        raise MissingError(noun="home", id=person_id)
    if persons.signs_in(tx, person_id):
        raise refusals.HomeTheirOwnError
    home = settle(tx, person_id, draft)
    return HomeSign(home.id, home.region_id)


def blur_forgotten_homes(tx: Transaction, _event: Event | None = None) -> None:
    """Leave of a home whose address was forgotten only the neighbourhood."""
    tx.execute(BLUR, {"ids": persons.forgotten_homes(tx)})
