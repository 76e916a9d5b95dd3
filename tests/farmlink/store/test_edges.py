"""Where the store just bites: what planted defects slipped past before."""

from dataclasses import dataclass

from farmlink.kernel.ids import uuid7
from farmlink.people.commands import add_organisation
from farmlink.people.tables import OrganisationRow
from farmlink.people.values import OrganisationKind
from farmlink.store.audit import first_broken, seal
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


@dataclass(frozen=True)
class Counted:
    crates: int


def count(tx: Transaction, crates: int) -> Counted:
    tx.record("crates.counted", uuid7(), crates=crates)
    return Counted(crates)


def test_each_of_two_people_with_one_key_hears_the_own_answer_again(store: Store) -> None:
    key = uuid7()
    store.by("anna").once(key, count, 5)
    store.by("bo").once(key, count, 7)

    assert store.by("anna").once(key, count, 5) == Counted(5)
    assert store.by("bo").once(key, count, 7) == Counted(7)


def test_a_deed_that_is_blamed_on_somebody_else_breaks_its_seal(store: Store) -> None:
    store.by("anna").run(count, 5)
    store.run(seal)

    store.run(
        lambda tx: [
            tx.execute("SET LOCAL session_replication_role = replica"),
            tx.execute("UPDATE audit_entry SET actor = 'bo'"),
        ]
    )

    assert store.read(first_broken) is not None


def test_a_row_that_was_read_before_is_read_anew_when_it_is_locked(store: Store) -> None:
    dock = store.run(add_organisation, "first", OrganisationKind.HUB)

    def lock_after_change(tx: Transaction) -> tuple[str, str]:
        before = tx.get(OrganisationRow, dock)
        seen = before.name
        store.run(lambda other: other.execute("UPDATE organisation SET name = 'later'"))
        return seen, tx.lock(OrganisationRow, dock).name

    assert store.run(lock_after_change) == ("first", "later")
