"""Idempotency keys: one key of one actor has one effect, and its outcome or refusal is answered again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

import msgspec

from farmlink.kernel.errors import Fact, RefusedError
from farmlink.store.transaction import Transaction

T = TypeVar("T")
KINDS: Mapping[str, type] = {"datetime": datetime, "date": date, "UUID": UUID}
"""Facts that JSON writes as text and a message must render as what they are."""


class KeyReusedError(RefusedError):
    """An idempotency key stands for one request; a second, different one cannot use it."""

    code = "key-reused"
    message = "This idempotency key was used for another request. Send a new key."


def run_once(
    tx: Transaction, key: UUID, command: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T | RefusedError:
    """Run a command under a key, or answer what it answered first; a refusal is returned, so that it is kept."""
    name = f"{command.__module__}.{command.__qualname__}"
    fingerprint = hashlib.sha256(msgspec.json.encode([name, args, kwargs], order="sorted")).hexdigest()
    fresh = tx.execute(
        "INSERT INTO idempotency_key (actor, key, command, fingerprint, used_at)"
        " VALUES (:actor, :key, :command, :fingerprint, :now) ON CONFLICT DO NOTHING RETURNING key",
        {"actor": tx.actor, "key": key, "command": name, "fingerprint": fingerprint, "now": tx.now},
    ).first()
    if fresh is None:
        return _earlier(tx, key, fingerprint, command)
    try:
        with tx.session.begin_nested():
            outcome = command(tx, *args, **kwargs)
    except RefusedError as refusal:
        _remember(tx, key, "refusal", remembered(refusal))
        return refusal
    _remember(tx, key, "outcome", outcome)
    return outcome


def remembered(refusal: RefusedError) -> list[object]:
    """Write a refusal so that it can be answered again, in any language."""
    kinds = {name: type(fact).__name__ for name, fact in refusal.facts.items() if type(fact).__name__ in KINDS}
    return [refusal.code, refusal.message, refusal.facts, kinds]


def recalled(written: list[Any]) -> RefusedError:
    """Read a refusal that was written."""
    code, message, facts, kinds = written
    typed: dict[str, Fact] = facts | {name: msgspec.convert(facts[name], KINDS[kind]) for name, kind in kinds.items()}
    family = RefusedError.known.get(code, RefusedError)
    refusal = RefusedError.__new__(family)
    refusal.message = message
    RefusedError.__init__(refusal, **typed)
    return refusal


def forget_keys(tx: Transaction, older_than: timedelta) -> int:
    """Forget keys that no client repeats any more."""
    return tx.execute("DELETE FROM idempotency_key WHERE used_at < :before", {"before": tx.now - older_than}).rowcount


def forget_refusals(tx: Transaction, keys: Iterable[UUID]) -> None:
    """Let what was refused under the actor's keys be judged anew; what was done under one of them stays done."""
    tx.execute(
        "DELETE FROM idempotency_key WHERE actor = :actor AND key = ANY(CAST(:keys AS uuid[])) AND refusal IS NOT NULL",
        {"actor": tx.actor, "keys": [str(key) for key in keys]},
    )


def _earlier(tx: Transaction, key: UUID, fingerprint: str, command: Callable[..., T]) -> T | RefusedError:
    row = tx.execute(
        "SELECT fingerprint, outcome, refusal FROM idempotency_key WHERE actor = :actor AND key = :key",
        {"actor": tx.actor, "key": key},
    ).one()
    if row.fingerprint != fingerprint:
        return KeyReusedError(key=key)
    if row.refusal is not None:
        return recalled(row.refusal)
    answer: T = msgspec.convert(row.outcome, get_type_hints(command)["return"])
    return answer


def _remember(tx: Transaction, key: UUID, column: str, answer: object) -> None:
    tx.execute(
        f"UPDATE idempotency_key SET {column} = CAST(:answer AS jsonb) WHERE actor = :actor AND key = :key",  # noqa: S608  # one of two literal names
        {"answer": msgspec.json.encode(answer).decode(), "actor": tx.actor, "key": key},
    )
