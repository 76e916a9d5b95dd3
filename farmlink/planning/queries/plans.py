"""Plans as planners, farmers and consumers see them; the blobs stay in the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, Paging, page
from farmlink.network.values import FarmId
from farmlink.planning import rules
from farmlink.planning.tables import (
    Allocation,
    FarmRecord,
    Pin,
    Plan,
    PlanRoute,
    PlanStop,
    PublishedPlan,
    Shortfall,
    Standby,
)
from farmlink.planning.values import (
    AllocatedLot,
    AllocationId,
    AllocationView,
    DuePlan,
    PinChange,
    PlanId,
    PlanView,
    RouteView,
    RunId,
    ShortfallView,
    StandbyId,
    StandbyView,
    StopView,
)
from farmlink.store.transaction import Transaction, missing
from farmlink.supply.values import LotId

DUE = """
SELECT w.cycle_id, w.run_id, w.cause, w.seed, w.publish, (
  SELECT p.id FROM plan p JOIN plan_run r ON r.id = p.run_id
  WHERE w.publish AND r.publish AND p.cycle_id = w.cycle_id AND r.started_at >= w.wished_at
  ORDER BY p.version DESC LIMIT 1
) AS ready FROM plan_wish w
WHERE NOT EXISTS (
  SELECT FROM plan_run r
  WHERE r.cycle_id = w.cycle_id AND r.publish = w.publish AND r.state = 'failed' AND r.ended_at > :since
    AND r.started_at >= w.wished_at
) ORDER BY w.wished_at, w.cycle_id, w.publish
"""


def get_plan(tx: Transaction, plan_id: PlanId) -> PlanView:
    """One version of a plan."""
    for view in _views(tx, col(Plan.id) == plan_id):
        return view
    raise missing(Plan, plan_id)


def plans(tx: Transaction, cycle_id: CycleId) -> list[PlanView]:
    """All versions of a cycle's plan, the newest first."""
    return _views(tx, col(Plan.cycle_id) == cycle_id)


def published_plan(tx: Transaction, cycle_id: CycleId) -> PlanId | None:
    """The version that holds, if one is published."""
    pointer = tx.find(PublishedPlan, cycle_id)
    return None if pointer is None else PlanId(pointer.plan_id)


def allocated_lots(tx: Transaction, plan_id: PlanId) -> list[AllocatedLot]:
    """What a plan takes of each lot in all, by lot id."""
    taken = (
        select(Allocation.lot_id, func.sum(Allocation.quantity))
        .where(Allocation.plan_id == plan_id)
        .group_by(col(Allocation.lot_id))
        .order_by(col(Allocation.lot_id))
    )
    return [AllocatedLot(LotId(lot), int(quantity)) for lot, quantity in tx.session.exec(taken)]


def allocations(tx: Transaction, plan_id: PlanId, paging: Paging) -> Page[AllocationView]:
    """Which lot serves which batch, by allocation id."""
    wanted = select(Allocation).where(Allocation.plan_id == plan_id).order_by(col(Allocation.id))
    if paging.after is not None:
        wanted = wanted.where(col(Allocation.id) > paging.after)
    rows = tx.session.exec(wanted.limit(paging.limit + 1))
    return page([_allocation(row) for row in rows], paging, lambda view: view.id)


def all_allocations(tx: Transaction, plan_id: PlanId) -> list[AllocationView]:
    """The whole of a plan's allocations at once, by allocation id: what hubs count by."""
    rows = tx.session.exec(select(Allocation).where(Allocation.plan_id == plan_id).order_by(col(Allocation.id)))
    return [_allocation(row) for row in rows]


def shortfalls(tx: Transaction, plan_id: PlanId) -> list[ShortfallView]:
    """What a plan leaves unserved, and why."""
    short = select(Shortfall).where(Shortfall.plan_id == plan_id).order_by(col(Shortfall.batch_id))
    return [ShortfallView(row.batch_id, row.quantity, row.reason) for row in tx.session.exec(short)]


def standby(tx: Transaction, plan_id: PlanId) -> list[StandbyView]:
    """Which lots may yet be asked, and for how much, by lot id."""
    waiting = select(Standby).where(Standby.plan_id == plan_id).order_by(col(Standby.lot_id))
    return [_standby(row) for row in tx.session.exec(waiting)]


