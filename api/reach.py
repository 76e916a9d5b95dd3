"""For whom somebody acts: planners for the regions of their hubs, at the platform for all; others for their own."""

from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.kernel.errors import ForbiddenError, MissingError, RefusedError
from farmlink.network import queries as network
from farmlink.network.rules.refusals import NotYoursError
from farmlink.network.values import FarmId, PointId, Reach, RegionId, Settled
from farmlink.orders import queries as orders
from farmlink.people.values import Acquainted, Principal, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

PLANNERS = (Role.PLANNER, Role.ADMIN)


def reach(store: Store, principal: Principal | None, *own: Role) -> Reach | None:
    """For whom somebody acts in one of the `own` roles, or plans; None stands for all: a planner of the platform."""
    if principal is None:
        return Reach(frozenset())
    return store.read(_reach, principal, own)


def require_region(
    store: Store, principal: Principal, region_id: RegionId, asked: UUID | None = None, noun: str = "region"
) -> None:
    """Refuse whoever does not plan a region, as if it, or what was asked for there, did not exist."""
    if not store.read(network.plans_region, principal, region_id):
        raise MissingError(noun=noun, id=asked or region_id)


def require_within(
    store: Store, principal: Principal, place: Settled, *own: Role, refusal: RefusedError | None = None
) -> None:
    """Judge before a write under a key: a reach that grew meanwhile must not make a repetition another request."""
    within = reach(store, principal, *own)
    if within is not None and not within.may_settle(place):
        raise refusal or NotYoursError


def _reach(tx: Transaction, principal: Principal, own: tuple[Role, ...]) -> Reach | None:
    if principal.serves_platform(*PLANNERS):
        return None
    planned = network.planned_by(tx, principal.organisations(*PLANNERS))
    return Reach(principal.organisations(*own), planned, network.settled_in(tx, planned))


def acquainted(store: Store, principal: Principal) -> Acquainted | None:
    """Whom staff may find by name: at the platform everybody (None), at a hub its customers and its region's members.

    Who is planner or admin of something else, such as a farm, is refused.
    """
    return store.read(_acquainted, principal)


def _acquainted(tx: Transaction, principal: Principal) -> Acquainted | None:
    within = _reach(tx, principal, ())
    if within is None:
        return None
    hubs = network.kept_by(tx, principal.organisations(*PLANNERS))
    if not hubs:
        raise ForbiddenError
    served = orders.ordered_in(tx, cycles.owned_by(tx, [hub.id for hub in hubs]))
    return Acquainted(within.settled | {hub.organisation_id for hub in hubs}, served)


def require_own_farm(store: Store, principal: Principal, farm_id: FarmId) -> None:
    """Refuse whoever is neither of a farm nor plans its region, as if it did not exist."""
    _require_own(store, principal, store.read(network.farm, farm_id), ("farm", farm_id), Role.FARMER)


def require_own_point(store: Store, principal: Principal, point_id: PointId) -> None:
    """Refuse whoever neither leads a point nor plans its region, as if it did not exist."""
    _require_own(store, principal, store.read(network.point, point_id), ("point", point_id), Role.LEADER)


def _require_own(store: Store, principal: Principal, place: Settled, asked: tuple[str, UUID], own: Role) -> None:
    within = reach(store, principal, own)
    if within is not None and not within.covers(place):
        noun, key = asked
        raise MissingError(noun=noun, id=key)
