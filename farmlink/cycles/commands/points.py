"""Where a cycle hands out: its points and what they have space for, which follows what their leaders say."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import col, select

from farmlink.cycles.tables import CyclePlace, OrderCycle
from farmlink.cycles.values import CycleId, Stage
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import Approval, PointChanged, PointId, RegionId
from farmlink.store.transaction import Transaction

SELLING = (Stage.DRAFT.value, Stage.OPEN.value)


def serve(tx: Transaction, cycle: OrderCycle, chosen: Collection[PointId] | None) -> None:
    """Name the places of a cycle; only approved points of its own region exist for it."""
    points = network.points_of(tx, RegionId(cycle.region_id))
    approved = {point.id: point for point in points if point.state is Approval.APPROVED}
    served = approved.keys() if chosen is None else set(chosen)
    for strange in sorted(served - approved.keys()):
        raise MissingError(noun="point", id=strange)
    tx.session.add_all(
        CyclePlace(
            cycle_id=cycle.id,
            place_id=point_id,
            point_id=point_id,
            closed=cycle.hand_out_on.isoformat() in approved[point_id].closed_days,
            capacity_orders=approved[point_id].capacity_orders,
            capacity_g=approved[point_id].capacity_g,
        )
        for point_id in sorted(served)
    )
    tx.session.flush()


def refresh_points(tx: Transaction, cycle_id: CycleId) -> None:
    """Take what the points of a cycle say now about their space and their closed days."""
    _refresh(tx, cycle_id=cycle_id)


def follow_changed_point(tx: Transaction, event: PointChanged) -> None:
    """Take over what a point says now, in every cycle that sells; orders that stand there stand."""
    _refresh(tx, point_id=event.point_id)


def _refresh(tx: Transaction, *, cycle_id: CycleId | None = None, point_id: PointId | None = None) -> None:
    chosen = select(CyclePlace, col(OrderCycle.hand_out_on)).join(OrderCycle)
    chosen = chosen.where(col(OrderCycle.stage).in_(SELLING), col(CyclePlace.point_id).is_not(None))
    if cycle_id is not None:
        chosen = chosen.where(CyclePlace.cycle_id == cycle_id)
    if point_id is not None:
        chosen = chosen.where(CyclePlace.point_id == point_id)
    # Locked in the order in which orders lock them.
    sorted_rows = chosen.order_by(col(CyclePlace.cycle_id), col(CyclePlace.place_id))
    rows = tx.session.exec(
        sorted_rows.with_for_update(key_share=True, of=CyclePlace).execution_options(populate_existing=True)
    ).all()
    points = network.points_by_id(tx, {PointId(row.place_id) for row, _ in rows})
    for row, hand_out_on in rows:
        point = points[PointId(row.place_id)]
        row.closed = point.state is not Approval.APPROVED or hand_out_on.isoformat() in point.closed_days
        row.capacity_orders = max(point.capacity_orders, row.orders)
        row.capacity_g = max(point.capacity_g, row.weight_g)
    tx.session.flush()
