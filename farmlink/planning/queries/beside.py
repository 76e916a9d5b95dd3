"""What other cycles' plans hold while a cycle moves its goods: trucks on the road, room at hubs, a lot's daily work."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.kernel.clock import start_of_day
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.planning import rules
from farmlink.planning.queries.plans import allocated_lots, pins, published_plan
from farmlink.planning.values import Crowd, Held, PlanId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId
from solver.check.terms import MOST_S

DAY = timedelta(days=1)
ON_THE_ROAD = """
SELECT DISTINCT vehicle_id FROM plan_route
WHERE plan_id = ANY(CAST(:plans AS uuid[])) AND depart_at < :until AND return_at > :since
"""
INTAKE = """
SELECT hub_id, sum(intake_g)::bigint AS intake_g FROM plan_hub
WHERE plan_id = ANY(CAST(:plans AS uuid[])) GROUP BY hub_id
"""
PICKED = """
SELECT lot_id, sum(quantity)::bigint AS quantity FROM allocation
WHERE plan_id = ANY(CAST(:plans AS uuid[])) GROUP BY lot_id
"""
OWN_ROUTES = """
SELECT coalesce(min(depart_at), :since) AS since, coalesce(max(return_at), :until) AS until,
  coalesce(array_agg(DISTINCT vehicle_id) FILTER (WHERE vehicle_id IS NOT NULL), '{}') AS vehicles
FROM plan_route WHERE plan_id = :plan
"""


def held_beside(tx: Transaction, cycle: Cycle) -> Held:
    """What is not there for a cycle's next plan, because the plans that hold of other cycles count on it."""
    since, until = _span(tx, cycle)
    return _held(tx, cycle, since, until)


def crowd(tx: Transaction, plan_id: PlanId, cycle: Cycle) -> Crowd:
    """What a plan takes that plans of other cycles took since its snapshot; asked under the region's lock."""
    since, until = _span(tx, cycle)
    own = tx.execute(OWN_ROUTES, {"plan": plan_id, "since": since, "until": until}).one()
    held = _held(tx, cycle, min(since, own.since), max(until, own.until))
    taken = {lot.lot_id: lot.quantity for lot in allocated_lots(tx, plan_id) if lot.lot_id in held.picked}
    promised = {pin.lot_id: pin.at_least for pin in pins(tx, cycle.id)}
    most = {
        lot.id: rules.left_of_day(lot.daily_capacity, held.picked[lot.id], promised.get(lot.id, 0))
        for lot in supply.lots_by_id(tx, list(taken)).values()
    }
    room = {
        hub.id: rules.room_left(hub.throughput_g, held.intake_g[hub.id])
        for hub in network.hubs_of(tx, cycle.region_id)
        if hub.id in held.intake_g
    }
    brought = _by_hub(tx, [plan_id])
    return Crowd(
        vehicles=sorted(held.vehicles.intersection(own.vehicles)),
        hubs=sorted(hub for hub, left_g in room.items() if brought.get(hub, 0) > left_g),
        lots=sorted(lot for lot, quantity in taken.items() if quantity > most[lot]),
    )


def _span(tx: Transaction, cycle: Cycle) -> tuple[datetime, datetime]:
    """From when until when trucks may be out for a cycle: its windows, a shift before and after them.

    What a row of an earlier version says beyond the latest second that a plan knows counts as that one.
    """
    rhythm = network.region(tx, cycle.region_id).rhythm
    hubs = network.hubs_of(tx, cycle.region_id)
    longest_s = max((truck.shift_s for truck in network.vehicles_of(tx, [hub.id for hub in hubs])), default=0)
    midnight = start_of_day(cycle.collect_on, cycle.time_zone)
    later_s = ((cycle.hand_out_on - cycle.collect_on).days - rhythm.hand_out_day) * rules.DAY_S
    last_s = min(MOST_S, max(rhythm.collect_until_s, rhythm.haul_until_s, rhythm.deliver_until_s + later_s))
    return (
        midnight + timedelta(seconds=min(MOST_S, rhythm.collect_from_s) - longest_s) - rules.CLOCK_CHANGE,
        midnight + timedelta(seconds=last_s + longest_s) + rules.CLOCK_CHANGE,
    )


def _held(tx: Transaction, cycle: Cycle, since: datetime, until: datetime) -> Held:
    near = cycles.under_way(tx, cycle.region_id, since.date() - DAY, until.date() + DAY)
    plans = {
        plan_id: other.collect_on == cycle.collect_on
        for other in near
        if other.id != cycle.id and (plan_id := published_plan(tx, other.id))
    }
    same_day = [plan_id for plan_id, same in plans.items() if same]
    out = tx.execute(ON_THE_ROAD, {"plans": uuids(plans), "since": since, "until": until})
    picked = tx.execute(PICKED, {"plans": uuids(same_day)})
    return Held(
        vehicles=frozenset(out.scalars()),
        intake_g=_by_hub(tx, same_day),
        picked={LotId(row.lot_id): row.quantity for row in picked},
    )


def _by_hub(tx: Transaction, plans: Iterable[UUID]) -> dict[HubId, int]:
    return {HubId(row.hub_id): row.intake_g for row in tx.execute(INTAKE, {"plans": uuids(plans)})}
