"""The pick-up points that organisations keep."""

from __future__ import annotations

from collections.abc import Collection

from farmlink.network.queries.cards import point_card
from farmlink.network.queries.rows import rows_of
from farmlink.network.tables import Point
from farmlink.network.values import PointCard
from farmlink.people.values import OrganisationId
from farmlink.store.transaction import Transaction


def points_owned_by(tx: Transaction, organisation_ids: Collection[OrganisationId]) -> list[PointCard]:
    """Points of these organisations, whether approved or not."""
    return [point_card(row) for row in rows_of(tx, Point, organisation_id=list(organisation_ids))]
