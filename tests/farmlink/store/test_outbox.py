from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event as Flag
from threading import Thread
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import Engine

from farmlink.kernel.errors import MissingError
from farmlink.kernel.events import Event
from farmlink.kernel.ids import uuid7
from farmlink.store.outbox import MOST_ATTEMPTS, dead_letters, forget_delivered, relay_due, relay_until, revive
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

CUT_LISTENERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"


@dataclass(frozen=True)
class HarvestFailed(Event):
    name: ClassVar[str] = "test.harvest-failed.v1"

    lot_id: UUID


def announce(tx: Transaction, lot_id: UUID) -> None:
    tx.announce(HarvestFailed(lot_id))


def replan(tx: Transaction, event: HarvestFailed) -> None:
    tx.record("replan", event.lot_id)


def fail(tx: Transaction, event: HarvestFailed) -> None:
    replan(tx, event)
    raise ValueError("no plan today")


def cut_own(tx: Transaction) -> None:
    tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def break_a_rule(tx: Transaction, event: HarvestFailed) -> None:
    replan(tx, event)
    tx.execute("INSERT INTO outbox_event (attempts) VALUES (-1)")


def replanned(store: Store) -> int:
    return int(
        store.read(lambda tx: tx.execute("SELECT count(*) FROM audit_entry WHERE action = 'replan'").scalar_one())
    )


def make_due(store: Store) -> None:
    store.run(lambda tx: tx.execute("UPDATE outbox_event SET due_at = now() WHERE delivered_at IS NULL"))


def test_an_announced_event_causes_its_command_once(store: Store) -> None:
    store.run(announce, uuid7())
    assert relay_due(store, {HarvestFailed: [replan]}) == 1
    assert relay_due(store, {HarvestFailed: [replan]}) == 0
    assert replanned(store) == 1


def test_what_was_rolled_back_is_never_heard_of(store: Store) -> None:
    def announce_and_fail(tx: Transaction) -> None:
        announce(tx, uuid7())
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        store.run(announce_and_fail)
    assert relay_due(store, {HarvestFailed: [replan]}) == 0


def test_an_event_that_nobody_waits_for_is_done_with(store: Store) -> None:
    store.run(announce, uuid7())
    assert relay_due(store, {}) == 1
    assert relay_due(store, {HarvestFailed: [replan]}) == 0


@pytest.mark.parametrize("reaction", [fail, break_a_rule])
def test_a_reaction_that_fails_leaves_nothing_and_is_tried_again_later(store: Store, reaction: object) -> None:
    store.run(announce, uuid7())
    assert relay_due(store, {HarvestFailed: [reaction]}) == 1  # type: ignore[list-item]  # both take an event
    assert replanned(store) == 0
    assert relay_due(store, {HarvestFailed: [replan]}) == 0  # not due yet
    make_due(store)
    assert relay_due(store, {HarvestFailed: [replan]}) == 1
    assert replanned(store) == 1


def test_a_failing_event_does_not_stop_the_others(store: Store) -> None:
    lots = [uuid7() for _ in range(3)]
    for lot in lots:
        store.run(announce, lot)

    def fail_for_the_first(tx: Transaction, event: HarvestFailed) -> None:
        replan(tx, event)
        if event.lot_id == lots[0]:
            raise ValueError("only this one")

    assert relay_due(store, {HarvestFailed: [fail_for_the_first]}) == 3
    assert replanned(store) == 2


def test_an_event_that_always_fails_is_kept_where_people_see_it_and_can_be_revived(store: Store) -> None:
    store.run(announce, uuid7())
    for _ in range(MOST_ATTEMPTS):
        make_due(store)
        assert relay_due(store, {HarvestFailed: [fail]}) == 1
    make_due(store)
    assert relay_due(store, {HarvestFailed: [fail]}) == 0
    [letter] = store.read(dead_letters)
    assert (letter.name, letter.attempts) == (HarvestFailed.name, MOST_ATTEMPTS)
    assert letter.last_error == "ValueError: no plan today"
    store.run(revive, letter.event_id)
    assert store.read(dead_letters) == []
    assert relay_due(store, {HarvestFailed: [replan]}) == 1
    with pytest.raises(MissingError):
        store.run(revive, letter.event_id)


