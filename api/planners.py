"""Whose hubs and cycles a planner runs; for others they do not exist."""

from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.people.rules import plans_for
from farmlink.people.values import Principal
from farmlink.planning.queries import require_planner
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


def runs(store: Store, principal: Principal | None, hub_id: HubId) -> bool:
    """Tell whether somebody plans for a hub."""
    return principal is not None and plans_for(principal, store.read(network.hub, hub_id).organisation_id)


def require_hub(
    store: Store, principal: Principal, hub_id: HubId, asked: UUID | None = None, noun: str = "hub"
) -> None:
    """Refuse whoever does not plan for a hub, as if it, or what was asked for there, did not exist."""
    if not runs(store, principal, hub_id):
        raise MissingError(noun=noun, id=asked or hub_id)


def require_cycle(store: Store, principal: Principal, cycle_id: CycleId) -> Cycle:
    """Refuse whoever does not plan a cycle, as if it did not exist."""
    return store.read(_planned, principal, cycle_id)


def _planned(tx: Transaction, principal: Principal, cycle_id: CycleId) -> Cycle:
    require_planner(tx, principal, cycle_id)
    return cycles.cycle(tx, cycle_id)
