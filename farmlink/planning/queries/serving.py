"""Which lots a plan has serve some batches, and when its trucks come to a place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from farmlink.planning.queries.plans import allocation_view
from farmlink.planning.tables import Allocation, PlanRoute, PlanStop
from farmlink.planning.values import AllocationView, PlanId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotId


def serving(tx: Transaction, plan_id: PlanId, batch_ids: Iterable[UUID]) -> list[AllocationView]:
    """Which lots serve these batches, by allocation id."""
    chosen = select(Allocation).where(Allocation.plan_id == plan_id, among(col(Allocation.batch_id), batch_ids))
    return [allocation_view(row) for row in tx.session.exec(chosen.order_by(col(Allocation.id)))]


def arrives_at(tx: Transaction, plan_id: PlanId, place_id: UUID) -> datetime | None:
    """When the last truck of a plan that delivers to a place comes there; none if a parcel does."""
    stops = (
        select(func.max(PlanStop.arrive_at))
        .join(PlanRoute, col(PlanRoute.id) == PlanStop.route_id)
        .where(PlanRoute.plan_id == plan_id, PlanRoute.phase == "delivery", PlanStop.place_id == place_id)
    )
    return tx.session.exec(stops).one()


def is_sent(tx: Transaction, lot_id: LotId) -> bool:
    """Tell whether any plan ever sent something of a lot."""
    sent = select(Allocation.id).where(Allocation.lot_id == lot_id)
    return tx.session.exec(sent.limit(1)).first() is not None
