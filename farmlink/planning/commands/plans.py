"""Storing a plan, and moving the one pointer that says which version holds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, insert
from sqlmodel import SQLModel, col, select

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, Stage
from farmlink.kernel.ids import uuid7
from farmlink.planning import queries, rules
from farmlink.planning.commands.runs import end_run, grant
from farmlink.planning.tables import (
    Allocation,
    EditedPlan,
    Plan,
    PlanFarm,
    PlanHub,
    PlanRoute,
    PlanRun,
    PlanStop,
    PublishedPlan,
    Shortfall,
    Standby,
)
from farmlink.planning.values import MadePlan, PlanId, PlanMade, RunId
from farmlink.store import locks
from farmlink.store.transaction import Transaction


def store_plan(tx: Transaction, run_id: RunId, made: MadePlan) -> PlanId:
    """Keep what a run made as the cycle's next version; the version before holds until this one is published."""
    cycle_id = CycleId(tx.get(PlanRun, run_id).cycle_id)
    locks.exclude(tx, cycle_id)
    stage = cycle_queries.cycle(tx, cycle_id).stage
    run = end_run(tx, run_id)
    rules.require_plannable(stage)
    plan_id = write_plan(tx, cycle_id, run_id, made)
    if not run.publish and run.what_if_id is None:
        grant(tx, cycle_id, run.started_at, publish=False)
    if stage is Stage.CLOSED and run.what_if_id is None:
        cycles.move(tx, cycle_id, Stage.PLANNED)
    return plan_id


def write_plan(tx: Transaction, cycle_id: CycleId, run_id: RunId, made: MadePlan) -> PlanId:
    """Write the next version of a cycle's plan, its rows and that it is there; the caller holds the cycle's lock."""
    newest = tx.session.exec(select(func.max(Plan.version)).where(Plan.cycle_id == cycle_id)).one()
    plan = tx.add(
        Plan(
            cycle_id=cycle_id,
            run_id=run_id,
            version=rules.next_version(newest),
            seed=made.seed,
            stopped_by=made.stopped_by,
            degraded=made.degraded,
            inputs_hash=made.inputs_hash,
            versions=made.versions,
            figures=made.figures,
            left_out=msgspec.to_builtins(made.left_out),
            landed_minor=made.landed_minor,
            ordered=made.ordered,
            planned=made.planned,
            problem=made.problem,
            solution=made.solution,
            made_at=tx.now,
            held=msgspec.to_builtins(made.held),
        )
    )
    _write_rows(tx, PlanId(plan.id), made)
    tx.announce(PlanMade(cycle_id, PlanId(plan.id), plan.version, made.degraded))
    tx.record("planning.store", plan.id, cycle_id=cycle_id, version=plan.version, stopped_by=made.stopped_by)
    return PlanId(plan.id)


def point_to(tx: Transaction, plan_id: PlanId) -> CycleId:
    """Make this version the one that holds, if it keeps every promise made by now; twice changes nothing."""
    plan = tx.get(Plan, plan_id)
    cycle_id = CycleId(plan.cycle_id)
    locks.exclude(tx, cycle_id)
    rules.require_may_hold(queries.get_plan(tx, plan_id))
    taken = {lot.lot_id: lot.quantity for lot in queries.allocated_lots(tx, plan_id)}
    if broken := rules.broken_pins(queries.pins(tx, cycle_id), taken):
        raise rules.PlanOutdatedError(lots=[str(lot_id) for lot_id in broken[:10]])
    cycle = cycle_queries.cycle(tx, cycle_id)
    locks.exclude(tx, cycle.region_id)  # two cycles' plans made at once are published one after the other
    rules.require_room(queries.crowd(tx, plan_id, cycle))
    grant(tx, cycle_id, read_at(tx, plan_id), publish=True)
    pointer = tx.find(PublishedPlan, cycle_id)
    if pointer is None:
        tx.add(PublishedPlan(cycle_id=cycle_id, plan_id=plan_id, published_at=tx.now))
        return cycle_id
    published = tx.get(Plan, pointer.plan_id).version
    if published > plan.version:
        raise rules.PlanSupersededError(published=published, version=plan.version)
    if pointer.plan_id != plan_id:
        pointer.plan_id, pointer.published_at = plan_id, tx.now
        tx.session.add(pointer)
    return cycle_id


def read_at(tx: Transaction, plan_id: PlanId) -> datetime:
    """When the inputs of a version were read; one changed by hand has those of the version under it."""
    edited = tx.find(EditedPlan, plan_id)
    if edited is not None:
        return edited.read_at
    begun = select(PlanRun.started_at).join(Plan, col(Plan.run_id) == PlanRun.id).where(Plan.id == plan_id)
    return tx.session.exec(begun).one()


def _write_rows(tx: Transaction, plan_id: PlanId, made: MadePlan) -> None:
    allocations = [{"id": uuid7(), "plan_id": plan_id, **asdict(sending)} for sending in made.allocations]
    shortfalls = [
        {"plan_id": plan_id, "batch_id": short.batch_id, "quantity": short.quantity, "reason": short.reason}
        for short in made.shortfalls
    ]
    standby = [
        {"id": uuid7(), "plan_id": plan_id, "lot_id": lot, "quantity": quantity} for lot, quantity in made.standby
    ]
    routes: list[dict[str, Any]] = []
    stops: list[dict[str, Any]] = []
    for route in made.routes:
        route_id = uuid7()
        routes.append(
            {
                "id": route_id,
                "plan_id": plan_id,
                "number": route.number,
                "phase": route.phase,
                "vehicle_id": route.vehicle_id,
                "depart_at": route.depart_at,
                "return_at": route.return_at,
                "distance_m": route.distance_m,
            }
        )
        stops += [{"route_id": route_id, **_columns(stop)} for stop in route.stops]
    _insert(tx, Allocation, allocations)
    _insert(tx, Shortfall, shortfalls)
    _insert(tx, Standby, standby)
    _insert(tx, PlanRoute, routes)
    _insert(tx, PlanStop, stops)
    _insert(tx, PlanHub, [{"plan_id": plan_id, "hub_id": hub, "intake_g": intake} for hub, intake in made.intake_g])
    _insert(tx, PlanFarm, [{"plan_id": plan_id, **asdict(share)} for share in made.shares])


def _columns(stop: object) -> dict[str, Any]:
    return {
        name: getattr(stop, name) for name in ("position", "place_id", "arrive_at", "start_at", "leave_at", "weight_g")
    }


def _insert(tx: Transaction, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.session.connection().execute(insert(table), rows)
