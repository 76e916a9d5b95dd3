"""What planners hold to for every plan that comes: farms as a version has them, and the trucks that serve places."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.network.values import FarmId
from farmlink.planning import queries, rules
from farmlink.planning.tables import Hold
from farmlink.planning.values import HoldId, HoldKind, PlanId
from farmlink.store import locks
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply

COLLECTION = "collection"


def hold_farm(tx: Transaction, plan_id: PlanId, farm_id: FarmId) -> HoldId:
    """Let a farm's lots send what they send in this version; held before, it is this version's from now on."""
    taken = queries.allocated_lots(tx, plan_id)
    lots = supply.lots_by_id(tx, [one.lot_id for one in taken])
    if farm_id not in {lot.farm_id for lot in lots.values()}:
        raise rules.NothingToHoldError(field="farm")
    return _hold(tx, plan_id, HoldKind.FARM, COLLECTION, farm_id, None)


def hold_stop(tx: Transaction, plan_id: PlanId, phase: str, place_id: UUID) -> HoldId:
    """Let a place keep the truck that serves it in this version, whenever a truck comes in that phase."""
    truck = rules.one_truck(queries.routes(tx, plan_id), phase, place_id)
    if truck is None or phase not in rules.HELD_PHASES:
        raise rules.NothingToHoldError(field="place")
    return _hold(tx, plan_id, HoldKind.STOP, phase, place_id, truck)


def hold_route(tx: Transaction, plan_id: PlanId, number: int) -> list[HoldId]:
    """Let every place of a trip keep its truck; a place at which other trucks call too is left out."""
    routes = queries.routes(tx, plan_id)
    route = next((one for one in routes if one.number == number and one.phase in rules.HELD_PHASES), None)
    if route is None:
        raise rules.NothingToHoldError(field="trip")
    places = dict.fromkeys(stop.place_id for stop in route.stops)
    alone = [place for place in places if rules.one_truck(routes, route.phase, place)]
    if not alone:
        raise rules.NothingToHoldError(field="trip")
    return [_hold(tx, plan_id, HoldKind.STOP, route.phase, place, route.vehicle_id) for place in alone]


def release(tx: Transaction, hold_ids: Iterable[HoldId]) -> None:
    """Hold to something no longer; twice changes nothing."""
    for hold_id in sorted(hold_ids):
        held = tx.find(Hold, hold_id)
        if held is None:
            continue
        locks.exclude(tx, held.cycle_id)
        tx.session.delete(held)
        tx.record("planning.release", hold_id, cycle_id=held.cycle_id, place_id=held.place_id)
    tx.session.flush()


def _hold(
    tx: Transaction, plan_id: PlanId, kind: HoldKind, phase: str, place_id: UUID, vehicle_id: UUID | None
) -> HoldId:
    cycle_id = CycleId(queries.get_plan(tx, plan_id).cycle_id)
    locks.exclude(tx, cycle_id)
    rules.require_plannable(cycles.cycle(tx, cycle_id).stage)
    same = select(Hold).where(
        Hold.cycle_id == cycle_id, Hold.kind == kind, Hold.phase == phase, Hold.place_id == place_id
    )
    held = tx.session.exec(same).one_or_none() or Hold(
        cycle_id=cycle_id, plan_id=plan_id, kind=kind, phase=phase, place_id=place_id, held_at=tx.now
    )
    held.plan_id, held.vehicle_id, held.held_at = plan_id, vehicle_id, tx.now
    tx.add(held)
    tx.record("planning.hold", held.id, cycle_id=cycle_id, plan_id=plan_id, place_id=place_id)
    return HoldId(held.id)
