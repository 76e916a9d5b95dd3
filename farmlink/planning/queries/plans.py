"""Plans as planners, farmers and consumers see them; the blobs stay in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, Paging, no_such_place, page
from farmlink.network.values import FarmId, HubId
from farmlink.planning.queries.runs import supposed
from farmlink.planning.tables import (
    Allocation,
    EditedPlan,
    Pin,
    Plan,
    PlanRoute,
    PlanRun,
    PlanStop,
    PublishedPlan,
    Shortfall,
    Standby,
    WhatIf,
)
from farmlink.planning.values import (
    AllocatedLot,
    AllocationId,
    AllocationView,
    Broken,
    Edit,
    ExplanationView,
    HeldTo,
    Move,
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
from farmlink.store.pages import fetched
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction, missing
from farmlink.supply import queries as supply
from farmlink.supply.rules import expected_decline_ppm
from farmlink.supply.values import LotId


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


def allocations(
    tx: Transaction, plan_id: PlanId, paging: Paging, hubs: Collection[HubId] | None = None
) -> Page[AllocationView]:
    """Which lot serves which batch, by allocation id; or which of it comes in at these hubs."""
    chosen = select(Allocation).where(Allocation.plan_id == plan_id)
    if hubs is not None:
        chosen = chosen.where(among(col(Allocation.collecting_hub_id), hubs))
    rows = fetched(tx, chosen, col(Allocation.id), paging)
    return page([allocation_view(row) for row in rows], paging, lambda view: view.id)


def all_allocations(tx: Transaction, plan_id: PlanId) -> list[AllocationView]:
    """The whole of a plan's allocations at once, by allocation id: what hubs count by."""
    rows = tx.session.exec(select(Allocation).where(Allocation.plan_id == plan_id).order_by(col(Allocation.id)))
    return [allocation_view(row) for row in rows]


def shortfalls(tx: Transaction, plan_id: PlanId) -> list[ShortfallView]:
    """What a plan leaves unserved, and why."""
    short = select(Shortfall).where(Shortfall.plan_id == plan_id).order_by(col(Shortfall.batch_id))
    return [ShortfallView(row.batch_id, row.quantity, row.reason) for row in tx.session.exec(short)]


def shortfalls_page(tx: Transaction, plan_id: PlanId, paging: Paging) -> Page[ShortfallView]:
    """What a plan leaves unserved, and why, by batch id, a page at a time."""
    short = fetched(tx, select(Shortfall).where(Shortfall.plan_id == plan_id), col(Shortfall.batch_id), paging)
    views = [ShortfallView(row.batch_id, row.quantity, row.reason) for row in short]
    return page(views, paging, lambda view: view.batch_id)


def standby(tx: Transaction, plan_id: PlanId) -> list[StandbyView]:
    """Which lots may yet be asked, and for how much, by lot id."""
    waiting = select(Standby).where(Standby.plan_id == plan_id).order_by(col(Standby.lot_id))
    return [_standby(row) for row in tx.session.exec(waiting)]


def standby_page(tx: Transaction, plan_id: PlanId, paging: Paging) -> Page[StandbyView]:
    """Which lots may yet be asked, and for how much, by lot id, a page at a time."""
    waiting = fetched(tx, select(Standby).where(Standby.plan_id == plan_id), col(Standby.lot_id), paging)
    return page([_standby(row) for row in waiting], paging, lambda view: view.lot_id)


def standby_lot(tx: Transaction, standby_id: StandbyId) -> StandbyView:
    """One lot of a standby list."""
    return _standby(tx.get(Standby, standby_id))


def routes(tx: Transaction, plan_id: PlanId) -> list[RouteView]:
    """Every trip with its visits in order."""
    return _with_stops(tx, tx.session.exec(_trips(plan_id)).all())


def routes_page(tx: Transaction, plan_id: PlanId, paging: Paging) -> Page[RouteView]:
    """Trips with their visits in order, a page at a time; the cursor is the id of the last trip."""
    trips = _trips(plan_id)
    if paging.after is not None:
        last = tx.session.exec(trips.where(PlanRoute.id == paging.after)).first()
        if last is None:
            raise no_such_place()
        trips = trips.where(col(PlanRoute.number) > last.number)
    shown = page(tx.session.exec(trips.limit(paging.limit + 1)).all(), paging, lambda row: row.id)
    return Page(_with_stops(tx, shown.items), shown.next)


