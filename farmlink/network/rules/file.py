"""A line of a directory of farms and markets."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from farmlink.kernel.geo import Box, place_in
from farmlink.kernel.rows import Cells, Columns
from farmlink.network.rules.places import check_farm, check_point
from farmlink.network.values import Address, FarmCard, FarmDraft, PointCard, PointDraft, RegionId
from farmlink.people.values import OrganisationId

COLUMNS: Final = Columns(
    ("id", "kind", "name", "city", "state", "zip", "latitude", "longitude", "products"), ("street", "country")
)
FIELDS: Final = {
    "code": "id",
    "coordinates": "latitude",
    "address.town": "city",
    "families": "products",
}
"""The columns of what the rules speak about."""
UNFOUNDED: Final = OrganisationId(UUID(int=0))
"""Stands for the organisation that the import founds."""


UNSAID_ORDERS: Final = 10**6
UNSAID_G: Final = 10**9
"""A directory says nothing about the space of a market: its leader does, later."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Into which region, and of which state when not all of the file is wanted."""

    region_id: RegionId
    extent: Box
    state: str | None = None


def read_place(cells: Cells, chosen: Chosen) -> FarmDraft | PointDraft | None:
    """Read a farm or, from a market, a pick-up point; nothing when it lies in another state."""
    state = cells.text("state", needed=False)
    if not wanted(state, chosen.state):
        return None
    kind = cells.choice("kind", ("farm", "market"))
    code, name = cells.text("id", 64), cells.text("name")
    address = Address(
        town=cells.text("city"),
        district=state,
        street=cells.text("street", needed=False),
        postcode=cells.text("zip", needed=False),
        country=cells.text("country", needed=False),
    )
    families = cells.several("products")
    latitude, longitude = cells.number("latitude"), cells.number("longitude")
    if cells.errors:
        return None
    given: dict[str, Any] = {
        "region_id": chosen.region_id,
        "organisation_id": UNFOUNDED,
        "code": code,
        "name": name,
        "address": address,
        "coordinates": place_in(chosen.extent, latitude, longitude),
    }
    if kind == "farm":
        farm = FarmDraft(**given, families=families)
        check_farm(farm)
        return farm
    point = PointDraft(**given, capacity_orders=UNSAID_ORDERS, capacity_g=UNSAID_G)
    check_point(point)
    return point


def wanted(state: str, asked: str | None) -> bool:
    """Tell whether a row of this state is asked for."""
    return asked is None or state.strip().casefold() == asked.strip().casefold()


def differing(said: FarmDraft | PointDraft, known: FarmCard | PointCard) -> list[str]:
    """The columns in which a line says something else than what is there; an empty cell says nothing."""
    pairs: dict[str, tuple[object, object]] = {
        "name": (said.name, known.name),
        "latitude": (said.coordinates.latitude_e6, known.coordinates.latitude_e6),
        "longitude": (said.coordinates.longitude_e6, known.coordinates.longitude_e6),
        "city": (said.address.town, known.address.town),
        "state": (said.address.district, known.address.district),
        "zip": (said.address.postcode, known.address.postcode),
        "street": (said.address.street, known.address.street),
        "country": (said.address.country, known.address.country),
    }
    if isinstance(said, FarmDraft) and isinstance(known, FarmCard):
        pairs["products"] = (said.families, known.families)
    return [column for column, (new, old) in pairs.items() if new not in {"", ()} and new != old]
