"""The audit's seals: a chain of digests, made after the deeds, that shows any entry changed or removed since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from farmlink.store.transaction import Transaction

SEALERS_LOCK = 4_711_001
FIRST = "0" * 64
DAWN = datetime(1, 1, 1, tzinfo=UTC)
LOOK_BACK = timedelta(hours=1)
"""So much later than it began a transaction may still bring its deeds; nothing waits inside one."""
LAST = """
SELECT position, digest, done_at FROM audit_seal LEFT JOIN audit_entry ON id = entry_id ORDER BY position DESC LIMIT 1
"""
UNSEALED = """
SELECT id, actor, action, subject, facts, done_at FROM audit_entry
WHERE done_at >= :since
  AND NOT EXISTS (SELECT FROM audit_seal WHERE entry_id = audit_entry.id) ORDER BY done_at, id LIMIT :most
"""
SEALED = """
SELECT position, digest, entry_id, id, actor, action, subject, facts, done_at
FROM audit_seal LEFT JOIN audit_entry ON id = entry_id ORDER BY position
"""


DEEDS = """
SELECT id, actor, action, subject, facts, done_at FROM audit_entry
WHERE (CAST(:before AS timestamptz) IS NULL OR (done_at, id) < (:before, CAST(:before_id AS uuid)))
  AND (CAST(:subject AS uuid) IS NULL OR subject = :subject)
  AND (:action = '' OR starts_with(action, :action))
ORDER BY done_at DESC, id DESC LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to what, when; ids only."""

    id: UUID
    actor: str
    action: str
    subject: UUID
    facts: dict[str, Any]
    done_at: datetime


def deeds(
    tx: Transaction,
    most: int,
    *,
    before: tuple[datetime, UUID] | None = None,
    subject: UUID | None = None,
    action: str = "",
) -> list[Deed]:
    """Read what was done, the latest first; `action` is how its name begins, such as `cycle.`.

    What follows a deed is before its hour and id: all deeds of one transaction have the same hour.
    """
    done_at, id_ = before or (None, None)
    asked = {"most": most, "before": done_at, "before_id": id_, "subject": subject, "action": action}
    return [Deed(*tuple(row)) for row in tx.execute(DEEDS, asked)]


def done_since(tx: Transaction, action: str, since: datetime) -> int:
    """How often something was done since an hour."""
    asked = {"action": action, "since": since}
    return int(
        tx.execute("SELECT count(*) FROM audit_entry WHERE done_at > :since AND action = :action", asked).scalar_one()
    )


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """The first link that does not follow from the one before."""

    position: int
    entry_id: UUID


def seal(tx: Transaction, most: int = 10_000, *, from_dawn: bool = False) -> int:
    """Seal entries that have no seal yet, one sealer at a time; the number sealed.

    It looks at the last ones alone, however long the history is; from the dawn also for what was passed over.
    """
    tx.execute("SELECT pg_advisory_xact_lock(:key)", {"key": SEALERS_LOCK})
    last = tx.execute(LAST).first()
    position, digest = (last.position, last.digest) if last else (0, FIRST)
    since = last.done_at - LOOK_BACK if last and last.done_at and not from_dawn else DAWN
    seals = []
    for entry in tx.execute(UNSEALED, {"since": since, "most": most}):
        position, digest = position + 1, _link(digest, entry)
        seals.append({"position": position, "entry": entry.id, "digest": digest, "now": tx.now})
    if seals:
        tx.execute(
            "INSERT INTO audit_seal (position, entry_id, digest, sealed_at) VALUES (:position, :entry, :digest, :now)",
            seals,
        )
    return len(seals)


def first_broken(tx: Transaction) -> BrokenSeal | None:
    """Walk the chain; nothing when every entry is as it was sealed."""
    digest = FIRST
    for position, row in enumerate(tx.execute(SEALED), start=1):
        if row.position != position or row.id is None or (digest := _link(digest, row)) != row.digest:
            return BrokenSeal(row.position, row.entry_id)
    return None


def _link(before: str, entry: Row[Any]) -> str:
    deed = [
        str(entry.id),
        entry.actor,
        entry.action,
        str(entry.subject),
        entry.facts,
        entry.done_at.astimezone(UTC).isoformat(),
    ]
    return hashlib.sha256(f"{before}\n{json.dumps(deed, sort_keys=True)}".encode()).hexdigest()
