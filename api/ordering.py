"""Placing an order for whoever it is for, as pages and the API do it."""

from api.planners import runs
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.orders import commands
from farmlink.orders.values import Order, Placing
from farmlink.people.values import Principal, Role
from farmlink.store.store import OutcomeUnknownError, Store


def place(store: Store, principal: Principal, placing: Placing) -> Order:
    """Place an order, or raise what refuses it; its key makes it safe to ask again."""
    if plans(store, principal, placing.cycle_id):
        store.read(cycles.require_guest, placing.cycle_id, placing.consumer_id)
    try:
        outcome = store.run(commands.place, placing)
    except OutcomeUnknownError:
        outcome = store.run(commands.place, placing)
    if outcome.order is None:
        assert outcome.refusal is not None
        raise outcome.refusal
    return outcome.order


def plans(store: Store, principal: Principal, cycle_id: CycleId) -> bool:
    """Tell whether somebody plans a cycle."""
    if not principal.has(Role.PLANNER, Role.ADMIN):
        return False
    return runs(store, principal, store.read(cycles.cycle, cycle_id).hub_id)
