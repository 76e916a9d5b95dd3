"""How far pick-up points are, as the crow flies: from home, else from the point that was chosen before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from farmlink.kernel.errors import MissingError
from farmlink.kernel.geo import haversine_m
from farmlink.network import queries as network
from farmlink.network.values import HomeCard, PointCard
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction


def home_of(tx: Transaction, reader: PersonId | None) -> HomeCard | None:
    """Where somebody lives, if they said so."""
    try:
        return None if reader is None else network.home_of(tx, reader)
    except MissingError:
        return None


def distances_m(
    tx: Transaction, points: Iterable[PointCard], reader: PersonId | None, chosen: PointCard | None
) -> Mapping[UUID, int]:
    """Metres to each of these points; nothing where nobody knows from where."""
    start = home_of(tx, reader) or chosen
    if start is None:
        return {}
    return {one.id: haversine_m(start.coordinates, one.coordinates) for one in points if one.id != start.id}
