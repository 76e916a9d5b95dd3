"""Sign-ins begin, end, and are forgotten; the token itself is never kept."""

from __future__ import annotations

from uuid import UUID

from farmlink.people import queries, rules
from farmlink.people.commands.links import device_secret
from farmlink.people.tables import PersonRow, SignInFailureRow, SignInRow
from farmlink.people.values import Attempt, Carrier, PersonId, SignedIn, SignInId
from farmlink.store import locks
from farmlink.store.transaction import Transaction, missing


def sign_in_as(
    tx: Transaction,
    person_id: PersonId,
    carrier: Carrier = Carrier.BEARER,
    replaces: str | None = None,
    browser: str = "",
) -> SignedIn:
    """Open a fresh sign-in; what the device carried before ends with it, so that none can be planted."""
    # Locked: what ends all sign-ins, an erasure or a new password, comes before this one and is seen, or after it.
    person = tx.lock(PersonRow, person_id)
    if person.erased_at is not None:
        raise missing(PersonRow, person_id)
    if person.email is not None and not queries.signs_in(tx, person_id):
        tx.record(queries.CAME, person_id)
    if replaces is not None:
        sign_out(tx, replaces)
    token, expires_at = rules.new_token(), tx.now + rules.SIGN_IN_LASTS
    tx.add(
        SignInRow(
            person_id=person_id,
            token_hash=rules.hashed(token),
            carrier=carrier.value,
            browser=browser,
            signed_in_at=tx.now,
            expires_at=expires_at,
        )
    )
    return SignedIn(person_id, token, expires_at)


def sign_out(tx: Transaction, token: str) -> None:
    """End one sign-in at once; an unknown one has ended already."""
    tx.execute("DELETE FROM sign_in WHERE token_hash = :token_hash", {"token_hash": rules.hashed(token)})


def end_sign_in(tx: Transaction, person_id: PersonId, sign_in_id: SignInId) -> None:
    """End one of a person's own sign-ins; one that has ended, or is somebody else's, does not exist."""
    named = {"id": sign_in_id, "person_id": person_id}
    ended = tx.execute("DELETE FROM sign_in WHERE id = :id AND person_id = :person_id RETURNING id", named)
    if ended.first() is None:
        raise missing(SignInRow, sign_in_id)


def sign_out_elsewhere(tx: Transaction, person_id: PersonId, token: str) -> None:
    """End every sign-in of a person but the one that carries this token."""
    named = {"person_id": person_id, "token_hash": rules.hashed(token)}
    tx.execute("DELETE FROM sign_in WHERE person_id = :person_id AND token_hash <> :token_hash", named)


def sign_out_everywhere(tx: Transaction, person_id: PersonId) -> None:
    """End every sign-in of a person at once."""
    tx.execute("DELETE FROM sign_in WHERE person_id = :person_id", {"person_id": person_id})


def begin_attempt(tx: Transaction, email: str, network: str, device: str | None = None) -> Attempt:
    """Count a try before its password is judged, whether or not the address exists, so that many at once count too."""
    locks.exclude(tx, UUID(bytes=rules.hashed(email)[:16]))
    found = queries.credentials(tx, email)
    secret = device_secret(tx)
    known_device = found is not None and rules.knows_device(secret, found.person_id, device)
    rules.check_failures(queries.failures(tx, email, network), known_device=known_device)
    return Attempt(note_failure(tx, email, network), found)


def enter(
    tx: Transaction,
    attempt: Attempt,
    carrier: Carrier = Carrier.BEARER,
    replaces: str | None = None,
    renewed_hash: str | None = None,
    browser: str = "",
) -> SignedIn | None:
    """Open a sign-in whose password was right, and count it as no failure; none if the password changed meanwhile."""
    assert attempt.credentials is not None, "whoever has no password is refused before"
    person = tx.lock(PersonRow, attempt.credentials.person_id)
    if person.password_hash != attempt.credentials.password_hash:
        return None
    person.password_hash = renewed_hash or person.password_hash
    tx.execute("DELETE FROM sign_in_failure WHERE id = :id", {"id": attempt.id})
    return sign_in_as(tx, PersonId(person.id), carrier, replaces, browser)


def note_failure(tx: Transaction, email: str, network: str) -> UUID:
    """Remember a try that is wrong until its password turns out right; the address only as its hash."""
    return count_wrong(tx, rules.hashed(email), network)


def count_wrong(tx: Transaction, email_hash: bytes, network: str) -> UUID:
    """Count a wrong password or code against its address and its network."""
    return tx.add(SignInFailureRow(email_hash=email_hash, network=network, failed_at=tx.now)).id


def forget_old(tx: Transaction) -> None:
    """Delete what has expired: sign-ins, failures, counts, unconfirmed registrations, tokens, codes, bindings."""
    tx.execute("DELETE FROM sign_in_failure WHERE failed_at < :before", {"before": tx.now - rules.FAILURES_COUNT_FOR})
    tx.execute("DELETE FROM letter_ask WHERE asked_at < :before", {"before": tx.now - rules.LETTERS_COUNT_FOR})
    tx.execute("DELETE FROM sign_in WHERE expires_at < :now", {"now": tx.now})
    tx.execute("DELETE FROM registration WHERE expires_at < :now", {"now": tx.now})
    tx.execute("DELETE FROM password_reset WHERE expires_at < :now", {"now": tx.now})
    tx.execute("DELETE FROM sign_in_code WHERE expires_at < :now", {"now": tx.now})
    tx.execute("DELETE FROM link_binding WHERE expires_at < :now", {"now": tx.now})
