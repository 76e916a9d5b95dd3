"""Sign-ins begin, end, and are forgotten; the token itself is never kept."""

from __future__ import annotations

from farmlink.people import rules
from farmlink.people.tables import SignInFailureRow, SignInRow
from farmlink.people.values import Carrier, PersonId, SignedIn
from farmlink.store.transaction import Transaction


def sign_in_as(
    tx: Transaction, person_id: PersonId, carrier: Carrier = Carrier.BEARER, replaces: str | None = None
) -> SignedIn:
    """Open a fresh sign-in; what the device carried before ends with it, so that none can be planted."""
    if replaces is not None:
        sign_out(tx, replaces)
    token, expires_at = rules.new_token(), tx.now + rules.SIGN_IN_LASTS
    tx.add(
        SignInRow(
            person_id=person_id,
            token_hash=rules.hashed(token),
            carrier=carrier.value,
            signed_in_at=tx.now,
            expires_at=expires_at,
        )
    )
    return SignedIn(person_id, token, expires_at)


def sign_out(tx: Transaction, token: str) -> None:
    """End one sign-in at once; an unknown one has ended already."""
    tx.execute("DELETE FROM sign_in WHERE token_hash = :token_hash", {"token_hash": rules.hashed(token)})


def sign_out_everywhere(tx: Transaction, person_id: PersonId) -> None:
    """End every sign-in of a person at once."""
    tx.execute("DELETE FROM sign_in WHERE person_id = :person_id", {"person_id": person_id})


def note_failure(tx: Transaction, email: str, network: str) -> None:
    """Remember a wrong password; the address only as its hash, whether or not it exists."""
    tx.add(SignInFailureRow(email_hash=rules.hashed(email), network=network, failed_at=tx.now))


def forget_old(tx: Transaction) -> None:
    """Delete what has expired: sign-ins, failures, unconfirmed registrations, tokens, link bindings."""
    tx.execute("DELETE FROM sign_in_failure WHERE failed_at < :before", {"before": tx.now - rules.FAILURES_COUNT_FOR})
    tx.execute("DELETE FROM sign_in WHERE expires_at < :now", {"now": tx.now})
    tx.execute("DELETE FROM registration WHERE expires_at < :now", {"now": tx.now})
    tx.execute("DELETE FROM password_reset WHERE expires_at < :now", {"now": tx.now})
    tx.execute("DELETE FROM link_binding WHERE expires_at < :now", {"now": tx.now})
