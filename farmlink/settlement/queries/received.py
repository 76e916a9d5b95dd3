"""What one payee got: its statement lot by lot, and the transfers that were made to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, Paging, page
from farmlink.ledger.values import AccountKind
from farmlink.settlement.values import Item
from farmlink.settlement.values.received import LotSum, Received
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotId

BY_LOT = """
SELECT cycle_id, lot_id, item, currency, count(*) AS lines, sum(quantity)::bigint AS quantity,
  sum(amount_minor)::bigint AS amount_minor
FROM statement_line WHERE owner_id = :owner AND account = :kind AND cycle_id = :cycle
GROUP BY cycle_id, lot_id, item, currency ORDER BY lot_id, item, currency
"""
CYCLES = """
SELECT DISTINCT statement_line.cycle_id FROM statement_line
WHERE owner_id = :owner AND account = :kind ORDER BY cycle_id DESC
"""
TRANSFERS = """
SELECT pay_out.id, pay_out.made_at, pay_out.currency, transfer.amount_minor, transfer.end_to_end, transfer.iban,
  transfer.account_number
FROM transfer JOIN pay_out ON pay_out.id = pay_out_id
WHERE transfer.owner_id = :owner AND transfer.account = :kind AND (CAST(:after AS uuid) IS NULL OR pay_out.id < :after)
ORDER BY pay_out.id DESC LIMIT :most
"""


def settled_cycles(tx: Transaction, owner_id: UUID, kind: AccountKind) -> list[CycleId]:
    """The cycles of which somebody has lines on a kind of account, the newest first."""
    return [CycleId(one) for one in tx.execute(CYCLES, {"owner": owner_id, "kind": kind.value}).scalars()]


def sums_by_lot(tx: Transaction, owner_id: UUID, kind: AccountKind, cycle_id: CycleId) -> list[LotSum]:
    """What the lines of a cycle come to, lot by lot and item by item."""
    rows = tx.execute(BY_LOT, {"owner": owner_id, "kind": kind.value, "cycle": cycle_id})
    return [
        LotSum(
            None if row.lot_id is None else LotId(row.lot_id),
            Item(row.item),
            row.currency,
            row.lines,
            row.quantity,
            row.amount_minor,
        )
        for row in rows
    ]


def received(tx: Transaction, owner_id: UUID, kind: AccountKind, paging: Paging) -> Page[Received]:
    """The transfers that paid somebody, the newest first."""
    named = {"owner": owner_id, "kind": kind.value, "after": paging.after, "most": paging.limit + 1}
    rows = [_received(row) for row in tx.execute(TRANSFERS, named)]
    return page(rows, paging, lambda one: one.pay_out_id)


def _received(row: Row[Any]) -> Received:
    ending = (row.iban or row.account_number or "")[-4:]
    return Received(row.id, row.made_at, row.currency, row.amount_minor, row.end_to_end, ending)
