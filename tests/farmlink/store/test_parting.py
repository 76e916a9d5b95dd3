"""Last writes that go with the commit: all of them or none, and when they can be seen."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.store.pipeline import parting, pipeline
from farmlink.store.store import OutcomeUnknownError, Store
from farmlink.store.transaction import Transaction

FOUND = "INSERT INTO organisation (id, name, kind, revision, founded_at) VALUES (%s, 'A', 'farm', 1, now())"
PG_RAISE = """
CREATE FUNCTION pg_raise(state text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = state; END $$
"""


def organisations(tx: Transaction) -> int:
    return int(tx.execute("SELECT count(*) FROM organisation WHERE kind = 'farm'").scalar_one())


def test_what_is_left_to_write_goes_with_the_commit(store: Store) -> None:
    def found(tx: Transaction) -> int:
        with parting(tx) as pipe:
            pipe.write(FOUND, (UUID(int=1),))
        return organisations(tx)

    assert store.run(found) == 0  # not written yet
    assert store.read(organisations) == 1
    assert store.run(organisations) == 1  # the connection is as good as new


def test_a_transaction_whose_last_write_is_refused_leaves_nothing(store: Store) -> None:
    def found(tx: Transaction) -> None:
        tx.record("farm.found", UUID(int=1))
        with parting(tx) as pipe:
            pipe.write(FOUND, (None,))

    with pytest.raises(IntegrityError):
        store.run(found)
    assert store.read(organisations) == 0
    assert store.read(lambda tx: tx.execute("SELECT count(*) FROM audit_entry").scalar_one()) == 0


def test_a_last_write_that_loses_a_race_is_run_again(store: Store) -> None:
    tried: list[int] = []

    def found(tx: Transaction) -> None:
        tried.append(1)
        with parting(tx) as pipe:
            pipe.write(FOUND if len(tried) > 1 else FOUND.replace("'A'", "pg_raise('40001')"), (UUID(int=1),))

    store.run(lambda tx: tx.execute(PG_RAISE))
    try:
        store.run(found)
    finally:
        store.run(lambda tx: tx.execute("DROP FUNCTION pg_raise"))
    assert len(tried) == 2
    assert store.read(organisations) == 1


def test_a_last_write_whose_answer_never_came_is_not_guessed_about(store: Store) -> None:
    def found(tx: Transaction) -> None:
        with parting(tx) as pipe:
            pipe.write(FOUND.replace("'A'", "pg_terminate_backend(pg_backend_pid())::text"), (UUID(int=1),))

    with pytest.raises(OutcomeUnknownError):
        store.run(found)
    assert store.read(organisations) == 0


def test_a_glance_sees_what_is_committed_and_leaves_the_connection_as_it_was(store: Store) -> None:
    def found(tx: Transaction) -> None:
        with pipeline(tx) as pipe:
            pipe.write(FOUND, (UUID(int=1),))

    assert store.glance(organisations) == 0
    store.run(found)
    assert store.glance(organisations) == 1
    with pytest.raises(IntegrityError):
        store.run(found)
    assert store.glance(organisations) == 1
