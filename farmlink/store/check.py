"""What must always hold: one file of SQL per statement of the design, each naming the rows that break it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from farmlink.store.audit import first_broken
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

CHECKS = Path(__file__).parent / "checks"


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks a statement; `statement` is its number in the design, `what` says how."""

    statement: int
    table: str
    id: str
    what: str


def check(store: Store) -> list[Violation]:
    """Judge a live database in one snapshot; an empty list is what everybody wants."""
    return store.read(_judge)


def _judge(tx: Transaction) -> list[Violation]:
    found = [
        Violation(int(path.name[:2]), row.of_table, row.id, row.what)
        for path in sorted(CHECKS.glob("[0-9][0-9]_*.sql"))
        for row in tx.execute(path.read_text())
    ]
    if broken := first_broken(tx):
        found.append(Violation(1, "audit_seal", str(broken.position), f"entry {broken.entry_id} was changed since"))
    return found
