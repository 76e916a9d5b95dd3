"""Random histories: whatever is posted, repeated, taken back or refused, no cent appears or disappears."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from farmlink.kernel.errors import RefusedError
from farmlink.ledger import commands, queries, rules
from farmlink.ledger.values import Account, AccountKind, Entry, EntryId, EntryKind, Posting
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.ledger.builders import whose

POSTINGS = 100_000
BATCH = 400
CURRENCIES = ("EUR", "CNY", "USD")
FREE = sorted(set(AccountKind) - rules.NEVER_OVERDRAWN)


@dataclass
class History:
    """What should stand where, by nothing but addition."""

    chance: Random
    balances: Counter[Account] = field(default_factory=Counter)
    posted: dict[str, tuple[EntryId, Entry]] = field(default_factory=dict)
    made: int = 0
    postings: int = 0
    refused: int = 0
    repeated: int = 0

    def account(self, kinds: list[AccountKind], currency: str) -> Account:
        return Account(self.chance.choice(kinds), whose(f"owner {self.chance.randrange(12)}"), currency)

    def entry(self) -> Entry:
        """One of many shapes: money moves, is split, paid in, spent or taken back; some of them overdraw."""
        self.made += 1
        key, chance = f"entry {self.made}", self.chance
        if self.posted and chance.random() < 0.1:
            entry_id, posted = chance.choice(list(self.posted.values())[-500:])
            back = tuple(Posting(one.account, -one.amount_minor) for one in posted.postings)
            return Entry(key, EntryKind.CREDIT_NOTE, posted.about, back, entry_id)
        currency, total = chance.choice(CURRENCIES), chance.randint(6, 9_000)
        source = self.account(FREE if chance.random() < 0.5 else sorted(AccountKind), currency)
        if source.kind in rules.NEVER_OVERDRAWN and chance.random() < 0.05:
            total = chance.randint(6, 9_000) - self.balances[source]
        shares = chance.randint(1, 5)
        parts = [total // shares] * (shares - 1)
        parts.append(total - sum(parts))
        goes = [Posting(self.account(sorted(AccountKind), currency), -part) for part in parts]
        return Entry(key, chance.choice(sorted(EntryKind)), whose(key), (Posting(source, total), *goes))

    def batch(self) -> tuple[list[Entry], list[Entry]]:
        """Entries that are covered one after the other, and perhaps the first of them before one that is not."""
        left, good, bad = Counter(self.balances), list[Entry](), list[Entry]()
        while len(good) < BATCH:
            entry = self.entry()
            moves = Counter[Account]()
            for posting in entry.postings:
                moves[posting.account] += posting.amount_minor
            if any(
                left[account] + minor > 0 and account.kind in rules.NEVER_OVERDRAWN for account, minor in moves.items()
            ):
                bad = [*good, entry] if self.chance.random() < 0.2 else bad
                continue
            for account, minor in moves.items():
                left[account] += minor
            good.append(entry)
        return good, bad

    def take_in(self, entries: list[Entry], ids: list[EntryId]) -> None:
        for entry, entry_id in zip(entries, ids, strict=True):
            if entry.key in self.posted:
                assert self.posted[entry.key][0] == entry_id
                self.repeated += 1
                continue
            self.posted[entry.key] = (entry_id, entry)
            self.postings += len(entry.postings)
            for posting in entry.postings:
                self.balances[posting.account] += posting.amount_minor


def overdraws(store: Store, entries: list[Entry]) -> bool:
    """Whether a batch is refused, and then leaves nothing behind."""
    try:
        store.run(commands.post_many, entries)
    except rules.OverdrawnError:
        return True
    return False


def refuses(store: Store, entry: Entry) -> bool:
    try:
        store.run(commands.post, entry)
    except RefusedError as refusal:
        return refusal.code == "entry-differs"
    return False


def stands(tx: Transaction) -> tuple[dict[Account, int], dict[str, int], int]:
    owners = set(tx.execute("SELECT owner_id FROM ledger_account").scalars())
    kept = {account: minor for kind in AccountKind for account, minor in queries.balances(tx, kind, owners).items()}
    sums = tx.execute("SELECT currency, sum(amount_minor)::bigint AS minor FROM ledger_posting GROUP BY currency")
    return (
        kept,
        {row.currency: row.minor for row in sums},
        tx.execute("SELECT count(*) FROM ledger_posting").scalar_one(),
    )


def test_random_histories_of_100_000_postings_conserve_money(store: Store) -> None:
    history = History(Random(2026))
    while history.postings < POSTINGS:
        good, bad = history.batch()
        if bad:
            assert overdraws(store, bad)
            history.refused += 1
        known = list(history.posted.values())[-2_000:]
        again = [history.chance.choice(known)[1] for _ in range(20)] if known else []
        mixed = [*good, *again, *history.chance.sample(good, 10)]
        history.take_in(mixed, store.run(commands.post_many, mixed))
        if known:
            _, entry = history.chance.choice(known)
            other = tuple(Posting(one.account, 2 * one.amount_minor) for one in entry.postings)
            assert refuses(store, replace(entry, postings=other))

    kept, sums, postings = store.read(stands)
    assert sums == dict.fromkeys(CURRENCIES, 0)
    assert kept == {account: history.balances[account] for account in kept}
    assert set(kept) == set(history.balances)
    assert postings == history.postings
    assert (history.refused > 10, history.repeated > 1_000) == (True, True)
    # No order stands behind these holds; everything else that `farmlink check` says of money holds.
    assert [found for found in check(store) if not found.what.endswith("for nothing")] == []
