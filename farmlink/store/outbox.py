"""The relay: what one room announced becomes commands of later rooms, at least once, each in one transaction.

An event and the commands it causes commit together, so that an effect in the database happens once. One that fails is
tried again later and later, and in the end kept where people see it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import sql
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.errors import MissingError
from farmlink.kernel.events import Event
from farmlink.kernel.locale import marked
from farmlink.store import bell
from farmlink.store.broken import what_broke
from farmlink.store.pipeline import uuids
from farmlink.store.store import OutcomeUnknownError, Store
from farmlink.store.transaction import Transaction

Reaction = Callable[[Transaction, Any], object]
Reactions = Mapping[type[Event], Sequence[Reaction]]

MOST_ATTEMPTS = 12
LONGEST_WAIT_S = 3600
LOOK_EVERY_S = 1.0
"""How long an event waits at most when nobody rang, because the announcer died or the event was put off."""

NEXT_DUE = """
SELECT id, name, payload, attempts FROM outbox_event
WHERE delivered_at IS NULL AND dead_at IS NULL AND due_at <= clock_timestamp()
ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
UNHEARD = """
UPDATE outbox_event SET delivered_at = clock_timestamp()
WHERE delivered_at IS NULL AND dead_at IS NULL AND due_at <= clock_timestamp() AND name = ANY(:names)
"""
NEXT_JOINT = """
SELECT id, name, payload FROM outbox_event
WHERE delivered_at IS NULL AND dead_at IS NULL AND due_at <= clock_timestamp() AND name = ANY(:names) AND attempts = 0
ORDER BY due_at, id LIMIT 1000 FOR UPDATE SKIP LOCKED
"""
DELIVERED = "UPDATE outbox_event SET delivered_at = clock_timestamp() WHERE id = ANY(CAST(:ids AS uuid[]))"


@dataclass(frozen=True, slots=True)
class Announced:
    """An event and the id under which it was announced."""

    event_id: UUID
    event: Any


