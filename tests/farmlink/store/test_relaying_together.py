"""Events of one name that are reacted to together: many in one transaction, and alone where that fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest

from farmlink.kernel.errors import MissingError
from farmlink.kernel.events import Event
from farmlink.store.outbox import Announced, Together, relay_due
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


@pytest.fixture
def crates() -> Iterator[type[Any]]:
    @dataclass(frozen=True, slots=True)
    class CrateFilled(Event):
        name: ClassVar[str] = "test.crate-filled.v1"
        number: int

    yield CrateFilled
    Event.known.pop(CrateFilled.name)


def fill(store: Store, crates: type[Any], count: int) -> None:
    def announce(tx: Transaction) -> None:
        for number in range(count):
            tx.announce(crates(number))

    store.run(announce)


def ends(store: Store) -> list[Any]:
    statement = """
    SELECT delivered_at IS NOT NULL AS delivered, attempts, last_error FROM outbox_event ORDER BY payload -> 'number'
    """
    return list(store.read(lambda tx: tx.execute(statement).all()))


def test_many_events_are_reacted_to_at_once_each_under_its_own_id(store: Store, crates: type[Any]) -> None:
    calls: list[list[int]] = []
    ids: set[UUID] = set()

    def stack(_tx: Transaction, announced: Sequence[Announced]) -> None:
        calls.append([one.event.number for one in announced])
        ids.update(one.event_id for one in announced)

    fill(store, crates, 1200)

    assert relay_due(store, {crates: (Together(stack),)}) == 1200

    assert [len(call) for call in calls] == [1000, 200]
    assert sorted(number for call in calls for number in call) == list(range(1200))
    assert len(ids) == 1200
    assert relay_due(store, {crates: (Together(stack),)}) == 0


def test_one_that_fails_is_put_off_alone(store: Store, crates: type[Any]) -> None:
    def stack(_tx: Transaction, announced: Sequence[Announced]) -> None:
        if any(one.event.number == 1 for one in announced):
            raise MissingError(noun="crate")

    fill(store, crates, 3)

    assert relay_due(store, {crates: (Together(stack),)}) == 3

    assert [(row.delivered, row.attempts) for row in ends(store)] == [(True, 0), (False, 1), (True, 0)]
    assert ends(store)[1].last_error.startswith("MissingError")


@pytest.mark.parametrize(("state", "attempts"), [("40001", 0), ("22012", 1)])
def test_a_lost_race_is_nobodys_fault_and_an_error_of_the_database_is(
    store: Store, crates: type[Any], state: str, attempts: int
) -> None:
    failures = iter([True, state != "40001"])

    def stack(tx: Transaction, _announced: Sequence[Announced]) -> None:
        if next(failures, False):
            tx.execute(f"DO $$ BEGIN RAISE EXCEPTION 'race' USING ERRCODE = '{state}'; END $$")

    fill(store, crates, 1)

    relay_due(store, {crates: (Together(stack),)})

    assert [row.attempts for row in ends(store)] == [attempts]


def test_beside_a_reaction_to_single_events_it_reacts_one_by_one(store: Store, crates: type[Any]) -> None:
    calls: list[int] = []

    def stack(_tx: Transaction, announced: Sequence[Announced]) -> None:
        calls.append(len(announced))

    fill(store, crates, 2)
    relay_due(store, {crates: (Together(stack), lambda _tx, _event: None)})

    assert calls == [1, 1]
