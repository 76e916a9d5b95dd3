"""Taking back part of a charge: a credit note, or the deposit for crates that came back; the money goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.locale import marked
from farmlink.ledger import commands as ledger
from farmlink.ledger.values import Account, AccountKind, EntryId, EntryKind
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.payments import commands as payments
from farmlink.payments.queries import lock_about
from farmlink.people.values import PersonId
from farmlink.settlement import queries, rules
from farmlink.settlement.commands.written import write_parts
from farmlink.settlement.tables import CreditNoteRow, OrderChargeRow
from farmlink.settlement.values import (
    Bearer,
    CreditNote,
    CreditNoteId,
    Item,
    NewCreditNote,
    OrderCredited,
    Part,
)
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

CRATES_BACK: Final = marked("Crates came back.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken back of a charge: of one line, or for crates."""

    key: UUID
    amount_minor: int
    reason: str
    bearer: Bearer
    parts: Sequence[Part]
    line_id: OrderLineId | None = None
    crates: int = 0


def credit(tx: Transaction, note: NewCreditNote) -> CreditNote:
    """Take back part of what a line was charged, never more than it was; its key has one effect."""
    rules.check_note(note)
    charge = hold_charge(tx, note.order_id)
    made = tx.find(CreditNoteRow, note.key)
    if made is not None:
        known = queries.note_value(made, charge.currency)
        rules.require_same_note(known, note)
        return known
    line = queries.reversible(tx, note.order_id, note.line_id)
    hub_id = cycles.cycle(tx, CycleId(charge.cycle_id)).hub_id
    parts = rules.taken_back(line, note.amount_minor, note.bearer, Account(AccountKind.SPREAD, hub_id, charge.currency))
    return _write(tx, charge, Taken(note.key, note.amount_minor, note.reason.strip(), note.bearer, parts, note.line_id))


def take_back_crates(tx: Transaction, key: UUID, order_id: OrderId, crates: int) -> CreditNote:
    """Give the deposit back for crates that came back, once under each key."""
    charge = hold_charge(tx, order_id)
    made = tx.find(CreditNoteRow, key)
    if made is not None:
        if (made.order_id, made.crates) != (order_id, crates):
            raise rules.NoteDiffersError(credited_minor=made.amount_minor, currency=charge.currency)
        return queries.note_value(made, charge.currency)
    each = charge.deposit_minor // max(1, charge.crates)
    consumer = Account(AccountKind.RECEIVABLE, charge.consumer_id, charge.currency)
    parts = rules.deposit_back(consumer, crates, queries.crates_out(tx, order_id), each)
    return _write(tx, charge, Taken(key, crates * each, CRATES_BACK, Bearer.HUB, parts, crates=crates))


def hold_charge(tx: Transaction, order_id: OrderId) -> OrderChargeRow:
    """The charge of an order, locked: two notes at once do not both see what is left.

    What the region pays out waits meanwhile; the payment is locked before the ledger, as everybody does.
    """
    charge = tx.find(OrderChargeRow, order_id)
    if charge is None:
        raise rules.NotSettledError
    exclude(tx, cycles.cycle(tx, CycleId(charge.cycle_id)).region_id)
    lock_about(tx, [order_id])
    return tx.lock(OrderChargeRow, order_id)


def _write(tx: Transaction, charge: OrderChargeRow, taken: Taken) -> CreditNote:
    order_id, note_id = OrderId(charge.order_id), CreditNoteId(taken.key)
    entry = rules.entry_of(f"credit/{note_id}", EntryKind.CREDIT_NOTE, order_id, taken.parts)
    assert entry is not None, "what is taken back is above zero"
    assert charge.entry_id is not None, "what was charged is posted; the database checks it"
    entry_id = ledger.post(tx, replace(entry, reverses=EntryId(charge.entry_id)))
    row = tx.add(
        CreditNoteRow(
            id=note_id,
            order_id=order_id,
            line_id=taken.line_id,
            amount_minor=taken.amount_minor,
            tax_minor=-sum(part.minor for part in taken.parts if part.item is Item.TAX),
            crates=taken.crates,
            reason=taken.reason,
            bearer=taken.bearer.value,
            entry_id=entry_id,
            noted_at=tx.now,
        )
    )
    write_parts(tx, CycleId(charge.cycle_id), [(entry_id, order_id, part) for part in taken.parts], note_id)
    payments.refund(tx, taken.key, order_id, taken.amount_minor)
    tx.announce(OrderCredited(note_id, order_id, PersonId(charge.consumer_id)))
    tx.record("settlement.credit", order_id, amount_minor=taken.amount_minor, bearer=taken.bearer.value)
    return queries.note_value(row, charge.currency)
