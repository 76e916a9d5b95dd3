"""When the trucks of a plan come to one place."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from farmlink.planning.queries.plans import routes
from farmlink.planning.tables import PlanRoute, PlanStop
from farmlink.planning.values import PlanId, RouteView
from farmlink.store.transaction import Transaction

DELIVERY = "delivery"


def deliveries_at(tx: Transaction, plan_id: PlanId, place_id: UUID) -> list[RouteView]:
    """The trips of a plan that bring something to a place, each with its stop there alone, the earliest first."""
    chosen = (
        select(PlanRoute.number)
        .join(PlanStop, col(PlanStop.route_id) == PlanRoute.id)
        .where(PlanRoute.plan_id == plan_id, PlanRoute.phase == DELIVERY, PlanStop.place_id == place_id)
    )
    numbers = set(tx.session.exec(chosen))
    found = [one for one in routes(tx, plan_id) if one.number in numbers] if numbers else []
    for trip in found:
        trip.stops[:] = [stop for stop in trip.stops if stop.place_id == place_id]
    return sorted(found, key=lambda trip: trip.stops[0].arrive_at)
