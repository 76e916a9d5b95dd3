"""What every part of an entry is for, many in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from farmlink.cycles.values import CycleId
from farmlink.kernel.ids import uuid7
from farmlink.ledger.values import EntryId
from farmlink.orders.values import OrderId
from farmlink.settlement.values import CreditNoteId, Part
from farmlink.store.pipeline import texts, uuids, wholes
from farmlink.store.transaction import Transaction

WRITE = """
INSERT INTO statement_line (id, cycle_id, credit_note_id, entry_id, order_id, line_id, lot_id, item, account, owner_id,
  currency, quantity, amount_minor)
SELECT t.id, :cycle, CAST(:note AS uuid), entry_id, order_id, line_id, lot_id, item, account, owner_id, currency,
  quantity, minor
FROM unnest(CAST(:ids AS uuid[]), CAST(:entries AS uuid[]), CAST(:orders AS uuid[]), CAST(:lines AS uuid[]),
  CAST(:lots AS uuid[]), CAST(:items AS text[]), CAST(:accounts AS text[]), CAST(:owners AS uuid[]),
  CAST(:currencies AS text[]), CAST(:quantities AS bigint[]), CAST(:minors AS bigint[]))
  t(id, entry_id, order_id, line_id, lot_id, item, account, owner_id, currency, quantity, minor)
"""


def write_parts(
    tx: Transaction,
    cycle_id: CycleId,
    parts: Sequence[tuple[EntryId, OrderId | None, Part]],
    note_id: CreditNoteId | None = None,
) -> None:
    """Keep the parts of entries as lines of everybody's statements."""
    named = {
        "cycle": cycle_id,
        "note": note_id,
        "ids": uuids(uuid7() for _ in parts),
        "entries": uuids(entry_id for entry_id, _, _ in parts),
        "orders": uuids(order_id for _, order_id, _ in parts),
        "lines": uuids(part.line_id for _, _, part in parts),
        "lots": uuids(part.lot_id for _, _, part in parts),
        "items": texts(part.item.value for _, _, part in parts),
        "accounts": texts(part.account.kind.value for _, _, part in parts),
        "owners": uuids(part.account.owner_id for _, _, part in parts),
        "currencies": texts(part.account.currency for _, _, part in parts),
        "quantities": wholes(part.quantity for _, _, part in parts),
        "minors": wholes(part.minor for _, _, part in parts),
    }
    tx.execute(WRITE, named)
