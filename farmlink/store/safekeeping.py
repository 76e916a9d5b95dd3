"""Which backups were made, where, and whether somebody looked since that they are whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote
from typing import Final

from farmlink.kernel.ids import uuid7
from farmlink.store.sealed import Seal
from farmlink.store.transaction import Transaction

LATE_AFTER: Final = timedelta(days=1)
SHOWN: Final = 50

MADE: Final = """
INSERT INTO backup_made (id, digest, host, path, size_bytes, schema_revision, made_at)
VALUES (:id, :digest, :host, :path, :size_bytes, :revision, :now) ON CONFLICT (digest) DO NOTHING
"""
JUDGED: Final = "UPDATE backup_made SET verified_at = :now, broken = :broken WHERE digest = :digest"
KEPT: Final = """
SELECT host, path, size_bytes, schema_revision, made_at, verified_at, broken FROM backup_made
ORDER BY made_at DESC, id DESC LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it was made; `broken` is what was wrong when it was last verified."""

    host: str
    path: str
    size_bytes: int
    schema_revision: str
    made_at: datetime
    verified_at: datetime | None
    broken: str | None

    @property
    def word(self) -> str:
        """Its path as a shell reads it."""
        return quote(self.path)


@dataclass(frozen=True, slots=True)
class Standing:
    """The backups, the newest first; `late` says that for more than a day none was made that is not known broken."""

    backups: tuple[Backup, ...]
    newest_at: datetime | None
    age_s: int | None
    late: bool


def write_down(tx: Transaction, seal: Seal, host: str, path: str) -> None:
    """Note a backup that was just made."""
    named = {"id": uuid7(), "host": host, "path": path, "now": tx.now, "revision": seal.revision}
    tx.execute(MADE, named | {"digest": seal.digest, "size_bytes": seal.size_bytes})


def judge(tx: Transaction, digest: str, broken: str | None = None) -> bool:
    """Note what somebody found who read a backup to its end; whether it is one that this database knows."""
    return bool(tx.execute(JUDGED, {"digest": digest, "broken": broken, "now": tx.now}).rowcount)


def standing(tx: Transaction) -> Standing:
    """Tell which backups there are, and how old the newest good one is."""
    found = tuple(Backup(**row._asdict()) for row in tx.execute(KEPT, {"most": SHOWN}))
    newest_at = max((one.made_at for one in found if one.broken is None), default=None)
    age = None if newest_at is None else tx.now - newest_at
    age_s = None if age is None else int(age.total_seconds())
    return Standing(found, newest_at, age_s, late=age is None or age > LATE_AFTER)
