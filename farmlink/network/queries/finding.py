"""Finding a pick-up point by what people call it, or by its town."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import col, or_, select

from farmlink.network.queries.cards import point_card
from farmlink.network.tables import Point
from farmlink.network.values import Approval, PointCard, PointId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction

PARTS = ("town", "district", "street", "postcode")
"""Of an address, what somebody may type."""


def find_points(
    tx: Transaction, asked: str, most: int, among_points: Collection[PointId] | None = None
) -> list[PointCard]:
    """At most so many approved points whose name or address holds every word that was asked for, by town and name."""
    chosen = select(Point).where(Point.state == Approval.APPROVED)
    if among_points is not None:
        chosen = chosen.where(among(col(Point.id), among_points))
    address = col(Point.address)
    for word in asked.split():
        held = [address[part].as_string().icontains(word, autoescape=True) for part in PARTS]
        chosen = chosen.where(or_(col(Point.name).icontains(word, autoescape=True), *held))
    rows = tx.session.exec(chosen.order_by(address["town"].as_string(), col(Point.name), col(Point.id)).limit(most))
    return [point_card(row) for row in rows]
