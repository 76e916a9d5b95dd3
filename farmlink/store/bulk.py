"""Keys, events and audit rows of many deeds at once, in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.events import Event
from farmlink.kernel.ids import uuid7
from farmlink.store.idempotency import recalled, remembered
from farmlink.store.pipeline import Pipe, texts, uuids

CLAIM = """
INSERT INTO idempotency_key (actor, key, command, fingerprint, used_at)
SELECT actor, key, %s, fingerprint, transaction_timestamp()
FROM unnest(%s::text[], %s::uuid[], %s::text[]) t(actor, key, fingerprint)
ON CONFLICT DO NOTHING RETURNING actor, key
"""
EARLIER = """
SELECT actor, key, fingerprint, outcome, refusal FROM idempotency_key
JOIN unnest(%s::text[], %s::uuid[]) t(actor, key) USING (actor, key)
"""
REMEMBER = """
UPDATE idempotency_key k SET outcome = t.outcome, refusal = t.refusal
FROM unnest(%s::text[], %s::uuid[], %s::jsonb[], %s::jsonb[]) t(actor, key, outcome, refusal)
WHERE (k.actor, k.key) = (t.actor, t.key)
"""
ANNOUNCE = """
INSERT INTO outbox_event (id, name, payload, announced_at, due_at, attempts)
SELECT id, name, payload, transaction_timestamp(), transaction_timestamp(), 0
FROM unnest(%s::uuid[], %s::text[], %s::jsonb[]) t(id, name, payload)
"""
RECORD = """
INSERT INTO audit_entry (id, actor, action, subject, facts, done_at)
SELECT id, actor, action, subject, facts, transaction_timestamp()
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::jsonb[]) t(id, actor, action, subject, facts)
"""
NEW_ID = """
encode(set_byte(overlay(uuid_send(gen_random_uuid())
  PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
  6, 112 + floor(random() * 16)::int), 'hex')::uuid
"""
"""An SQL expression that makes a UUIDv7 (RFC 9562); PostgreSQL has its own only from version 18 on."""
Claim = tuple[str, UUID]
"""An actor and the idempotency key that it chose."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What became of a key the first time."""

    fingerprint: str
    outcome: Any
    refusal: RefusedError | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to which row."""

    actor: str
    action: str
    subject: UUID
    facts: Mapping[str, object]


def claim_many(pipe: Pipe, command: str, claims: Mapping[Claim, str]) -> Callable[[], set[Claim]]:
    """Claim keys, sorted, each with the fingerprint of its request; those that nobody had before come back."""
    wanted = sorted(claims, key=lambda claim: (claim[1], claim[0]))
    arrays = (texts(actor for actor, _ in wanted), uuids(key for _, key in wanted))
    rows = pipe.send(CLAIM, (command, *arrays, texts(claims[claim] for claim in wanted)))
    return lambda: {(actor, key) for actor, key in rows.fetchall()}


def earlier_many(pipe: Pipe, claims: Iterable[Claim]) -> dict[Claim, Remembered]:
    """Read what became of keys that were claimed before."""
    wanted = list(claims)
    rows = pipe.send(EARLIER, (texts(actor for actor, _ in wanted), uuids(key for _, key in wanted)))
    return {
        (actor, key): Remembered(fingerprint, outcome, recalled(refusal) if refusal else None)
        for actor, key, fingerprint, outcome, refusal in rows.fetchall()
    }


def remember_many(pipe: Pipe, outcomes: Mapping[Claim, object], refusals: Mapping[Claim, RefusedError]) -> None:
    """Keep what became of claimed keys, so that repeating them answers the same."""
    claims = [*outcomes, *refusals]
    done = [*map(_json, outcomes.values()), *[None] * len(refusals)]
    refused = [*[None] * len(outcomes), *(_json(remembered(refusal)) for refusal in refusals.values())]
    arrays = (texts(actor for actor, _ in claims), uuids(key for _, key in claims), texts(done), texts(refused))
    pipe.write(REMEMBER, arrays)


def announce_many(pipe: Pipe, events: Sequence[Event]) -> None:
    """Put events into the outbox; they are relayed after the transaction commits."""
    if not events:
        return
    pipe.tx.announced = True
    names = texts(event.name for event in events)
    pipe.write(ANNOUNCE, (uuids(uuid7() for _ in events), names, texts(map(_json, events))))


def record_many(pipe: Pipe, deeds: Sequence[Deed]) -> None:
    """Write deeds into the audit."""
    pipe.write(
        RECORD,
        (
            uuids(uuid7() for _ in deeds),
            texts(deed.actor for deed in deeds),
            texts(deed.action for deed in deeds),
            uuids(deed.subject for deed in deeds),
            texts(_json(deed.facts) for deed in deeds),
        ),
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
