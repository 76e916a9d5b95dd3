"""For whom somebody acts: planners for the regions of their hubs, at the platform for all; others for their own."""

from uuid import UUID

from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.network import queries as network
from farmlink.network.rules.refusals import NotYoursError
from farmlink.network.values import RegionId
from farmlink.people.values import Organisations, Principal, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

PLANNERS = (Role.PLANNER, Role.ADMIN)


def reach(store: Store, principal: Principal | None, *own: Role) -> Organisations:
    """The organisations for which somebody acts in one of the `own` roles, or plans."""
    if principal is None:
        return frozenset()
    return store.read(_reach, principal, own)


def require_region(
    store: Store, principal: Principal, region_id: RegionId, asked: UUID | None = None, noun: str = "region"
) -> None:
    """Refuse whoever does not plan a region, as if it, or what was asked for there, did not exist."""
    if not store.read(network.plans_region, principal, region_id):
        raise MissingError(noun=noun, id=asked or region_id)


def require_within(
    store: Store, principal: Principal, organisation_id: UUID, *own: Role, refusal: RefusedError | None = None
) -> None:
    """Judge before a write under a key: a reach that grew meanwhile must not make a repetition another request."""
    within = reach(store, principal, *own)
    if within is not None and organisation_id not in within:
        raise refusal or NotYoursError


def _reach(tx: Transaction, principal: Principal, own: tuple[Role, ...]) -> Organisations:
    if principal.serves_platform(*PLANNERS):
        return None
    planned = network.planned_by(tx, principal.organisations(*PLANNERS))
    return principal.organisations(*own) | network.settled_in(tx, planned)
