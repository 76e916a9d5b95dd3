"""What the plans that hold bring into some hubs, many cycles at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.network.values import HubId, VehicleId
from farmlink.planning.tables import Allocation, PlanRoute, PublishedPlan
from farmlink.planning.values import AllocationId, PlanId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotId

Lots = dict[tuple[HubId, LotId], list[AllocationId]]


def published_plans(tx: Transaction, cycle_ids: Iterable[CycleId]) -> dict[CycleId, PlanId]:
    """The versions that hold, of those cycles that have one."""
    chosen = select(PublishedPlan.cycle_id, PublishedPlan.plan_id).where(among(col(PublishedPlan.cycle_id), cycle_ids))
    return {CycleId(cycle_id): PlanId(plan_id) for cycle_id, plan_id in tx.session.exec(chosen)}


def lots_into(tx: Transaction, plan_ids: Iterable[PlanId], hub_ids: Collection[HubId]) -> dict[PlanId, Lots]:
    """The lots that come in at these hubs by plan, each with its allocations."""
    chosen = select(Allocation.plan_id, Allocation.collecting_hub_id, Allocation.lot_id, Allocation.id).where(
        among(col(Allocation.plan_id), plan_ids), among(col(Allocation.collecting_hub_id), hub_ids)
    )
    found: dict[PlanId, Lots] = defaultdict(lambda: defaultdict(list))
    for plan_id, hub_id, lot_id, allocation_id in tx.session.exec(chosen):
        found[PlanId(plan_id)][HubId(hub_id), LotId(lot_id)].append(AllocationId(allocation_id))
    return found


def fetched_by(
    tx: Transaction, plan_ids: Iterable[PlanId], vehicle_ids: Iterable[VehicleId]
) -> dict[PlanId, list[datetime]]:
    """When these vehicles are back from the farms, trip by trip, the first first."""
    chosen = select(PlanRoute.plan_id, PlanRoute.return_at).where(
        among(col(PlanRoute.plan_id), plan_ids),
        among(col(PlanRoute.vehicle_id), vehicle_ids),
        PlanRoute.phase == "collection",
    )
    found: dict[PlanId, list[datetime]] = defaultdict(list)
    for plan_id, return_at in tx.session.exec(chosen.order_by(col(PlanRoute.return_at))):
        found[PlanId(plan_id)].append(return_at)
    return found
