from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.page import Paging
from farmlink.ledger import commands, queries, rules
from farmlink.ledger.values import Account, AccountKind, EntryId, EntryKind
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.ledger.builders import BANK, CREDIT, FARM, HOLD, RECEIVABLE, account, moved, whose
from tests.farmlink.rivals import meanwhile


def on(store: Store, account: Account) -> int:
    return store.read(queries.balance, account)


def run_sql(store: Store, statement: str) -> int:
    def change(tx: Transaction) -> int:
        return tx.execute(statement).rowcount

    return store.run(change)


def test_what_is_posted_stands_on_both_accounts(store: Store) -> None:
    store.run(commands.post, moved(BANK, CREDIT, 500))
    assert (on(store, BANK), on(store, CREDIT), on(store, FARM)) == (500, -500, 0)
    assert store.read(queries.balances, AccountKind.CREDIT, [CREDIT.owner_id]) == {CREDIT: -500}
    assert store.read(queries.balances, AccountKind.CREDIT, [whose("Bob")]) == {}
    (own,) = store.read(queries.standings, [whose("Ada")], [AccountKind.CREDIT])
    assert (own.kind, own.owner_id, own.balance_minor) == (AccountKind.CREDIT, whose("Ada"), -500)


def test_a_consumer_sees_what_is_free_what_orders_hold_and_what_is_to_pay(store: Store) -> None:
    paid_in, held = moved(BANK, CREDIT, 500), moved(CREDIT, HOLD, 300, "two")
    store.run(commands.post_many, [paid_in, held, moved(RECEIVABLE, FARM, 70, "three")])
    (own,) = store.read(queries.own_money, whose("Ada"), [whose("order 1")])
    assert (own.currency, own.credit_minor, own.held_minor, own.to_pay_minor) == ("EUR", 200, 300, 70)
    assert store.read(queries.own_money, whose("Bob"), []) == []


def test_what_is_owed_is_owed_since_the_first_entry_after_all_was_paid(store: Store) -> None:
    def since() -> dict[str, datetime]:
        return store.read(queries.owed_since, AccountKind.FARM, FARM.owner_id)

    store.run(commands.post, moved(RECEIVABLE, FARM, 70))
    assert list(since()) == ["EUR"]
    store.run(commands.post, moved(FARM, BANK, 70, "two"))
    assert since() == {}
    for key, minor in (("three", 30), ("four", 20)):
        store.run(commands.post, moved(RECEIVABLE, FARM, minor, key))

    third = store.read(queries.movements, FARM, Paging(10)).items[2]
    assert since() == {"EUR": third.posted_at}


def test_the_same_entry_again_changes_nothing_and_is_the_same(store: Store) -> None:
    first = store.run(commands.post, moved(BANK, CREDIT, 500))
    assert store.run(commands.post, moved(BANK, CREDIT, 500)) == first
    assert on(store, BANK) == 500


def test_another_meaning_for_a_key_is_refused(store: Store) -> None:
    store.run(commands.post, moved(BANK, CREDIT, 500))
    with pytest.raises(rules.EntryDiffersError):
        store.run(commands.post, moved(BANK, CREDIT, 400))
    assert on(store, BANK) == 500


def test_many_entries_are_posted_in_the_order_given_and_known_ones_are_answered(store: Store) -> None:
    known = store.run(commands.post, moved(BANK, CREDIT, 500, "z"))
    ids = store.run(
        commands.post_many,
        [moved(CREDIT, HOLD, 500, "a"), moved(BANK, CREDIT, 500, "z"), moved(HOLD, RECEIVABLE, 300, "b")],
    )
    assert ids[1] == known
    assert len(set(ids)) == 3
    assert (on(store, CREDIT), on(store, HOLD), on(store, RECEIVABLE)) == (0, -200, -300)


def test_one_refused_entry_takes_back_all_of_its_batch(store: Store) -> None:
    with pytest.raises(rules.OverdrawnError):
        store.run(commands.post_many, [moved(BANK, CREDIT, 500), moved(CREDIT, HOLD, 501, "two")])
    assert on(store, BANK) == 0


def test_nothing_posted_is_nothing(store: Store) -> None:
    assert store.run(commands.post_many, []) == []


