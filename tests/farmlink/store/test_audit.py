import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.ids import uuid7
from farmlink.scheduler import forget
from farmlink.store.audit import BrokenSeal, first_broken, seal
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


def deed(tx: Transaction, count: int) -> None:
    tx.record("crate.moved", uuid7(), count=count, to="hub")


def deeds(store: Store, number: int) -> None:
    for count in range(number):
        store.run(deed, count)


def meddle(store: Store, statement: str) -> None:
    """What a thief with the superuser's password could do."""
    store.run(lambda tx: [tx.execute("SET LOCAL session_replication_role = replica"), tx.execute(statement)])


def test_every_entry_is_sealed_once_and_the_chain_holds(store: Store) -> None:
    deeds(store, 3)
    assert store.run(seal, most=2) == 2
    assert store.run(seal) == 1
    assert store.run(seal) == 0
    assert store.read(first_broken) is None


def test_entries_and_seals_cannot_be_changed_or_removed(store: Store) -> None:
    deeds(store, 1)
    store.run(seal)
    for statement in (
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_entry CASCADE",
    ):
        with pytest.raises(DBAPIError, match="is never changed"):
            store.run(Transaction.execute, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET facts = '{}' WHERE id = (SELECT entry_id FROM audit_seal WHERE position = 2)",
        "DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_seal WHERE position = 2)",
        "UPDATE audit_seal SET digest = repeat('0', 64) WHERE position = 2",
    ],
)
def test_a_changed_or_removed_entry_is_found(store: Store, statement: str) -> None:
    deeds(store, 3)
    store.run(seal)
    meddle(store, statement)
    broken = store.read(first_broken)
    assert isinstance(broken, BrokenSeal)
    assert broken.position == 2


def test_a_missing_link_is_found(store: Store) -> None:
    deeds(store, 3)
    store.run(seal)
    meddle(store, "DELETE FROM audit_seal WHERE position = 1")
    broken = store.read(first_broken)
    assert broken
    assert broken.position == 2


def backdate(store: Store, action: str, hours: int) -> None:
    """As if the deed came of a transaction that began so long ago."""
    moved = f"UPDATE audit_entry SET done_at = done_at - interval '{hours} hours' WHERE action = '{action}'"
    meddle(store, moved)


def late(tx: Transaction) -> None:
    tx.record("crate.found", uuid7())


def test_a_deed_whose_transaction_ended_after_later_ones_were_sealed_is_sealed_too(store: Store) -> None:
    deeds(store, 2)
    store.run(seal)
    store.run(late)
    meddle(store, "UPDATE audit_entry SET done_at = done_at - interval '59 minutes' WHERE action = 'crate.found'")
    assert store.run(seal) == 1
    assert check(store) == []


def test_a_backlog_is_sealed_in_turns_however_old_it_is(store: Store) -> None:
    deeds(store, 2)
    backdate(store, "crate.moved", 90)
    store.run(late)
    assert [store.run(seal, most=1) for _ in range(4)] == [1, 1, 1, 0]
    assert check(store) == []


def test_an_entry_that_was_passed_over_is_found_until_the_hourly_look_at_all_of_them_seals_it(store: Store) -> None:
    deeds(store, 1)
    store.run(seal)
    store.run(late)
    backdate(store, "crate.found", 2)
    assert store.run(seal) == 0
    assert [violation.what for violation in check(store)] == ["has no seal, and later ones have"]

    forget(store)

    assert check(store) == []
    assert store.run(seal) == 0
