"""Staff adds people by name and address, so that somebody can order for them, and invites them to sign in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from farmlink.people import queries, rules
from farmlink.people.commands.persons import add_person
from farmlink.people.tables import PasswordResetRow, PersonRow
from farmlink.people.values import PersonId, PersonInvited, ResetId
from farmlink.store import locks
from farmlink.store.transaction import Transaction

INVITED = """
SELECT done_at FROM audit_entry
WHERE actor = :actor AND action = 'person.invited' AND done_at > :since ORDER BY done_at DESC
"""
STILL_INVITED = "SELECT FROM password_reset WHERE person_id = :id AND expires_at > :now"


def invite(tx: Transaction, name: str, email: str, language: str) -> PersonId:
    """Find who has this address, or add them; who cannot sign in is sent the way to a password, once while it holds."""
    email = rules.clean_email(email)
    person_id = _known(tx, email) or _added(tx, name, email, language)
    tx.lock(PersonRow, person_id)
    invited = tx.execute(STILL_INVITED, {"id": person_id, "now": tx.now}).first() is not None
    if not invited and not queries.signs_in(tx, person_id):
        _count_invitation(tx)
        expires_at = tx.now + rules.INVITATION_LASTS
        row = tx.add(PasswordResetRow(person_id=person_id, asked_at=tx.now, expires_at=expires_at))
        tx.announce(PersonInvited(ResetId(row.id)))
        tx.record("person.invited", person_id)
    return person_id


def _count_invitation(tx: Transaction) -> None:
    """Refuse who sent too many lately; the audit counts them, one at a time for each who invites."""
    locks.exclude(tx, UUID(bytes=rules.hashed(tx.actor)[:16]))
    since = tx.now - rules.LETTERS_COUNT_FOR
    rules.check_invitations(tx.execute(INVITED, {"actor": tx.actor, "since": since}).scalars().all(), tx.now)


def _known(tx: Transaction, email: str) -> PersonId | None:
    known = tx.execute("SELECT id FROM person WHERE email = :email", {"email": email}).scalar()
    return None if known is None else PersonId(known)


def _added(tx: Transaction, name: str, email: str, language: str) -> PersonId:
    try:
        with tx.session.begin_nested():
            return add_person(tx, name, email=email, language=language)
    except IntegrityError:  # somebody else added or opened it at this moment
        known = _known(tx, email)
        assert known is not None, "only the address can be there already"
        return known
