"""Homes: whose they are, people know; here is only where."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlmodel import col, select

from farmlink.kernel.geo import Coordinates, haversine_m
from farmlink.network.rules.refusals import NoHomeError
from farmlink.network.tables import Home
from farmlink.network.values import HomeCard, HomeId, HomeSign, HomeSite, RegionId
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.pipeline import Pipe, among, uuids
from farmlink.store.transaction import Transaction, missing

SITES = """
SELECT h.id, h.region_id, h.latitude_e6, h.longitude_e6,
  ARRAY(SELECT ARRAY[b.latitude_e6, b.longitude_e6] FROM hub b WHERE b.region_id = h.region_id AND b.state = 'open')
FROM home h WHERE h.id = ANY(%s::uuid[])
"""


def home_of(tx: Transaction, person_id: PersonId) -> HomeCard:
    """Where a person lives, for themselves."""
    home_id = people.home(tx, person_id)
    if home_id is None:
        raise NoHomeError(noun="home")
    return home_card(tx, tx.get(Home, home_id))


def home_sign(tx: Transaction, person_id: PersonId) -> HomeSign:
    """That a person has a home in a region, for a planner."""
    home_id = people.home(tx, person_id)
    if home_id is None:
        raise missing(Home, person_id)
    return HomeSign(home_id, RegionId(tx.get(Home, home_id).region_id))


def homes_by_id(tx: Transaction, home_ids: Iterable[UUID]) -> dict[HomeId, HomeSite]:
    """Where many homes are, whoever lives there."""
    rows = tx.session.exec(select(Home).where(among(col(Home.id), home_ids)))
    return {site.id: site for site in map(_site, rows)}


def from_hub_many(pipe: Pipe, home_ids: Iterable[UUID]) -> Callable[[], dict[HomeId, tuple[RegionId, int | None]]]:
    """In which region homes are, and how far as the crow flies from its nearest open hub; none without a hub."""
    rows = pipe.send(SITES, (uuids(home_ids),))
    return lambda: {
        HomeId(row[0]): (
            RegionId(row[1]),
            min((haversine_m(Coordinates(row[2], row[3]), Coordinates(*hub)) for hub in row[4]), default=None),
        )
        for row in rows.fetchall()
    }


def home_card(tx: Transaction, row: Home) -> HomeCard:
    """A home as its own people see it."""
    site = _site(row)
    return HomeCard(site.id, site.region_id, people.addresses(tx, [site.id])[site.id], site.coordinates)


def _site(row: Home) -> HomeSite:
    return HomeSite(HomeId(row.id), RegionId(row.region_id), Coordinates(row.latitude_e6, row.longitude_e6))
