"""What can still be taken back of a charge, and what was."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import col, select

from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.ledger.values import Account, AccountKind
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.settlement.tables import CreditNoteRow, OrderChargeRow
from farmlink.settlement.values import Bearer, CreditNote, CreditNoteId, Item, Part, Reversible
from farmlink.store.pages import fetched
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotId

PARTS = """
SELECT item, account, owner_id, currency, lot_id, credit_note_id IS NOT NULL AS turned,
  sum(amount_minor)::bigint AS minor
FROM statement_line WHERE line_id = :line
GROUP BY item, account, owner_id, currency, lot_id, credit_note_id IS NOT NULL ORDER BY min(id::text)
"""


def reversible(tx: Transaction, order_id: OrderId, line_id: OrderLineId) -> Reversible:
    """What everybody got of a line of an order, and what was taken back of it so far; nothing if it was not charged."""
    if line_id not in {line.id for line in orders.lines_of(tx, [order_id])[order_id]}:
        raise MissingError(noun="order line", id=line_id)
    parts: list[Part] = []
    turned: dict[Part, int] = defaultdict(int)
    for row in tx.execute(PARTS, {"line": line_id}):
        account = Account(AccountKind(row.account), row.owner_id, row.currency)
        lot_id = None if row.lot_id is None else LotId(row.lot_id)
        part = Part(item=Item(row.item), account=account, minor=row.minor, line_id=line_id, lot_id=lot_id)
        if row.turned:
            turned[_bare(part)] -= row.minor
        else:
            parts.append(part)
    charged = -sum(part.minor for part in parts if part.item is Item.SALE)
    notes = credit_notes(tx, order_id, Paging(10_000)).items
    mine = [note for note in notes if note.line_id == line_id]
    shared = sum(note.amount_minor for note in mine if note.bearer is Bearer.SHARED)
    reversed_of = {part: turned[_bare(part)] for part in parts}
    return Reversible(charged, sum(note.amount_minor for note in mine), shared, tuple(parts), reversed_of)


def credit_note(tx: Transaction, note_id: CreditNoteId) -> CreditNote:
    """One credit note."""
    row = tx.get(CreditNoteRow, note_id)
    return note_value(row, tx.get(OrderChargeRow, row.order_id).currency)


def credit_notes(tx: Transaction, order_id: OrderId, paging: Paging) -> Page[CreditNote]:
    """What was taken back of an order's charge, by id; each says when."""
    chosen = select(CreditNoteRow).where(CreditNoteRow.order_id == order_id)
    rows = fetched(tx, chosen, col(CreditNoteRow.id), paging)
    charge = tx.find(OrderChargeRow, order_id)
    found = [note_value(row, charge.currency) for row in rows] if charge is not None else []
    return page(found, paging, lambda one: one.id)


def crates_out(tx: Transaction, order_id: OrderId) -> int:
    """How many crates of an order have not come back."""
    back = "SELECT coalesce(sum(crates), 0)::bigint FROM credit_note WHERE order_id = :order"
    charge = tx.get(OrderChargeRow, order_id)
    returned: int = tx.execute(back, {"order": order_id}).scalar_one()
    return charge.crates - returned


def note_value(row: CreditNoteRow, currency: str) -> CreditNote:
    """A credit note's row as a value."""
    return CreditNote(
        id=CreditNoteId(row.id),
        order_id=OrderId(row.order_id),
        line_id=None if row.line_id is None else OrderLineId(row.line_id),
        amount_minor=row.amount_minor,
        tax_minor=row.tax_minor,
        currency=currency,
        reason=row.reason,
        bearer=Bearer(row.bearer),
        noted_at=row.noted_at,
    )


def _bare(part: Part) -> Part:
    """The part without its amount: by what it is told apart."""
    return Part(item=part.item, account=part.account, minor=0, line_id=part.line_id, lot_id=part.lot_id)
