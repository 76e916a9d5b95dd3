"""Farms are reminded of a question before its deadline: claimed here, told by whoever claimed it."""

from __future__ import annotations

from typing import Final

from farmlink.confirmations.values import RequestId
from farmlink.cycles.values import CycleId
from farmlink.network.values import FarmId
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

CLAIM: Final = """
UPDATE confirmation_request SET remind_at = NULL
WHERE cycle_id = :cycle AND state = 'open' AND remind_at <= :now AND due_at > :now RETURNING id, farm_id
"""


def claim_reminders(tx: Transaction, cycle_id: CycleId) -> list[tuple[RequestId, FarmId]]:
    """Take the open questions of which it is time to remind their farms; each is taken once, whoever asks."""
    exclude(tx, cycle_id)
    rows = tx.execute(CLAIM, {"cycle": cycle_id, "now": tx.now}).all()
    return sorted((RequestId(row.id), FarmId(row.farm_id)) for row in rows)