def _trips(plan_id: PlanId) -> SelectOfScalar[PlanRoute]:
    return select(PlanRoute).where(PlanRoute.plan_id == plan_id).order_by(col(PlanRoute.number))


def _with_stops(tx: Transaction, trips: Sequence[PlanRoute]) -> list[RouteView]:
    visits: dict[UUID, list[StopView]] = {trip.id: [] for trip in trips}
    stops = select(PlanStop).where(among(col(PlanStop.route_id), visits))
    for stop in tx.session.exec(stops.order_by(col(PlanStop.route_id), col(PlanStop.position))):
        seen = StopView(stop.position, stop.place_id, stop.arrive_at, stop.start_at, stop.leave_at, stop.weight_g)
        visits[stop.route_id].append(seen)
    return [
        RouteView(row.number, row.phase, row.vehicle_id, row.depart_at, row.return_at, row.distance_m, visits[row.id])
        for row in trips
    ]


def pins(tx: Transaction, cycle_id: CycleId) -> list[PinChange]:
    """What farms promised or refused in a cycle, by lot id."""
    held = select(Pin).where(Pin.cycle_id == cycle_id).order_by(col(Pin.lot_id))
    return [PinChange(LotId(pin.lot_id), pin.at_least, pin.at_most) for pin in tx.session.exec(held)]


def expected_declines_ppm(tx: Transaction) -> dict[FarmId, int]:
    """How likely each farm with a record declines."""
    return {farm_id: expected_decline_ppm(*record) for farm_id, record in supply.records(tx).items()}


def blobs(tx: Transaction, plan_id: PlanId) -> tuple[bytes, bytes]:
    """A plan's whole problem and solution in the solver's own format: what makes it reproducible."""
    plan = tx.get(Plan, plan_id)
    return plan.problem, plan.solution


def explaining(tx: Transaction, plan_id: PlanId) -> tuple[bytes, list[ExplanationView]]:
    """A plan's solution in the solver's own format, which explains itself, and what its problem had to leave out."""
    found = tx.session.exec(select(Plan.solution, Plan.left_out).where(Plan.id == plan_id)).one_or_none()
    if found is None:
        raise missing(Plan, plan_id)
    solution, left_out = found
    return solution, msgspec.convert(left_out, list[ExplanationView])


def allocation_view(row: Allocation) -> AllocationView:
    """An allocation's row as a value."""
    return AllocationView(
        id=AllocationId(row.id),
        lot_id=LotId(row.lot_id),
        batch_id=row.batch_id,
        quantity=row.quantity,
        collecting_hub_id=HubId(row.collecting_hub_id),
        delivering_hub_id=HubId(row.delivering_hub_id),
    )


def _edit(row: EditedPlan | None) -> Edit | None:
    if row is None:
        return None
    return Edit(PlanId(row.base_id), msgspec.convert(row.moves, list[Move]), msgspec.convert(row.broken, list[Broken]))


def _standby(row: Standby) -> StandbyView:
    return StandbyView(StandbyId(row.id), PlanId(row.plan_id), LotId(row.lot_id), row.quantity)


def _views(tx: Transaction, condition: Any) -> list[PlanView]:
    wanted = (
        select(Plan, PublishedPlan.plan_id, EditedPlan, WhatIf)
        .join(PlanRun, col(PlanRun.id) == Plan.run_id)
        .outerjoin(PublishedPlan, col(PublishedPlan.plan_id) == Plan.id)
        .outerjoin(EditedPlan, col(EditedPlan.plan_id) == Plan.id)
        .outerjoin(WhatIf, col(WhatIf.id) == PlanRun.what_if_id)
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
            edit=_edit(edited),
            what_if=supposed(asked),
            held=msgspec.convert(plan.held, list[HeldTo]),
        )
        for plan, pointer, edited, asked in tx.session.exec(wanted)
    ]