@dataclass(frozen=True, slots=True)
class Together:
    """A reaction to many events of one name in one transaction: orders come by the thousand."""

    react: Callable[[Transaction, Sequence[Announced]], object]

    def __call__(self, tx: Transaction, event: Event) -> None:
        """React to one event, after reacting to many at once failed."""
        assert tx.cause is not None, "only the relay calls reactions"
        self.react(tx, [Announced(tx.cause, event)])


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that no attempt could deliver; it waits for somebody to mend the cause and revive it."""

    event_id: UUID
    name: str
    announced_at: datetime
    dead_at: datetime
    attempts: int
    last_error: str


def relay_due(store: Store, reactions: Reactions, stop: threading.Event | None = None) -> int:
    """Deliver what is due, one transaction an event; the number of events that were tried.

    Events that nobody reacts to are done with in one statement, and those that are reacted to together in a few: five
    thousand orders announce as many. What fails together is tried one by one.
    """
    stopping = stop or threading.Event()
    tried = store.run(_pass_over_unheard, reactions)
    while not stopping.is_set() and (done := store.run(_relay_joint, reactions)):
        tried += done
    while not stopping.is_set() and store.run(_relay_next, reactions):
        tried += 1
    return tried


def relay_until(store: Store, reactions: Reactions, stop: threading.Event) -> None:
    """Deliver as events come, until told to stop; a lost database is waited for."""
    while not stop.is_set():
        try:
            with closing(_listener(store)) as listener:
                while not stop.is_set():
                    relay_due(store, reactions, stop=stop)
                    # The first ring ends the wait; more rings of the same moment are answered by the same look.
                    list(listener.notifies(timeout=LOOK_EVERY_S, stop_after=1))
        except (DBAPIError, psycopg.Error, OutcomeUnknownError):  # what committed is not due any more
            stop.wait(LOOK_EVERY_S)


@dataclass(frozen=True, slots=True)
class Standing:
    """How much was announced and not yet delivered: what waits, the longest wait in seconds, and what was given up."""

    waiting: int
    longest_s: int
    dead: int


def standing(tx: Transaction) -> Standing:
    """Tell how far the relay is behind."""
    row = tx.execute(
        "SELECT count(*) FILTER (WHERE dead_at IS NULL),"
        " coalesce(extract(epoch FROM max(:now - announced_at) FILTER (WHERE dead_at IS NULL)), 0)::bigint,"
        " count(*) FILTER (WHERE dead_at IS NOT NULL) FROM outbox_event WHERE delivered_at IS NULL",
        {"now": tx.now},
    ).one()
    return Standing(*tuple(row))


def dead_letters(tx: Transaction) -> list[DeadLetter]:
    """Read the events that were given up, oldest first."""
    rows = tx.execute(
        "SELECT id, name, announced_at, dead_at, attempts, coalesce(last_error, '') FROM outbox_event"
        " WHERE dead_at IS NOT NULL ORDER BY dead_at, id"
    )
    return [DeadLetter(*tuple(row)) for row in rows]


def revive(tx: Transaction, event_id: UUID) -> None:
    """Try an event again that was given up."""
    revived = tx.execute(
        "UPDATE outbox_event SET dead_at = NULL, attempts = 0, due_at = :now WHERE id = :id AND dead_at IS NOT NULL",
        {"id": event_id, "now": tx.now},
    )
    if not revived.rowcount:
        raise MissingError(noun=marked("dead letter"), id=event_id)
    tx.record("outbox.revived", event_id)
    tx.announced = True


def revive_all(tx: Transaction) -> int:
    """Try again every event that was given up; how many those are."""
    dead = dead_letters(tx)
    for letter in dead:
        revive(tx, letter.event_id)
    return len(dead)


def forget_delivered(tx: Transaction, older_than: timedelta) -> int:
    """Forget events that were delivered long ago; one that was given up is kept until somebody revives it."""
    before = {"before": tx.now - older_than}
    return tx.execute("DELETE FROM outbox_event WHERE delivered_at < :before", before).rowcount


def _listener(store: Store) -> psycopg.Connection:
    """Open a connection that listens; it never goes back to the pool."""
    pooled = store.engine.raw_connection()
    listener = pooled.driver_connection
    assert isinstance(listener, psycopg.Connection)
    pooled.detach()
    listener.autocommit = True
    listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(bell.NAME)))
    return listener


def _pass_over_unheard(tx: Transaction, reactions: Reactions) -> int:
    unheard = sorted(name for name, event in Event.known.items() if not reactions.get(event))
    return tx.execute(UNHEARD, {"names": unheard}).rowcount


def _relay_joint(tx: Transaction, reactions: Reactions) -> int:
    joint: dict[str, list[Together]] = {}
    for event, told in reactions.items():
        together = [one for one in told if isinstance(one, Together)]
        if together and len(together) == len(told):
            joint[event.name] = together
    rows = tx.execute(NEXT_JOINT, {"names": sorted(joint)}).all()
    if not rows:
        return 0
    try:
        with tx.session.begin_nested():
            for name, together in joint.items():
                known = Event.known[name]
                announced = [Announced(row.id, msgspec.convert(row.payload, known)) for row in rows if row.name == name]
                for reaction in together if announced else ():
                    reaction.react(tx, announced)
    except DBAPIError as error:
        if _lost(error):
            raise
        return 0
    except Exception:  # noqa: BLE001  # each is tried alone, and its error kept with it
        return 0
    tx.execute(DELIVERED, {"ids": uuids(row.id for row in rows)})
    return len(rows)


def _relay_next(tx: Transaction, reactions: Reactions) -> bool:
    row = tx.execute(NEXT_DUE).first()
    if row is None:
        return False
    try:
        tx.cause = row.id
        with tx.session.begin_nested():
            event = msgspec.convert(row.payload, Event.known[row.name])
            for reaction in reactions.get(type(event), ()):
                reaction(tx, event)
    except DBAPIError as error:
        if _lost(error):
            raise  # a lost race or server is nobody's fault, and the whole transaction is tried again
        _put_off(tx, row.id, row.attempts + 1, error)
    except Exception as error:  # noqa: BLE001  # whatever a reaction does wrong must not stop the others
        _put_off(tx, row.id, row.attempts + 1, error)
    else:
        tx.execute("UPDATE outbox_event SET delivered_at = clock_timestamp() WHERE id = :id", {"id": row.id})
    return True


def _lost(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in {None, "40001", "40P01"}


def _put_off(tx: Transaction, event_id: UUID, attempts: int, error: Exception) -> None:
    wait = timedelta(seconds=min(LONGEST_WAIT_S, 2**attempts))
    tx.execute(
        "UPDATE outbox_event SET attempts = :attempts, last_error = :error, due_at = :now + :wait,"
        " dead_at = CASE WHEN :attempts >= :most THEN :now END WHERE id = :id",
        {
            "id": event_id,
            "attempts": attempts,
            "most": MOST_ATTEMPTS,
            "error": what_broke(error),
            "now": tx.now,
            "wait": wait,
        },
    )
