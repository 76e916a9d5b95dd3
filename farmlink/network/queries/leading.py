"""The pick-up points that organisations keep, and whose they are: another's do not exist for a leader."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from farmlink.kernel.errors import MissingError
from farmlink.network.queries.cards import point_card
from farmlink.network.queries.places import points_by_id
from farmlink.network.queries.rows import rows_of
from farmlink.network.tables import Point
from farmlink.network.values import PointCard, PointId
from farmlink.people.values import OrganisationId, Principal, Role
from farmlink.store.transaction import Transaction


def led(tx: Transaction, principal: Principal, point_id: UUID) -> PointCard:
    """A point that somebody leads; another's does not exist."""
    found = points_by_id(tx, [PointId(point_id)]).get(PointId(point_id))
    if found is None or found.organisation_id not in principal.organisations(Role.LEADER):
        raise MissingError(noun="point", id=point_id)
    return found


def points_owned_by(tx: Transaction, organisation_ids: Collection[OrganisationId]) -> list[PointCard]:
    """Points of these organisations, whether approved or not."""
    return [point_card(row) for row in rows_of(tx, Point, organisation_id=list(organisation_ids))]
