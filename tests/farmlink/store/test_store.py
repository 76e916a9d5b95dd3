from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import ClassVar
from uuid import UUID

import pytest
from psycopg import OperationalError
from psycopg.errors import SerializationFailure
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlmodel import Session, col, select

from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.events import Event
from farmlink.kernel.ids import uuid7
from farmlink.people.tables import OrganisationRow
from farmlink.store.idempotency import KeyReusedError, forget_keys
from farmlink.store.store import OutcomeUnknownError, Store
from farmlink.store.tables import AuditEntry, OutboxEvent
from farmlink.store.transaction import Transaction

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class CratesStacked(Event):
    name: ClassVar[str] = "crates.stacked.v1"

    crates: int


@dataclass(frozen=True)
class Stacked:
    dock_id: UUID
    crates: int


class TooHighError(RefusedError):
    code = "test-too-high"
    message = "{crates} crates do not stand on {day}, asked at {asked_at} by {who}."


def stack(tx: Transaction, crates: int) -> Stacked:
    dock = tx.add(a_dock(f"{crates} crates"))
    tx.announce(CratesStacked(crates))
    tx.record("crates.stack", dock.id, crates=crates)
    return Stacked(dock.id, crates)


def stack_too_high(tx: Transaction, crates: int) -> Stacked:
    stack(tx, crates)
    raise TooHighError(crates=crates, day=date(2026, 7, 1), asked_at=NOW, who=UUID(int=7))


def a_dock(name: str) -> OrganisationRow:
    return OrganisationRow(name=name, kind="hub", founded_at=NOW)


def left_behind(store: Store) -> tuple[int, int, int]:
    """Rows, events and audit entries."""

    def count(tx: Transaction) -> tuple[int, int, int]:
        runs, events, entries = (
            len(tx.session.exec(select(table)).all()) for table in (OrganisationRow, OutboxEvent, AuditEntry)
        )
        return runs, events, entries

    return store.read(count)


def test_a_command_leaves_its_row_its_event_and_its_audit_together(store: Store) -> None:
    stacked = store.by("dock").run(stack, 3)
    assert left_behind(store) == (1, 1, 1)
    entry = store.read(lambda tx: tx.session.exec(select(AuditEntry)).one())
    assert (entry.actor, entry.action, entry.subject, entry.facts) == (
        "dock",
        "crates.stack",
        stacked.dock_id,
        {"crates": 3},
    )


def test_a_refused_command_leaves_nothing(store: Store) -> None:
    with pytest.raises(TooHighError):
        store.run(stack_too_high, 9)
    assert left_behind(store) == (0, 0, 0)


def test_a_lost_race_is_run_again(store: Store) -> None:
    attempts: list[int] = []

    def racing(tx: Transaction) -> int:
        attempts.append(1)
        if len(attempts) < 3:
            tx.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
        return len(attempts)

    assert store.run(racing) == 3


def test_a_race_that_is_always_lost_is_given_up(store: Store) -> None:
    def hopeless(tx: Transaction) -> None:
        tx.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")

    with pytest.raises(DBAPIError) as caught:
        store.run(hopeless)
    assert isinstance(caught.value.orig, SerializationFailure)


