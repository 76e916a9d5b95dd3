"""Many rows at once: arrays of texts, ids and numbers, and locks in one order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Select, Uuid, column, select, table
from sqlalchemy.exc import IntegrityError

from farmlink.kernel.ids import uuid7
from farmlink.store.bulk import NEW_ID
from farmlink.store.locks import lock_keys
from farmlink.store.pipeline import among, pipeline, texts, uuids, wholes
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

NASTY = ["plain", 'say "no"', "back\\slash", "{a,b}", "", "NULL", " ", "苹果", "a,b\n\t"]


def test_no_text_becomes_two_elements_of_an_array(store: Store) -> None:
    def echo(tx: Transaction) -> list[object]:
        with pipeline(tx) as pipe:
            return list(pipe.send("SELECT %s::text[]", (texts([*NASTY, None]),)).fetchone() or ())

    assert store.run(echo) == [[*NASTY, None]]


def test_ids_and_whole_numbers_come_back_as_they_were(store: Store) -> None:
    ids, numbers = [uuid7(), None, UUID(int=0)], [2**62, None, -1]

    def echo(tx: Transaction) -> list[object]:
        with pipeline(tx) as pipe:
            return list(pipe.send("SELECT %s::uuid[], %s::bigint[]", (uuids(ids), wholes(numbers))).fetchone() or ())

    assert store.run(echo) == [ids, numbers]


def test_a_number_that_is_none_injects_nothing() -> None:
    with pytest.raises(ValueError, match="format"):
        wholes(["1},{2"])  # type: ignore[list-item]  # what must not get in


def test_what_the_database_refuses_in_a_pipeline_is_refused_as_anywhere(store: Store) -> None:
    def twice(tx: Transaction) -> None:
        with pipeline(tx) as pipe:
            for _ in range(2):
                pipe.send(
                    "INSERT INTO organisation (id, name, kind, revision, founded_at) VALUES (%s, '', 'farm', 1, now())",
                    (UUID(int=1),),
                )

    with pytest.raises(IntegrityError):
        store.run(twice)


def test_many_ids_are_read_once_and_not_for_every_row(store: Store) -> None:
    ids = [uuid7(), uuid7()]

    def plan(tx: Transaction) -> str:
        tx.execute("SET LOCAL enable_indexscan = off")
        tx.execute("SET LOCAL enable_bitmapscan = off")
        chosen: Select[Any] = (
            select(column("id")).select_from(table("organisation")).where(among(column("id", Uuid), ids))
        )
        asked = chosen.compile(tx.session.connection())
        return "\n".join(row[0] for row in tx.session.connection().exec_driver_sql(f"EXPLAIN {asked}", asked.params))

    assert f"(id = ANY ('{{{ids[0]},{ids[1]}}}'::uuid[]))" in store.read(plan)


def test_ids_made_by_the_database_are_of_version_7_and_of_this_moment(store: Store) -> None:
    before = uuid7()
    made = store.read(lambda tx: list(tx.execute(f"SELECT {NEW_ID} FROM generate_series(1, 50)").scalars()))
    after = uuid7()

    assert {(key.version, key.variant) for key in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 50
    assert all(before.int >> 80 <= key.int >> 80 <= after.int >> 80 for key in made)


def test_everybody_takes_locks_in_one_order() -> None:
    ids = [uuid7() for _ in range(20)]

    assert lock_keys(ids) == lock_keys([*reversed(ids), ids[3]])
    assert lock_keys(ids) == sorted(lock_keys(ids))
