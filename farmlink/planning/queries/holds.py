"""What planners hold to in a cycle."""

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.network.values import VehicleId
from farmlink.planning.tables import Hold, Plan
from farmlink.planning.values import HoldId, HoldKind, HoldView, PlanId
from farmlink.store.transaction import Transaction, missing


def holds(tx: Transaction, cycle_id: CycleId) -> list[HoldView]:
    """What planners hold to, what was held to first going first."""
    held = (
        select(Hold, Plan.version)
        .join(Plan, col(Plan.id) == Hold.plan_id)
        .where(Hold.cycle_id == cycle_id)
        .order_by(col(Hold.held_at), col(Hold.id))
    )
    return [_view(row, version) for row, version in tx.session.exec(held)]


def get_hold(tx: Transaction, hold_id: HoldId) -> HoldView:
    """One of them."""
    for row, version in tx.session.exec(
        select(Hold, Plan.version).join(Plan, col(Plan.id) == Hold.plan_id).where(Hold.id == hold_id)
    ):
        return _view(row, version)
    raise missing(Hold, hold_id)


def _view(row: Hold, version: int) -> HoldView:
    return HoldView(
        id=HoldId(row.id),
        cycle_id=CycleId(row.cycle_id),
        plan_id=PlanId(row.plan_id),
        version=version,
        kind=HoldKind(row.kind),
        phase=row.phase,
        place_id=row.place_id,
        vehicle_id=None if row.vehicle_id is None else VehicleId(row.vehicle_id),
        held_at=row.held_at,
    )