def test_two_commands_that_lock_each_others_rows_both_come_through(store: Store) -> None:
    rows = [store.run(stack, crates).dock_id for crates in (1, 2)]
    both_hold_one = Barrier(2, timeout=20)

    def swap(tx: Transaction, first: UUID, second: UUID, met: list[bool]) -> None:
        tx.lock(OrganisationRow, first)
        if not met:
            met.append(True)
            both_hold_one.wait()
        tx.lock(OrganisationRow, second).name += "!"

    threads = [Thread(target=store.run, args=(swap, *pair, [])) for pair in (rows, rows[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    names = store.read(
        lambda tx: tx.session.exec(select(OrganisationRow.name).order_by(col(OrganisationRow.name))).all()
    )
    assert names == ["1 crates!", "2 crates!"]


def test_a_mistake_in_a_statement_is_not_tried_again(store: Store) -> None:
    attempts: list[int] = []

    def wrong(tx: Transaction) -> None:
        attempts.append(1)
        tx.execute("SELECT nothing FROM nowhere")

    with pytest.raises(ProgrammingError):
        store.run(wrong)
    assert attempts == [1]


def test_a_connection_that_was_cut_before_the_commit_is_replaced(store: Store) -> None:
    attempts: list[int] = []

    def cut(tx: Transaction) -> Stacked:
        attempts.append(1)
        if len(attempts) == 1:
            tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return stack(tx, 1)

    store.run(cut)
    assert (len(attempts), left_behind(store)) == (2, (1, 1, 1))


def test_a_connection_that_was_cut_while_committing_is_not_guessed_about(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = DBAPIError("COMMIT", None, OperationalError("server closed the connection"))
    commits: list[int] = []

    original = Session.commit

    def commit_then_lose(session: Session) -> None:
        commits.append(1)
        original(session)
        if len(commits) == 1:
            raise lost

    monkeypatch.setattr(Session, "commit", commit_then_lose)
    with pytest.raises(OutcomeUnknownError):
        store.run(stack, 1)
    assert left_behind(store) == (1, 1, 1)  # it had been committed: running it again would have doubled it


def test_under_a_key_even_an_unknown_outcome_is_one_effect(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    original, commits = Session.commit, list[int]()

    def commit_then_lose(session: Session) -> None:
        commits.append(1)
        original(session)
        if len(commits) == 1:
            raise DBAPIError("COMMIT", None, OperationalError("server closed the connection"))

    monkeypatch.setattr(Session, "commit", commit_then_lose)
    assert store.once(uuid7(), stack, 4).crates == 4
    assert left_behind(store) == (1, 1, 1)


def test_a_failed_constraint_at_the_commit_is_told(store: Store) -> None:
    def spoil(tx: Transaction) -> None:
        tx.execute("CREATE TEMP TABLE pair (a int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP")
        tx.execute("INSERT INTO pair VALUES (1), (1)")

    with pytest.raises(DBAPIError, match="pair_a_key"):
        store.run(spoil)


def test_a_query_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        store.read(stack, 1)


def test_a_query_sees_one_snapshot(store: Store) -> None:
    def count_twice(tx: Transaction) -> tuple[int, int]:
        first = len(tx.session.exec(select(OrganisationRow)).all())
        store.run(stack, 1)
        return first, len(tx.session.exec(select(OrganisationRow)).all())

    assert store.read(count_twice) == (0, 0)


def test_a_repeated_request_is_answered_again_and_done_once(store: Store) -> None:
    key = uuid7()
    first = store.once(key, stack, 5)
    assert store.once(key, stack, 5) == first
    assert left_behind(store) == (1, 1, 1)


def test_a_repeated_request_that_was_refused_is_refused_again_with_all_its_facts(store: Store) -> None:
    key = uuid7()
    with pytest.raises(TooHighError) as first:
        store.once(key, stack_too_high, 9)
    with pytest.raises(TooHighError) as second:
        store.once(key, stack_too_high, 9)
    assert second.value.facts == first.value.facts
    assert str(second.value) == str(first.value)
    assert left_behind(store) == (0, 0, 0)


def test_a_key_that_stands_for_another_request_is_refused(store: Store) -> None:
    key = uuid7()
    store.once(key, stack, 5)
    with pytest.raises(KeyReusedError):
        store.once(key, stack, 6)


def test_two_people_may_use_the_same_key(store: Store) -> None:
    key = uuid7()
    store.by("anna").once(key, stack, 5)
    store.by("bo").once(key, stack, 5)
    assert left_behind(store) == (2, 2, 2)


def test_the_same_request_sent_twice_at_once_is_done_once(store: Store) -> None:
    key, answers = uuid7(), list[Stacked]()
    threads = [Thread(target=lambda: answers.append(store.once(key, stack, 5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert left_behind(store) == (1, 1, 1)


def test_old_keys_are_forgotten(store: Store) -> None:
    store.once(uuid7(), stack, 5)
    assert store.run(forget_keys, timedelta(days=1)) == 0
    assert store.run(forget_keys, timedelta(0)) in {0, 1}
    assert store.run(forget_keys, timedelta(0)) == 0


def test_what_does_not_exist_is_missing_by_its_own_word(store: Store) -> None:
    assert store.read(lambda tx: tx.find(OrganisationRow, uuid7())) is None
    with pytest.raises(MissingError, match="no organisation with"):
        store.read(lambda tx: tx.get(OrganisationRow, uuid7()))
    with pytest.raises(MissingError, match="no organisation with"):
        store.run(lambda tx: tx.lock(OrganisationRow, uuid7()))


def test_a_locked_row_is_read_as_it_stands_now(store: Store) -> None:
    row = store.run(stack, 1).dock_id

    def lock_after_change(tx: Transaction) -> str:
        tx.get(OrganisationRow, row)
        store.run(lambda other: other.execute("UPDATE organisation SET name = 'changed'"))
        return tx.lock(OrganisationRow, row).name

    assert store.run(lock_after_change) == "changed"