def standby_lot(tx: Transaction, standby_id: StandbyId) -> StandbyView:
    """One lot of a standby list."""
    return _standby(tx.get(Standby, standby_id))


def routes(tx: Transaction, plan_id: PlanId) -> list[RouteView]:
    """Every trip with its visits in order."""
    visits: dict[UUID, list[StopView]] = {}
    with_stops = (
        select(PlanStop)
        .join(PlanRoute, col(PlanRoute.id) == PlanStop.route_id)
        .where(PlanRoute.plan_id == plan_id)
        .order_by(col(PlanStop.route_id), col(PlanStop.position))
    )
    for stop in tx.session.exec(with_stops):
        seen = StopView(stop.position, stop.place_id, stop.arrive_at, stop.start_at, stop.leave_at, stop.weight_g)
        visits.setdefault(stop.route_id, []).append(seen)
    trips = select(PlanRoute).where(PlanRoute.plan_id == plan_id).order_by(col(PlanRoute.number))
    return [
        RouteView(
            row.number, row.phase, row.vehicle_id, row.depart_at, row.return_at, row.distance_m, visits.get(row.id, [])
        )
        for row in tx.session.exec(trips)
    ]


def pins(tx: Transaction, cycle_id: CycleId) -> list[PinChange]:
    """What farms promised or refused in a cycle, by lot id."""
    held = select(Pin).where(Pin.cycle_id == cycle_id).order_by(col(Pin.lot_id))
    return [PinChange(LotId(pin.lot_id), pin.at_least, pin.at_most) for pin in tx.session.exec(held)]


def due_to_plan(tx: Transaction) -> list[DuePlan]:
    """Cycles that wait for a plan and can have one, the longest waiting first; none that failed just now."""
    waiting = tx.execute(DUE, {"since": tx.now - rules.PAUSE_AFTER_FAILURE})
    found = [(row, cycles.cycle(tx, row.cycle_id)) for row in waiting]
    return [
        DuePlan(cycle.id, cycle.region_id, RunId(row.run_id), row.cause, row.seed, row.publish, row.ready)
        for row, cycle in found
        if cycle.stage in rules.PLANNABLE
    ]


def expected_declines_ppm(tx: Transaction) -> dict[FarmId, int]:
    """How likely each farm with a record declines."""
    records = tx.session.exec(select(FarmRecord))
    return {FarmId(row.farm_id): rules.expected_decline_ppm(row.asked, row.kept) for row in records}


def blobs(tx: Transaction, plan_id: PlanId) -> tuple[bytes, bytes]:
    """A plan's whole problem and solution in the solver's own format: what makes it reproducible."""
    plan = tx.get(Plan, plan_id)
    return plan.problem, plan.solution


def explaining(tx: Transaction, plan_id: PlanId) -> bytes:
    """A plan's solution alone, in the solver's own format: what it says of itself is in there."""
    found = tx.session.exec(select(Plan.solution).where(Plan.id == plan_id)).one_or_none()
    if found is None:
        raise missing(Plan, plan_id)
    return found


def _allocation(row: Allocation) -> AllocationView:
    return AllocationView(AllocationId(row.id), LotId(row.lot_id), row.batch_id, row.quantity)


def _standby(row: Standby) -> StandbyView:
    return StandbyView(StandbyId(row.id), PlanId(row.plan_id), LotId(row.lot_id), row.quantity)


def _views(tx: Transaction, condition: Any) -> list[PlanView]:
    wanted = (
        select(Plan, PublishedPlan.plan_id)
        .outerjoin(PublishedPlan, col(PublishedPlan.plan_id) == Plan.id)
        .where(condition)
        .order_by(col(Plan.version).desc())
        .options(defer(Plan.problem), defer(Plan.solution))  # type: ignore[arg-type]  # SQLModel types columns as values
    )
    return [
        PlanView(
            id=PlanId(plan.id),
            cycle_id=CycleId(plan.cycle_id),
            run_id=RunId(plan.run_id),
            version=plan.version,
            seed=plan.seed,
            stopped_by=plan.stopped_by,
            degraded=plan.degraded,
            inputs_hash=plan.inputs_hash,
            versions=plan.versions,
            figures=plan.figures,
            made_at=plan.made_at,
            published=pointer is not None,
        )
        for plan, pointer in tx.session.exec(wanted)
    ]
