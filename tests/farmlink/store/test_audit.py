import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.ids import uuid7
from farmlink.store.audit import BrokenSeal, first_broken, seal
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
