"""Who of a plan comes to which place: the trucks that stop there, and the hubs through which its goods go."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlmodel import col, select

from farmlink.network.values import HubId, VehicleId
from farmlink.planning.tables import Allocation, PlanHub, PlanRoute, PlanStop
from farmlink.planning.values import PlanId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def delivered_by(tx: Transaction, plan_id: PlanId, place_ids: Iterable[UUID]) -> dict[UUID, set[VehicleId]]:
    """The vehicles that a plan sends to these places; one at which none stops is left out."""
    stops = (
        select(PlanStop.place_id, PlanRoute.vehicle_id)
        .join(PlanRoute, col(PlanRoute.id) == PlanStop.route_id)
        .where(PlanRoute.plan_id == plan_id, PlanRoute.phase == "delivery", among(col(PlanStop.place_id), place_ids))
    )
    found: dict[UUID, set[VehicleId]] = {}
    for place_id, vehicle_id in tx.session.exec(stops):
        found.setdefault(place_id, set()).add(VehicleId(vehicle_id))
    return found


def leaving(tx: Transaction, plan_id: PlanId, batch_ids: Iterable[UUID], hubs: Collection[HubId]) -> frozenset[UUID]:
    """Of these batches those for which something goes out of one of these hubs."""
    chosen = select(Allocation.batch_id).where(
        Allocation.plan_id == plan_id,
        among(col(Allocation.batch_id), batch_ids),
        among(col(Allocation.delivering_hub_id), hubs),
    )
    return frozenset(tx.session.exec(chosen))


def passed_hubs(tx: Transaction, plan_id: PlanId) -> frozenset[HubId]:
    """The hubs through which a plan brings anything."""
    return frozenset(map(HubId, tx.session.exec(select(PlanHub.hub_id).where(PlanHub.plan_id == plan_id))))
