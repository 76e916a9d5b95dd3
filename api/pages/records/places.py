"""What hubs, farms and pick-up points have in common: where they are, whose they are, when they are open."""

from typing import Any, Final

from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Scaled, Text
from api.pages.records.record import NO_CURRENCY, Choices, Who, id_of
from api.pages.records.several import Choice, Week
from farmlink.kernel.errors import MissingError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Paging
from farmlink.network import queries
from farmlink.network.queries.named import regions_named
from farmlink.network.values import RegionCard, RegionId
from farmlink.people import queries as people
from farmlink.people.values import OrganisationId, OrganisationKind, Principal, Role
from farmlink.store.transaction import Transaction

EVERY: Final = Paging(limit=1000)
DEGREES: Final = Scaled(places=6, unit="°")
LOOKED_UP: Final = marked("Leave both empty and the address is looked up.")
WHOSE: Final = Group(
    marked("Whose it is"),
    (
        Field(name="name", label=marked("What it is called"), kind=Text(), needed=True),
        Field(name="organisation_id", label=marked("Organisation"), kind=Choice(), needed=True, stays=True),
        Field(name="region_id", label=marked("Region"), kind=Choice(), needed=True, stays=True),
    ),
)
WHERE: Final = Group(
    marked("Location"),
    (
        Field(name="address.street", label=marked("Street and number"), kind=Text()),
        Field(name="address.town", label=marked("Town"), kind=Text(), needed=True),
        Field(name="address.district", label=marked("District or state"), kind=Text()),
        Field(name="address.postcode", label=marked("Postcode"), kind=Text()),
        Field(name="address.country", label=marked("Country"), kind=Text()),
        Field(name="coordinates.latitude_e6", label=marked("Latitude"), kind=DEGREES, hint=LOOKED_UP),
        Field(name="coordinates.longitude_e6", label=marked("Longitude"), kind=DEGREES, hint=LOOKED_UP),
    ),
)
HOURS: Final = Group(marked("When it is open"), (Field(name="hours", label=marked("Hours"), kind=Week()),))


def settled(who: Who, kind: OrganisationKind, card: Any) -> Choices:
    """Whose a place may be and in which region; of one that is there, both stay."""
    return who.store.read(_settled, who.principal, kind, card)


def regions_of(tx: Transaction, principal: Principal, asked: str = "", paging: Paging = EVERY) -> list[RegionCard]:
    """The regions that somebody plans, at the platform all."""
    return regions_named(tx, asked, paging, planned(tx, principal)).items


def planned(tx: Transaction, principal: Principal) -> frozenset[RegionId] | None:
    """The regions that somebody plans; None stands for all."""
    if principal.serves_platform(Role.PLANNER, Role.ADMIN):
        return None
    return queries.planned_by(tx, principal.organisations(Role.PLANNER, Role.ADMIN))


def currency_in(who: Who, card: Any, sent: Any) -> str:
    """The currency of the region that a record stands in or is to stand in."""
    key = getattr(card, "region_id", None) or id_of(sent, "region_id")
    return who.store.read(_currency, RegionId(key)) if key else NO_CURRENCY


def _currency(tx: Transaction, region_id: RegionId) -> str:
    try:
        return queries.region(tx, region_id).currency
    except MissingError:
        return NO_CURRENCY


def _settled(tx: Transaction, principal: Principal, kind: OrganisationKind, card: Any) -> Choices:
    if card is not None:
        region, owner = queries.region(tx, card.region_id), people.organisation(tx, card.organisation_id)
        return {"region_id": [(str(region.id), region.name)], "organisation_id": [(str(owner.id), owner.name)]}
    regions = regions_of(tx, principal)
    houses = [one for one in people.organisations(tx, EVERY).items if one.kind is kind]
    if not principal.serves_platform(Role.PLANNER, Role.ADMIN):
        known = _known(tx, principal, regions)
        houses = [one for one in houses if one.id in known]
    return {
        "region_id": [(str(one.id), one.name) for one in regions],
        "organisation_id": sorted(((str(one.id), one.name) for one in houses), key=lambda house: house[1].lower()),
    }


def _known(tx: Transaction, principal: Principal, regions: list[RegionCard]) -> frozenset[OrganisationId]:
    own = principal.organisations(*Role)
    return frozenset(own) | queries.settled_in(tx, [one.id for one in regions])
