"""A cycle whose goods are on the way, held by one command at a time."""

from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId
from farmlink.dispatch import rules
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def hold_on_the_way(tx: Transaction, cycle_id: CycleId) -> None:
    """Keep a cycle on the way for oneself."""
    exclude(tx, cycle_id)
    rules.require_on_the_way(cycle_queries.cycle(tx, cycle_id).stage)
