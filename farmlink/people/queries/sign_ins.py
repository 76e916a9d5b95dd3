"""Who is signed in, what a password is judged by, and what links say."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from farmlink.people import rules
from farmlink.people.queries.members import memberships_of
from farmlink.people.values import Carrier, CodeId, Credentials, Link, PersonId, Principal, SignInCard, SignInId
from farmlink.store.transaction import Transaction

LINKS = "link"
OPENS = """
SELECT FROM registration WHERE token_hash = :token_hash AND expires_at > :now
AND NOT EXISTS (SELECT FROM person WHERE person.email = registration.email)
"""
WRONG_HERE = """
SELECT failed_at FROM sign_in_failure WHERE network = :network AND failed_at > :since
ORDER BY failed_at DESC LIMIT :most
"""
FAILURES = """
SELECT count(*) AS everywhere, count(*) FILTER (WHERE network = :network) AS here,
  (array_agg(failed_at ORDER BY failed_at DESC) FILTER (WHERE network = :network))[:most_here] AS full_here,
  (array_agg(failed_at ORDER BY failed_at DESC))[:most] AS full
FROM sign_in_failure WHERE email_hash = :email_hash AND failed_at > :since
"""


def principal_of(tx: Transaction, token: str) -> Principal | None:
    """Who carries this session token; nobody once it ended or expired."""
    rows = tx.execute(
        "SELECT sign_in.person_id, membership.role, membership.organisation_id,"
        " (SELECT id FROM organisation WHERE kind = 'platform') AS platform_id FROM sign_in"
        " LEFT JOIN membership USING (person_id) WHERE token_hash = :token_hash AND expires_at > now()",
        {"token_hash": rules.hashed(token)},
    ).all()
    if not rows:
        return None
    return Principal(PersonId(rows[0].person_id), memberships_of(rows), rows[0].platform_id)


def sign_ins(tx: Transaction, person_id: PersonId, token: str) -> list[SignInCard]:
    """Where a person is signed in, the newest first; `token` is the one that asks."""
    rows = tx.execute(
        "SELECT id, carrier, browser, signed_in_at, expires_at, token_hash = :token_hash AS here FROM sign_in"
        " WHERE person_id = :person_id AND expires_at > now() ORDER BY signed_in_at DESC, id DESC",
        {"person_id": person_id, "token_hash": rules.hashed(token)},
    )
    return [
        SignInCard(SignInId(row.id), Carrier(row.carrier), row.browser, row.signed_in_at, row.expires_at, row.here)
        for row in rows
    ]


def code_reader(tx: Transaction, code_id: CodeId) -> PersonId | None:
    """Whose code this is while it can be used; nobody's where the address is not known."""
    found = tx.execute(
        "SELECT person_id FROM sign_in_code WHERE id = :id AND expires_at > :now", {"id": code_id, "now": tx.now}
    ).scalar()
    return None if found is None else PersonId(found)


def opens_account(tx: Transaction, token: str) -> bool:
    """Tell whether the link of a registration's letter can be used; asking uses nothing up."""
    return tx.execute(OPENS, {"token_hash": rules.hashed(token), "now": tx.now}).first() is not None


def sets_password(tx: Transaction, token: str) -> bool:
    """Tell whether the link to a new password can be used; asking uses nothing up."""
    found = "SELECT FROM password_reset WHERE token_hash = :token_hash AND expires_at > :now"
    return tx.execute(found, {"token_hash": rules.hashed(token), "now": tx.now}).first() is not None


def credentials(tx: Transaction, email: str) -> Credentials | None:
    """What a password for this address is judged against; none when there is no sign-in."""
    row = tx.execute(
        "SELECT id, password_hash FROM person WHERE email = :email AND password_hash IS NOT NULL", {"email": email}
    ).first()
    return None if row is None else Credentials(PersonId(row.id), row.password_hash)


def failures(tx: Transaction, email: str, network: str) -> rules.Failures:
    """Recent tries for an address, and when the oldest of those that are too many is forgotten."""
    row = tx.execute(
        FAILURES,
        {
            "email_hash": rules.hashed(email),
            "network": network,
            "since": tx.now - rules.FAILURES_COUNT_FOR,
            "most_here": rules.FAILURES_PER_NETWORK,
            "most": rules.FAILURES_PER_ADDRESS,
        },
    ).one()
    full = [failed_at for failed_at in (row.full_here, row.full) if failed_at is not None]
    waits = max((failed_at + rules.FAILURES_COUNT_FOR - tx.now for failed_at in full), default=timedelta(0))
    return rules.Failures(row.here, row.everywhere, max(1, math.ceil(waits.total_seconds())))


def wrong_from(tx: Transaction, network: str, most: int) -> list[datetime]:
    """When tries from a network were wrong lately, whatever the address, the newest first."""
    named = {"network": network, "since": tx.now - rules.FAILURES_COUNT_FOR, "most": most}
    return list(tx.execute(WRONG_HERE, named).scalars())


def signing_key(tx: Transaction, purpose: str) -> bytes | None:
    """The installation's key for one kind of seal; there is none before the first was made with it."""
    found = tx.execute("SELECT secret FROM signing_key WHERE purpose = :purpose", {"purpose": purpose}).scalar()
    return None if found is None else bytes(found)


def link(tx: Transaction, purpose: str, token: str) -> Link:
    """What a signed link says, for showing its page; reading it binds nothing."""
    secret = signing_key(tx, LINKS)
    if secret is None:
        raise rules.LinkBrokenError
    return rules.read_link(secret, purpose, token, tx.now)
