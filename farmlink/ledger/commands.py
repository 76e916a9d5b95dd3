"""Posting: many entries in few statements, each key once, whoever repeats it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from farmlink.kernel.ids import uuid7
from farmlink.ledger import queries, rules
from farmlink.ledger.values import Account, AccountKind, Entry, EntryId, accounts_of
from farmlink.store.pipeline import texts, uuids, wholes
from farmlink.store.transaction import Transaction

CLAIM = """
INSERT INTO ledger_entry (id, key, kind, about, reverses)
SELECT t.* FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS text[]), CAST(:kinds AS text[]), CAST(:abouts AS uuid[]),
  CAST(:reverses AS uuid[])) t
ON CONFLICT (key) DO NOTHING RETURNING id, key
"""
OPEN = """
INSERT INTO ledger_account (id, kind, owner_id, currency, balance_minor, opened_at)
SELECT t.*, 0, :now FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[]), CAST(:owners AS uuid[]),
  CAST(:currencies AS text[])) t
ON CONFLICT (kind, owner_id, currency) DO NOTHING
"""
HOLD_STILL = """
SELECT id, kind, owner_id, currency, balance_minor FROM ledger_account
JOIN unnest(CAST(:kinds AS text[]), CAST(:owners AS uuid[]), CAST(:currencies AS text[])) t(kind, owner_id, currency)
  USING (kind, owner_id, currency)
ORDER BY kind, owner_id, currency FOR NO KEY UPDATE OF ledger_account
"""
POST = """
INSERT INTO ledger_posting (entry_id, position, account_id, currency, amount_minor)
SELECT * FROM unnest(CAST(:entries AS uuid[]), CAST(:positions AS bigint[]), CAST(:accounts AS uuid[]),
  CAST(:currencies AS text[]), CAST(:amounts AS bigint[]))
"""


def post(tx: Transaction, entry: Entry) -> EntryId:
    """Post an entry; the same key and the same postings again change nothing, other postings are refused."""
    return post_many(tx, [entry])[0]


def post_many(tx: Transaction, entries: Sequence[Entry]) -> list[EntryId]:
    """Post entries one after the other, all or none of them; their ids, in the order given.

    Keys are claimed and accounts locked in sorted order, so that two who post wait for each other and never in a ring.
    """
    for entry in entries:
        rules.check(entry)
    keyed = rules.gather(entries)
    _require_reversible(tx, keyed.values())
    ids = _claim(tx, dict(sorted(keyed.items())))
    fresh = {key: entry for key, entry in keyed.items() if key in ids}
    if len(fresh) < len(keyed):
        ids |= _posted(tx, [entry for key, entry in keyed.items() if key not in ids])
    if fresh:
        held = _hold_still(tx, accounts_of(fresh.values()))
        rules.require_covered(fresh.values(), {account: minor for account, (_, minor) in held.items()})
        _write(tx, [(ids[key], entry) for key, entry in fresh.items()], held)
    return [ids[entry.key] for entry in entries]


def hold_still(tx: Transaction, account: Account) -> int:
    """Lock an account until the transaction ends, so that nobody else takes of it: what stands on it, as `balance`."""
    ((_, minor),) = _hold_still(tx, [account]).values()
    return minor


def _require_reversible(tx: Transaction, entries: Iterable[Entry]) -> None:
    """Refuse to take back what was never posted; entries that take nothing back ask nobody."""
    reversing = [entry for entry in entries if entry.reverses is not None]
    if reversing:
        taken_back = {entry.reverses for entry in reversing if entry.reverses is not None}
        rules.require_reversible(reversing, queries.currencies_of(tx, taken_back))


def _claim(tx: Transaction, entries: Mapping[str, Entry]) -> dict[str, EntryId]:
    """Claim the keys that nobody had before; whoever claims one at the same moment is waited for."""
    named = {
        "ids": uuids(uuid7() for _ in entries),
        "keys": texts(entries),
        "kinds": texts(entry.kind.value for entry in entries.values()),
        "abouts": uuids(entry.about for entry in entries.values()),
        "reverses": uuids(entry.reverses for entry in entries.values()),
    }
    return {row.key: EntryId(row.id) for row in tx.execute(CLAIM, named)}


def _posted(tx: Transaction, repeated: Sequence[Entry]) -> dict[str, EntryId]:
    """The entries that were posted before under these keys, if they say the same."""
    known = queries.by_key(tx, [entry.key for entry in repeated])
    for entry in repeated:
        posted = known[entry.key]
        rules.require_same(entry, Entry(posted.key, posted.kind, posted.about, posted.postings, posted.reverses))
    return {key: posted.id for key, posted in known.items()}


def _hold_still(tx: Transaction, accounts: Sequence[Account]) -> dict[Account, tuple[UUID, int]]:
    """Lock accounts, opened where they are new, in sorted order: each with its id and its balance."""
    named = {
        "kinds": texts(account.kind.value for account in accounts),
        "owners": uuids(account.owner_id for account in accounts),
        "currencies": texts(account.currency for account in accounts),
    }
    tx.execute(OPEN, named | {"ids": uuids(uuid7() for _ in accounts), "now": tx.now})
    return {
        Account(AccountKind(row.kind), row.owner_id, row.currency): (row.id, row.balance_minor)
        for row in tx.execute(HOLD_STILL, named)
    }


def _write(tx: Transaction, entries: Sequence[tuple[EntryId, Entry]], held: Mapping[Account, tuple[UUID, int]]) -> None:
    """Write the postings; the balances follow by trigger."""
    rows = [
        (entry_id, position, posting)
        for entry_id, entry in entries
        for position, posting in enumerate(sorted(entry.postings))
    ]
    named = {
        "entries": uuids(entry_id for entry_id, _, _ in rows),
        "positions": wholes(position for _, position, _ in rows),
        "accounts": uuids(held[posting.account][0] for _, _, posting in rows),
        "currencies": texts(posting.account.currency for _, _, posting in rows),
        "amounts": wholes(posting.amount_minor for _, _, posting in rows),
    }
    tx.execute(POST, named)
