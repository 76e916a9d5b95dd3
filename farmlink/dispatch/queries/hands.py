"""Whose hands may touch what: a hub's dock, a point's leader, who drives to a home, and the consumer who only looks."""

from collections.abc import Collection

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.dispatch.rules import doors_of
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import HomeId, HubId, HubState, PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.planning.queries import is_planner, require_planner
from farmlink.store.transaction import Transaction

BRINGERS = (Role.DRIVER, Role.DOCK)


def require_dock(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse whoever works for none of the region's open hubs and does not plan the cycle, as if it did not exist."""
    if not _open_hubs(tx, principal, cycle_id, Role.DOCK):
        require_planner(tx, principal, cycle_id)


def require_bringer(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse who neither drives nor loads for the region's open hubs nor plans the cycle, as if it did not exist."""
    if not _open_hubs(tx, principal, cycle_id, *BRINGERS):
        require_planner(tx, principal, cycle_id)


def require_own_dock(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse whoever neither works for the cycle's own hub nor plans the cycle, as if it did not exist."""
    own = network.hub(tx, cycles.cycle(tx, cycle_id).hub_id)
    if own.organisation_id not in principal.organisations(Role.DOCK):
        require_planner(tx, principal, cycle_id)


def require_hands(tx: Transaction, principal: Principal, order_id: OrderId) -> None:
    """Refuse whoever does not hand this order out, as if it did not exist.

    At a point its leader does, at home who brings it there; the cycle's planner stands in.
    """
    order = orders.order(tx, order_id)
    if order.at_home:
        hands = bool(doors(tx, principal, order.cycle_id, [HomeId(order.place_id)]))
    else:
        point = network.point(tx, PointId(order.place_id))
        hands = point.organisation_id in principal.organisations(Role.LEADER)
    if not hands and not is_planner(tx, principal, order.cycle_id):
        raise MissingError(noun="consumer order", id=order_id)


def require_point_leader(tx: Transaction, principal: Principal, cycle_id: CycleId, point_id: PointId) -> None:
    """Refuse whoever does not lead this point and does not plan the cycle, as if the point did not exist."""
    leads = network.point(tx, point_id).organisation_id in principal.organisations(Role.LEADER)
    if not leads and not is_planner(tx, principal, cycle_id):
        raise MissingError(noun="point", id=point_id)


def require_reader(tx: Transaction, principal: Principal, order_id: OrderId) -> None:
    """Let the order's own consumer look, and whoever may hand it out."""
    if orders.order(tx, order_id).consumer_id != principal.person_id:
        require_hands(tx, principal, order_id)


def doors(tx: Transaction, principal: Principal, cycle_id: CycleId, homes: Collection[HomeId]) -> frozenset[HomeId]:
    """To which of these homes somebody brings what the published plan sends there; the cycle's planner stands in."""
    if is_planner(tx, principal, cycle_id):
        return frozenset(homes)
    plan_id = planning.published_plan(tx, cycle_id)
    if plan_id is None:
        return frozenset()
    hubs = _open_hubs(tx, principal, cycle_id, *BRINGERS)
    trucks = {vehicle.id for vehicle in network.vehicles_of(tx, hubs)}
    posts = not hubs.isdisjoint(planning.passed_hubs(tx, plan_id))
    stops = {HomeId(place_id): by for place_id, by in planning.delivered_by(tx, plan_id, homes).items()}
    return doors_of(homes, stops, trucks, posts=posts)


def _open_hubs(tx: Transaction, principal: Principal, cycle_id: CycleId, *roles: Role) -> frozenset[HubId]:
    """The working hubs of a cycle's region for which somebody has one of these roles."""
    houses = principal.organisations(*roles)
    hubs = network.hubs_of(tx, cycles.cycle(tx, cycle_id).region_id)
    return frozenset(hub.id for hub in hubs if hub.state is HubState.OPEN and hub.organisation_id in houses)
