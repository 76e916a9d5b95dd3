"""Messages take their turn and end; a sender that died is outwaited, one that slept is not believed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from farmlink.notify import queries, rules
from farmlink.notify.values import Kind, MessageId, State, Turn, Waiting
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.pipeline import uuids, wholes
from farmlink.store.transaction import Transaction

LOOK_AT: Final = 1000
MOST: Final = 50
"""Letters of one turn: even if each of them waits for its time-out, the turn ends before its lease."""
LEASE: Final = timedelta(minutes=10)
LONGEST_ERROR: Final = 200
AWAITED: Final = (Kind.SIGN_IN_CODE, Kind.PASSWORD_RESET, Kind.REGISTRATION, Kind.KNOWN_ADDRESS)
"""Letters that somebody waits for at the screen: taken before all others, however many of those are due."""
DUE = f"""
SELECT id, kind, person_id, subject_id, attempts FROM message
WHERE state = 'waiting' AND due_at <= clock_timestamp()
ORDER BY kind NOT IN ({", ".join(repr(kind.value) for kind in AWAITED)}), due_at, id
LIMIT :most FOR UPDATE SKIP LOCKED
"""  # noqa: S608  # our own words
TAKE = """
UPDATE message SET attempts = attempts + 1, due_at = clock_timestamp() + :lease WHERE id = ANY(CAST(:ids AS uuid[]))
"""
GIVE_BACK = """
UPDATE message SET attempts = message.attempts - 1, due_at = clock_timestamp()
FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS bigint[])) AS taken (id, attempts)
WHERE message.id = taken.id AND message.attempts = taken.attempts AND state = 'waiting'
"""
END = "UPDATE message SET state = :state WHERE id = ANY(CAST(:ids AS uuid[])) AND state = 'waiting'"
SENT = "UPDATE message SET state = 'sent', sent_at = clock_timestamp() WHERE id = :id AND state = 'waiting'"
FAILED = """
UPDATE message SET state = :state, last_error = :error, due_at = clock_timestamp() + :wait
WHERE id = :id AND state = 'waiting' AND attempts = :attempts
"""


def take_turn(tx: Transaction) -> Turn:
    """Take messages that are due, until the lease ends; what has no address, or is not wanted, ends here at once."""
    due = tx.execute(DUE, {"most": LOOK_AT}).all()
    person_ids = [PersonId(row.person_id) for row in due if row.person_id is not None]
    contacts, ended = people.contacts(tx, person_ids), queries.unwanted(tx, person_ids)
    reached = [row for row in due if row.person_id is None or contacts[row.person_id].email is not None]
    wanted = [row for row in reached if (row.person_id, rules.LETTERS_OF.get(Kind(row.kind))) not in ended]
    for state, left, kept in (State.NOBODY, due, reached), (State.UNWANTED, reached, wanted):
        end(tx, ({MessageId(row.id) for row in left} - {MessageId(row.id) for row in kept}), state)
    taken = wanted[:MOST]
    tx.execute(TAKE, {"ids": uuids(row.id for row in taken), "lease": LEASE})
    return Turn(tuple(map(_waiting, taken)), len(due) - len(wanted) + len(taken))


def end(tx: Transaction, ids: Iterable[MessageId], state: State) -> None:
    """End messages that nobody is to get."""
    tx.execute(END, {"ids": uuids(ids), "state": state.value})


def give_back(tx: Transaction, messages: Iterable[Waiting]) -> None:
    """Let somebody else take messages that were taken and not tried; what somebody took meanwhile is theirs."""
    taken = list(messages)
    named = {"ids": uuids(one.id for one in taken), "attempts": wholes(one.attempts for one in taken)}
    tx.execute(GIVE_BACK, named)


def mark_sent(tx: Transaction, message: Waiting) -> None:
    """Keep that a message is in the post, whoever posted it."""
    tx.execute(SENT, {"id": message.id})


def put_off(tx: Transaction, message: Waiting, error: str) -> None:
    """Try a message again later, and at last no more."""
    wait = rules.wait_after(message.attempts)
    _failed(tx, message, error, State.FAILED if wait is None else State.WAITING, wait or timedelta())


def mark_failed(tx: Transaction, message: Waiting, error: str) -> None:
    """Give a message up that no further attempt could deliver."""
    _failed(tx, message, error, State.FAILED, timedelta())


def _failed(tx: Transaction, message: Waiting, error: str, state: State, wait: timedelta) -> None:
    named = {"id": message.id, "attempts": message.attempts, "state": state.value, "wait": wait}
    tx.execute(FAILED, named | {"error": error[:LONGEST_ERROR]})


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(MessageId(row.id), Kind(row.kind), row.person_id, row.subject_id, row.attempts + 1)
