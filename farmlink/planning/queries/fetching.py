"""When the trucks of a plan come to a farm's gate."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from farmlink.network.values import FarmId
from farmlink.planning.tables import PlanRoute, PlanStop
from farmlink.planning.values import PlanId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def fetched_at(tx: Transaction, plan_id: PlanId, farm_ids: Collection[FarmId]) -> dict[FarmId, datetime]:
    """When the first truck of a plan is at each of these farms; one that none visits is left out."""
    stops = (
        select(PlanStop.place_id, PlanStop.arrive_at)
        .join(PlanRoute, col(PlanRoute.id) == PlanStop.route_id)
        .where(PlanRoute.plan_id == plan_id, PlanRoute.phase == "collection", among(col(PlanStop.place_id), farm_ids))
        .order_by(col(PlanStop.arrive_at).desc())
    )
    return {FarmId(place_id): arrive_at for place_id, arrive_at in tx.session.exec(stops)}
