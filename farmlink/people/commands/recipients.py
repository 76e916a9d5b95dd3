"""People to whom somebody gives something: named by the giver, without a sign-in, forgotten with the giver."""

from __future__ import annotations

from farmlink.kernel.errors import MissingError
from farmlink.people import rules
from farmlink.people.commands.homes import hold_person
from farmlink.people.tables import PersonRow
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction

FORGET = """
UPDATE person SET name = '', phone = NULL, named_by = NULL, erased_at = :now, revision = revision + 1
WHERE named_by = :giver AND (CAST(:one AS uuid) IS NULL OR id = :one) RETURNING id
"""


def name_recipient(tx: Transaction, giver_id: PersonId, name: str, *, phone: str | None = None) -> PersonId:
    """Name somebody for whom the giver orders; those are counted, one at a time."""
    hold_person(tx, giver_id)
    named = tx.execute("SELECT count(*) FROM person WHERE named_by = :giver", {"giver": giver_id}).scalar_one()
    rules.require_few_recipients(named)
    row = PersonRow(name=rules.clean_name(name), phone=phone, joined_at=tx.now, named_by=giver_id)
    tx.add(row)
    tx.record("recipient.named", row.id)
    return PersonId(row.id)


def forget_recipient(tx: Transaction, giver_id: PersonId, recipient_id: PersonId) -> None:
    """Forget who a recipient was; what is on its way to them is handed out to the giver."""
    if tx.execute(FORGET, {"giver": giver_id, "one": recipient_id, "now": tx.now}).first() is None:
        raise MissingError(noun="person", id=recipient_id)
    tx.session.expire_all()
    tx.record("recipient.forgotten", recipient_id)


def forget_recipients(tx: Transaction, giver_id: PersonId) -> None:
    """Forget all whom a giver named."""
    tx.execute(FORGET, {"giver": giver_id, "one": None, "now": tx.now})
