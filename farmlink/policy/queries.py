"""Which policy holds, and what each version said."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Row

from farmlink.policy import rules
from farmlink.policy.values import FIRST, Policy, PolicyDocument
from farmlink.store.transaction import Transaction


def current(tx: Transaction) -> Policy:
    """The version that cycles opening now will pin."""
    return versions(tx)[0]


def at(tx: Transaction, version: int) -> Policy:
    """What a version says; it never changes."""
    found = next((policy for policy in versions(tx) if policy.version == version), None)
    if found is None:
        raise rules.NoSuchPolicyError(version=version)
    return found


def versions(tx: Transaction) -> list[Policy]:
    """Every version, the newest first; the first of all is in the program."""
    rows = tx.execute("SELECT version, document, published_at, reason FROM policy_version ORDER BY version DESC").all()
    return [*(_policy(row) for row in rows), FIRST]


def _policy(row: Row[Any]) -> Policy:
    return Policy(row.version, msgspec.convert(row.document, PolicyDocument), row.published_at, row.reason)
