"""Receiving at the hub."""

from collections.abc import Sequence

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch import queries, rules
from farmlink.dispatch.commands.holding import hold_on_the_way
from farmlink.dispatch.values import GoodsReceived, Received
from farmlink.store.pipeline import uuids, wholes
from farmlink.store.transaction import Transaction

RECEIVE = """
INSERT INTO receipt (allocation_id, cycle_id, received, received_at)
SELECT t.id, :cycle, t.quantity, :now FROM unnest(CAST(:ids AS uuid[]), CAST(:quantities AS bigint[])) t(id, quantity)
ON CONFLICT (allocation_id) DO UPDATE SET received = excluded.received, received_at = excluded.received_at
"""


def receive(tx: Transaction, cycle_id: CycleId, counted: Sequence[Received]) -> int:
    """Write what a hub counted; counting again corrects it until it is shared out. The number of rows that changed."""
    hold_on_the_way(tx, cycle_id)
    if queries.is_shared(tx, cycle_id):
        raise rules.AlreadySharedError(cycle_id=cycle_id)
    changed = rules.corrections(queries.receipts(tx, cycle_id), counted)
    if changed:
        tx.execute(
            RECEIVE,
            {"cycle": cycle_id, "now": tx.now, "ids": uuids(changed), "quantities": wholes(changed.values())},
        )
        tx.session.expire_all()
        cycles.move(tx, cycle_id, Stage.MOVING)
        tx.announce(GoodsReceived(cycle_id, len(changed)))
        tx.record("dispatch.receive", cycle_id, allocations=len(changed))
    return len(changed)