def test_what_is_taken_back_names_what_it_takes_back(store: Store) -> None:
    first = store.run(commands.post, moved(BANK, CREDIT, 500))
    store.run(commands.post, moved(CREDIT, BANK, 200, "back", EntryKind.CREDIT_NOTE, first))
    shown = store.read(queries.entries, Paging(), account=CREDIT).items
    assert [(one.key, one.reverses) for one in shown] == [("one", None), ("back", first)]
    assert [one.amount_minor for one in store.read(queries.movements, CREDIT, Paging()).items] == [-500, 200]
    with pytest.raises(rules.NoSuchEntryError):
        store.run(commands.post, moved(CREDIT, BANK, 5, "more", reverses=EntryId(whose("nothing"))))


def test_entries_are_found_by_what_they_are_about_a_page_at_a_time(store: Store) -> None:
    store.run(commands.post_many, [moved(BANK, CREDIT, 500, str(number)) for number in range(3)])
    first = store.read(queries.entries, Paging(2), about=whose("order 1"))
    rest = store.read(queries.entries, Paging(2, first.next), about=whose("order 1"))
    assert sorted(one.key for one in [*first.items, *rest.items]) == ["0", "1", "2"]
    assert rest.next is None
    assert store.read(queries.entries, Paging(), about=whose("order 2")).items == []


def test_of_many_who_spend_the_same_credit_at_once_as_many_succeed_as_it_covers(store: Store) -> None:
    store.run(commands.post, moved(BANK, CREDIT, 500))

    def spend(number: int) -> bool:
        try:
            store.run(commands.post, moved(CREDIT, account(AccountKind.HOLD, f"order {number}"), 100, f"hold {number}"))
        except rules.OverdrawnError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(spend, range(12)))
    assert (sum(done), on(store, CREDIT)) == (5, 0)


def test_who_spends_second_waits_for_the_first_and_is_told_what_is_left(store: Store) -> None:
    store.run(commands.post, moved(BANK, CREDIT, 500))
    first, second = (moved(CREDIT, account(AccountKind.HOLD, name), 300, name) for name in ("order 1", "order 2"))
    with pytest.raises(rules.OverdrawnError):
        meanwhile(
            store,
            lambda tx: commands.hold_still(tx, CREDIT),
            lambda tx: commands.post(tx, second),
            lambda tx: commands.post(tx, first),
        )
    assert on(store, CREDIT) == -200


def test_of_many_who_post_one_key_at_once_one_posts_and_all_get_its_id(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: store.run(commands.post, moved(BANK, CREDIT, 500)), range(12)))
    assert len(ids) == 1
    assert on(store, BANK) == 500


NEW_ENTRY = (
    "INSERT INTO ledger_entry (id, key, kind, about) VALUES (gen_random_uuid(), 'two', 'hold', gen_random_uuid())"
)
NEW_ACCOUNT = """
INSERT INTO ledger_account (id, kind, owner_id, currency, balance_minor, opened_at)
VALUES (gen_random_uuid(), 'bank', gen_random_uuid(), 'EUR', 5, now())
"""
OVERDRAWING = f"""
WITH e AS ({NEW_ENTRY} RETURNING id)
INSERT INTO ledger_posting SELECT e.id, position, account_id, currency, -2 * amount_minor FROM ledger_posting, e
"""
MORE = "INSERT INTO ledger_posting SELECT entry_id, 2, account_id, '{}', 5 FROM ledger_posting WHERE position = 0"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE ledger_posting SET amount_minor = 7", "never changed"),
        ("DELETE FROM ledger_posting", "never changed"),
        ("UPDATE ledger_entry SET kind = 'refund'", "never changed"),
        ("DELETE FROM ledger_entry", "never changed"),
        ("TRUNCATE ledger_entry CASCADE", "never changed"),
        ("DELETE FROM ledger_account", "never deleted"),
        ("UPDATE ledger_account SET balance_minor = 0", "by postings only"),
        ("UPDATE ledger_account SET currency = 'CNY'", "by postings only"),
        (NEW_ACCOUNT, "opens with 5"),
        (NEW_ENTRY, "fewer than two postings"),
        (MORE.format("EUR"), "does not sum to zero"),
        (MORE.format("CNY"), "in_its_accounts_currency"),
        (OVERDRAWING, "not_overdrawn"),
    ],
)
def test_the_database_itself_keeps_the_ledger(store: Store, statement: str, said: str) -> None:
    store.run(commands.post, moved(BANK, CREDIT, 500))
    with pytest.raises(DBAPIError, match=said):
        run_sql(store, statement)
    assert (on(store, BANK), on(store, CREDIT)) == (500, -500)
