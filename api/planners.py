"""Whose cycles a planner runs: those of the hubs of their organisation, at the platform all."""

from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.people import queries as people
from farmlink.people.values import OrganisationId, Principal, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


def runs(store: Store, principal: Principal | None, hub_id: HubId) -> bool:
    """Tell whether somebody plans for a hub."""
    if principal is None or not principal.has(Role.PLANNER, Role.ADMIN):
        return False
    return bool(principal.organisations(Role.PLANNER, Role.ADMIN) & store.read(_deciding, hub_id))


def require_hub(
    store: Store, principal: Principal, hub_id: HubId, asked: UUID | None = None, noun: str = "hub"
) -> None:
    """Refuse whoever does not plan for a hub, as if it, or what was asked for there, did not exist."""
    if not runs(store, principal, hub_id):
        raise MissingError(noun=noun, id=asked or hub_id)


def require_cycle(store: Store, principal: Principal, cycle_id: CycleId) -> Cycle:
    """Refuse whoever does not plan a cycle, as if it did not exist."""
    cycle = store.read(cycles.cycle, cycle_id)
    if not runs(store, principal, cycle.hub_id):
        raise MissingError(noun="order cycle", id=cycle_id)
    return cycle


def _deciding(tx: Transaction, hub_id: HubId) -> frozenset[OrganisationId | None]:
    return frozenset({network.hub(tx, hub_id).organisation_id, people.platform_id(tx)})
