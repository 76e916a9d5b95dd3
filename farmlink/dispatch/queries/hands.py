"""Whose hands may touch what: a hub's dock, a point's leader, who drives to a home, and the consumer who only looks."""

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId
from farmlink.people.values import Principal, Role
from farmlink.planning.queries import is_planner, require_planner
from farmlink.store.transaction import Transaction


def require_dock(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse whoever works for none of the region's hubs and does not plan the cycle, as if it did not exist."""
    if not _works_at_hub(tx, principal, cycle_id, Role.DOCK):
        require_planner(tx, principal, cycle_id)


def require_bringer(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse whoever neither drives nor loads for the region's hubs nor plans the cycle, as if it did not exist."""
    if not _works_at_hub(tx, principal, cycle_id, Role.DRIVER, Role.DOCK):
        require_planner(tx, principal, cycle_id)


def require_own_dock(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse whoever neither works for the cycle's own hub nor plans the cycle, as if it did not exist."""
    own = network.hub(tx, cycles.cycle(tx, cycle_id).hub_id)
    if own.organisation_id not in principal.organisations(Role.DOCK):
        require_planner(tx, principal, cycle_id)


def require_hands(tx: Transaction, principal: Principal, order_id: OrderId) -> None:
    """Refuse whoever does not hand this order out, as if it did not exist.

    At a point its leader does, at home who drives or loads for the region's hubs; the cycle's planner stands in.
    """
    order = orders.order(tx, order_id)
    if order.at_home:
        hands = _works_at_hub(tx, principal, order.cycle_id, Role.DRIVER, Role.DOCK)
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


def _works_at_hub(tx: Transaction, principal: Principal, cycle_id: CycleId, *roles: Role) -> bool:
    hubs = network.hubs_of(tx, cycles.cycle(tx, cycle_id).region_id)
    return bool(principal.organisations(*roles) & {hub.organisation_id for hub in hubs})
