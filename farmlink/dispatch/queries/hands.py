"""Whose hands may touch what: a hub's dock, a point's leader, who drives to a home, and the consumer who only looks."""

from collections.abc import Collection, Iterable

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.demand import queries as demand
from farmlink.demand.values import BatchId
from farmlink.dispatch.queries.goods import receipts, receipts_page
from farmlink.dispatch.rules import NotInPlanError, doors_of
from farmlink.dispatch.values import ReceiptView
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging
from farmlink.network import queries as network
from farmlink.network.values import HomeId, HubId, HubState, PlaceId, PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.planning.queries import is_planner, require_planner
from farmlink.planning.values import AllocationId
from farmlink.store.transaction import Transaction

BRINGERS = (Role.DRIVER, Role.DOCK)


def docked_receipts(tx: Transaction, principal: Principal, cycle_id: CycleId) -> list[ReceiptView]:
    """What comes in at the hubs for whose dock somebody works; the cycle's planner stands in at all.

    For who works neither at the cycle's own hub nor where anything of it comes in, it does not exist.
    """
    if is_planner(tx, principal, cycle_id):
        return receipts(tx, cycle_id)
    hubs = _open_hubs(tx, principal, cycle_id, Role.DOCK)
    found = receipts(tx, cycle_id, hubs)
    if not found and cycles.cycle(tx, cycle_id).hub_id not in hubs:
        require_planner(tx, principal, cycle_id)
    return found


def docked_receipts_page(tx: Transaction, principal: Principal, cycle_id: CycleId, paging: Paging) -> Page[ReceiptView]:
    """What `docked_receipts` says, a page at a time."""
    if is_planner(tx, principal, cycle_id):
        return receipts_page(tx, cycle_id, paging)
    hubs = _open_hubs(tx, principal, cycle_id, Role.DOCK)
    nothing = not receipts_page(tx, cycle_id, Paging(1), hubs).items
    if nothing and cycles.cycle(tx, cycle_id).hub_id not in hubs:
        require_planner(tx, principal, cycle_id)
    return receipts_page(tx, cycle_id, paging, hubs)


def require_counting(
    tx: Transaction, principal: Principal, cycle_id: CycleId, allocation_ids: Iterable[AllocationId]
) -> None:
    """Refuse whoever counts what does not come in at a hub of theirs, as if it were in no plan."""
    own = {view.allocation_id for view in docked_receipts(tx, principal, cycle_id)}
    for allocation_id in allocation_ids:
        if allocation_id not in own:
            raise NotInPlanError(allocation_id=allocation_id)


def require_bringer(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse who neither drives nor loads at the cycle's own hub or one of its plan, nor plans it, as if it was not."""
    if _open_hubs(tx, principal, cycle_id, *BRINGERS).isdisjoint(_part_in(tx, cycle_id)):
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
    stops = {HomeId(place_id): by for place_id, by in planning.delivered_by(tx, plan_id, homes).items()}
    place_of = {batch.id: batch.place_id for batch in demand.batches_at(tx, cycle_id, list(map(PlaceId, homes)))}
    out = {place_of[BatchId(batch_id)] for batch_id in planning.leaving(tx, plan_id, place_of, hubs)}
    return doors_of(homes, stops, trucks, out)


def _part_in(tx: Transaction, cycle_id: CycleId) -> frozenset[HubId]:
    """The hubs that have a part in a cycle: its own, and those of its published plan."""
    plan_id = planning.published_plan(tx, cycle_id)
    passed = frozenset() if plan_id is None else planning.passed_hubs(tx, plan_id)
    return passed | {cycles.cycle(tx, cycle_id).hub_id}


def _open_hubs(tx: Transaction, principal: Principal, cycle_id: CycleId, *roles: Role) -> frozenset[HubId]:
    """The working hubs of a cycle's region for which somebody has one of these roles."""
    houses = principal.organisations(*roles)
    hubs = network.hubs_of(tx, cycles.cycle(tx, cycle_id).region_id)
    return frozenset(hub.id for hub in hubs if hub.state is HubState.OPEN and hub.organisation_id in houses)
