"""Accounts and new passwords, by a token in a message; whoever asks learns nothing about who is known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from farmlink.people import queries, rules
from farmlink.people.commands.persons import add_person
from farmlink.people.commands.sign_ins import sign_out_everywhere
from farmlink.people.tables import LetterAskRow, PasswordResetRow, PersonRow, RegistrationRow
from farmlink.people.values import (
    LetterKind,
    PersonId,
    RegistrationAsked,
    RegistrationId,
    RegistrationRepeated,
    ResetAsked,
    ResetId,
)
from farmlink.store import locks
from farmlink.store.transaction import Transaction

ASKED = """
SELECT asked_at, email_hash = :email_hash AS to_address, network = :network AS from_here FROM letter_ask
WHERE (email_hash = :email_hash OR network = :network) AND kind = :kind AND asked_at > :since ORDER BY asked_at DESC
"""


def count_letter(tx: Transaction, kind: LetterKind, email: str, network: str) -> None:
    """Count that somebody wants a letter sent, whether or not the address is known, before anything is done for it.

    Each kind has its own count, or whoever registers an address would keep its owner from a new password.
    """
    email_hash = rules.hashed(email)
    for counted in email_hash, rules.hashed(network):
        locks.exclude(tx, UUID(bytes=counted[:16]))
    since = tx.now - rules.LETTERS_COUNT_FOR
    named = {"kind": kind.value, "email_hash": email_hash, "network": network, "since": since}
    asked = tx.execute(ASKED, named).all()
    to_address = [row.asked_at for row in asked if row.to_address]
    rules.check_letters(to_address, [row.asked_at for row in asked if row.from_here], tx.now)
    tx.add(LetterAskRow(kind=kind.value, email_hash=email_hash, network=network, asked_at=tx.now))


def ask_registration(tx: Transaction, email: str, name: str, language: str, password_hash: str) -> None:
    """Ask for an account; the address decides by the message it gets, and the answer here is always the same."""
    known = tx.execute("SELECT id FROM person WHERE email = :email", {"email": email}).scalar()
    if known is not None:
        tx.announce(RegistrationRepeated(PersonId(known)))
        return
    row = tx.add(
        RegistrationRow(
            email=email,
            name=rules.clean_name(name),
            language=rules.clean_language(language),
            password_hash=password_hash,
            asked_at=tx.now,
            expires_at=tx.now + rules.TOKEN_LASTS,
        )
    )
    tx.announce(RegistrationAsked(RegistrationId(row.id)))


def make_registration_token(tx: Transaction, registration_id: RegistrationId) -> tuple[str, str, str]:
    """Make the token just when its message is written; address, language and token.

    A message that is written again, because nobody knows whether it arrived, has another token, and both open the
    account: the wish is there once for each.
    """
    row = tx.lock(RegistrationRow, registration_id)
    _refuse_late(tx, row.expires_at)
    token = rules.new_token()
    if row.token_hash is None:
        row.token_hash = rules.hashed(token)
    else:
        again = row.model_dump(exclude={"id", "token_hash"})
        tx.add(RegistrationRow(token_hash=rules.hashed(token), **again))
    return row.email, row.language, token


def confirm_registration(tx: Transaction, token: str) -> PersonId:
    """Open the account that the message's reader asked for; other wishes for the same address lapse."""
    row = tx.execute(
        "DELETE FROM registration WHERE token_hash = :token_hash RETURNING *", {"token_hash": rules.hashed(token)}
    ).first()
    if row is None or row.expires_at <= tx.now:
        raise rules.TokenSpentError
    tx.execute("DELETE FROM registration WHERE email = :email", {"email": row.email})
    if tx.execute("SELECT FROM person WHERE email = :email", {"email": row.email}).first() is not None:
        raise rules.TokenSpentError
    return add_person(tx, row.name, email=row.email, language=row.language, password_hash=row.password_hash)


def ask_reset(tx: Transaction, email: str) -> None:
    """Ask for a new password; an unknown address gets the same answer and no message."""
    known = tx.execute("SELECT id FROM person WHERE email = :email", {"email": email}).scalar()
    if known is None:
        return
    row = tx.add(PasswordResetRow(person_id=known, asked_at=tx.now, expires_at=tx.now + rules.TOKEN_LASTS))
    tx.announce(ResetAsked(ResetId(row.id)))


def make_reset_token(tx: Transaction, reset_id: ResetId) -> tuple[PersonId, str]:
    """Make the token just when its message is written; whom it is for, and the token. Written again, both hold."""
    row = tx.lock(PasswordResetRow, reset_id)
    _refuse_late(tx, row.expires_at)
    token = rules.new_token()
    if row.token_hash is None:
        row.token_hash = rules.hashed(token)
    else:
        again = row.model_dump(exclude={"id", "token_hash"})
        tx.add(PasswordResetRow(token_hash=rules.hashed(token), **again))
    return PersonId(row.person_id), token


def set_password(tx: Transaction, token: str, password_hash: str) -> PersonId:
    """Set the new password; the token is spent, and every sign-in and other token of the person ends."""
    row = tx.execute(
        "DELETE FROM password_reset WHERE token_hash = :token_hash RETURNING person_id, expires_at",
        {"token_hash": rules.hashed(token)},
    ).first()
    if row is None or row.expires_at <= tx.now:
        raise rules.TokenSpentError
    person = tx.lock(PersonRow, queries.known_person(tx, PersonId(row.person_id)))
    person.password_hash = password_hash
    for spent in ("password_reset", "sign_in_code"):
        tx.execute(f"DELETE FROM {spent} WHERE person_id = :id", {"id": person.id})  # noqa: S608  # our own names
    sign_out_everywhere(tx, PersonId(person.id))
    tx.record("password.set", person.id)
    return PersonId(person.id)


def _refuse_late(tx: Transaction, expires_at: datetime) -> None:
    if expires_at <= tx.now:
        raise rules.TokenSpentError
