"""Made-up consumers with sign-ins, for the demo and for measurements."""

from __future__ import annotations

from datetime import timedelta

from farmlink.kernel.ids import uuid7
from farmlink.people import rules
from farmlink.people.commands.organisations import found_platform
from farmlink.people.values import PersonId, Role, SignedIn
from farmlink.store.transaction import Transaction

SEEDED_FOR = timedelta(days=365)


def seed_consumers(tx: Transaction, count: int, prefix: str = "Consumer") -> list[SignedIn]:
    """Add `count` consumers who are signed in by bearer token already, in four statements."""
    platform = found_platform(tx)
    expires_at = tx.now + SEEDED_FOR
    seeded = [SignedIn(PersonId(uuid7()), rules.new_token(), expires_at) for _ in range(count)]
    given = {
        "ids": [one.person_id for one in seeded],
        "names": [f"{prefix} {number}" for number in range(1, count + 1)],
        "hashes": [rules.hashed(one.token) for one in seeded],
        "role": Role.CONSUMER.value,
        "platform": platform,
        "now": tx.now,
        "until": expires_at,
    }
    tx.execute(
        "INSERT INTO person (id, name, language, revision, joined_at)"
        " SELECT *, 'en', 1, CAST(:now AS timestamptz) FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]))",
        given,
    )
    tx.execute(
        "INSERT INTO membership (id, person_id, role, organisation_id)"
        " SELECT gen_random_uuid(), person_id, :role, :platform FROM unnest(CAST(:ids AS uuid[])) AS person_id",
        given,
    )
    tx.execute(
        "INSERT INTO sign_in (id, person_id, token_hash, carrier, signed_in_at, expires_at)"
        " SELECT gen_random_uuid(), person_id, token_hash, 'bearer', :now, :until"
        " FROM unnest(CAST(:ids AS uuid[]), CAST(:hashes AS bytea[])) AS seeded (person_id, token_hash)",
        given,
    )
    tx.record("consumers.seeded", platform, count=count)
    return seeded