def test_an_event_of_an_unknown_kind_is_put_off_like_any_failure(store: Store) -> None:
    store.run(announce, uuid7())
    store.run(lambda tx: tx.execute("UPDATE outbox_event SET name = 'from.the-future.v9'"))
    assert relay_due(store, {}) == 1
    error = store.read(lambda tx: tx.execute("SELECT last_error FROM outbox_event").scalar_one())
    assert error == "KeyError: 'from.the-future.v9'"


def test_only_what_was_delivered_long_ago_is_forgotten(store: Store) -> None:
    for _ in range(3):
        store.run(announce, uuid7())
    old, recent, waiting = store.read(lambda tx: tx.execute("SELECT id FROM outbox_event ORDER BY id").scalars().all())
    relay_due(store, {})
    age = "UPDATE outbox_event SET announced_at = now() - interval '31 days', delivered_at = {} WHERE id = :id"
    store.run(lambda tx: tx.execute(age.format("now() - interval '31 days'"), {"id": old}))
    store.run(lambda tx: tx.execute(age.format("NULL"), {"id": waiting}))
    assert store.run(forget_delivered, timedelta(days=30)) == 1
    left = store.read(lambda tx: set(tx.execute("SELECT id FROM outbox_event").scalars()))
    assert left == {recent, waiting}


def test_a_race_lost_inside_a_reaction_is_run_again_at_once(store: Store) -> None:
    store.run(announce, uuid7())
    attempts: list[int] = []

    def racing(tx: Transaction, event: HarvestFailed) -> None:
        replan(tx, event)
        attempts.append(1)
        if len(attempts) == 1:
            tx.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")

    assert relay_due(store, {HarvestFailed: [racing]}) == 1
    assert (len(attempts), replanned(store)) == (2, 1)


def test_relays_beside_each_other_deliver_every_event_once(store: Store) -> None:
    for _ in range(40):
        store.run(announce, uuid7())
    relays = [Thread(target=relay_due, args=(store, {HarvestFailed: [replan]})) for _ in range(4)]
    for relay in relays:
        relay.start()
    for relay in relays:
        relay.join(60)
    assert replanned(store) == 40


def test_a_relay_passes_over_what_another_is_delivering(store: Store) -> None:
    for _ in range(2):
        store.run(announce, uuid7())
    others: list[int] = []

    def replan_slowly(tx: Transaction, event: HarvestFailed) -> None:
        with ThreadPoolExecutor(1) as beside:
            others.append(beside.submit(relay_due, store, {HarvestFailed: [replan]}).result())
        replan(tx, event)

    assert relay_due(store, {HarvestFailed: [replan_slowly]}) == 1
    assert (others, replanned(store)) == ([1], 2)


def test_a_running_relay_is_woken_and_survives_the_loss_of_its_connection(store: Store, engine: Engine) -> None:
    stop, heard = Flag(), [Flag(), Flag()]
    seen: list[UUID] = []

    def hear(tx: Transaction, event: HarvestFailed) -> None:
        seen.append(event.lot_id)
        heard[len(seen) - 1].set()

    relay = Thread(target=relay_until, args=(store, {HarvestFailed: [hear]}, stop))
    relay.start()
    try:
        lots = [uuid7(), uuid7()]
        store.run(announce, lots[0])
        assert heard[0].wait(20)
        assert store.run(lambda tx: tx.execute(CUT_LISTENERS).scalars().all()) == [True]
        store.run(announce, lots[1])
        assert heard[1].wait(20)
        assert seen == lots
    finally:
        stop.set()
        relay.join(20)
    assert not relay.is_alive()


def test_a_relay_survives_that_its_connection_breaks_while_it_commits(store: Store) -> None:
    stop, delivered = Flag(), Flag()
    seen: list[UUID] = []

    def break_the_first_commit(tx: Transaction, event: HarvestFailed) -> None:
        seen.append(event.lot_id)
        if len(seen) == 1:
            tx.parting.append(lambda: cut_own(tx))
        else:
            delivered.set()

    def relay_on() -> None:
        try:
            relay_until(store, {HarvestFailed: [break_the_first_commit]}, stop)
        finally:
            delivered.set()

    with ThreadPoolExecutor(1) as pool:
        relay = pool.submit(relay_on)
        store.run(announce, lot := uuid7())
        assert delivered.wait(20)
        stop.set()
        assert relay.exception() is None
    assert seen == [lot, lot]
