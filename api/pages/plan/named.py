"""Names for the ids that plans speak in, and the hubs that somebody plans for."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, ProductId
from farmlink.cycles.values import Cycle
from farmlink.kernel.errors import MissingError
from farmlink.kernel.locale import marked
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """Where a trip stops: `kind` is farm, hub, point or home; a home is nobody's by name."""

    id: UUID
    kind: str
    name: str
    town: str


@dataclass(frozen=True, slots=True)
class Named:
    """The names of a region's places and trucks."""

    places: dict[UUID, Place]
    vehicles: dict[UUID, str]

    def place(self, place_id: UUID) -> Place:
        """A place by its id; what is none of farms, hubs and points is somebody's home."""
        return self.places.get(place_id) or Place(place_id, "home", "", "")


def hubs_planned(tx: Transaction, principal: Principal) -> list[HubId] | None:
    """The hubs that somebody plans for; None stands for all."""
    if principal.serves_platform(Role.PLANNER, Role.ADMIN):
        return None
    return [hub.id for hub in network.kept_by(tx, principal.organisations(Role.PLANNER, Role.ADMIN))]


def named(tx: Transaction, cycle: Cycle) -> Named:
    """Everything in a cycle's region by name."""
    hubs = network.hubs_of(tx, cycle.region_id)
    kinds = (
        ("hub", hubs),
        ("farm", network.farms_of(tx, cycle.region_id)),
        ("point", network.points_of(tx, cycle.region_id)),
    )
    return Named(
        places={card.id: Place(card.id, kind, card.name, card.address.town) for kind, cards in kinds for card in cards},
        vehicles={truck.id: truck.name for truck in network.vehicles_of(tx, [hub.id for hub in hubs])},
    )


def named_products(tx: Transaction, product_ids: Iterable[UUID]) -> dict[UUID, ProductCard]:
    """Products by id."""
    return {key: card for key, card in catalogue.products_by_id(tx, {ProductId(key) for key in product_ids}).items()}  # noqa: C416  # by plain ids


def numbered(written: str, parts: int) -> int:
    """The number of a trip, refused if there is none of it."""
    if not written.isdecimal() or not 1 <= int(written) <= parts:
        raise MissingError(noun=marked("trip"), id=written)
    return int(written)
