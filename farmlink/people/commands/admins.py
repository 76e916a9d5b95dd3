"""Who may do everything: named at the machine, since on a new installation there is nobody to admit them."""

from __future__ import annotations

from farmlink.people import rules
from farmlink.people.commands.organisations import found_platform, grant
from farmlink.people.commands.persons import add_person
from farmlink.people.commands.registration import make_reset_token
from farmlink.people.tables import PasswordResetRow
from farmlink.people.values import PersonId, ResetId, Role
from farmlink.store.transaction import Transaction


def name_admin(tx: Transaction, email: str, name: str, language: str) -> str:
    """Make whoever has this address an admin, known before or not; the token by which they set a password."""
    email = rules.clean_email(email)
    known = tx.execute("SELECT id FROM person WHERE email = :email", {"email": email}).scalar()
    if known is None:
        person_id = add_person(tx, name, email=email, language=language, role=Role.ADMIN)
    else:
        person_id = PersonId(known)
        grant(tx, person_id, Role.ADMIN, found_platform(tx))
    row = tx.add(PasswordResetRow(person_id=person_id, asked_at=tx.now, expires_at=tx.now + rules.TOKEN_LASTS))
    return make_reset_token(tx, ResetId(row.id))[1]
