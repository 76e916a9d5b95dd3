"""What stands on accounts and how it came there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from farmlink.kernel.page import Page, Paging, page
from farmlink.ledger import rules
from farmlink.ledger.values import (
    Account,
    AccountKind,
    EntryId,
    EntryKind,
    EntryView,
    Movement,
    OwnMoney,
    Posting,
    Standing,
)
from farmlink.store.pipeline import texts, uuids
from farmlink.store.transaction import Transaction

BALANCE = """
SELECT balance_minor FROM ledger_account WHERE (kind, owner_id, currency) = (:kind, :owner, :currency)
"""
OF_OWNERS = """
SELECT kind, owner_id, currency, balance_minor FROM ledger_account
WHERE kind = :kind AND owner_id = ANY(CAST(:owners AS uuid[])) ORDER BY owner_id, currency
"""
STANDINGS = """
SELECT kind, owner_id, currency, balance_minor FROM ledger_account
WHERE owner_id = ANY(CAST(:owners AS uuid[])) AND kind = ANY(CAST(:kinds AS text[])) ORDER BY kind, owner_id, currency
"""
ENTRIES = """
SELECT id, key, kind, about, reverses, posted_at FROM ledger_entry
WHERE (CAST(:after AS uuid) IS NULL OR id > :after) AND (CAST(:about AS uuid) IS NULL OR about = :about)
AND (CAST(:kind AS text) IS NULL OR id IN (
  SELECT entry_id FROM ledger_posting JOIN ledger_account ON ledger_account.id = account_id
  WHERE (ledger_account.kind, owner_id, ledger_account.currency) = (:kind, :owner, :currency)
))
ORDER BY id LIMIT :most
"""
POSTINGS = """
SELECT entry_id, kind, owner_id, ledger_account.currency, amount_minor
FROM ledger_posting JOIN ledger_account ON ledger_account.id = account_id
WHERE entry_id = ANY(CAST(:entries AS uuid[])) ORDER BY entry_id, position
"""
MOVEMENTS = """
SELECT entry_id, ledger_entry.kind, about, sum(amount_minor)::bigint AS amount_minor, posted_at
FROM ledger_account
JOIN ledger_posting ON account_id = ledger_account.id
JOIN ledger_entry ON ledger_entry.id = entry_id
WHERE (ledger_account.kind, owner_id, ledger_account.currency) = (:kind, :owner, :currency)
AND (CAST(:after AS uuid) IS NULL OR entry_id > :after)
GROUP BY entry_id, ledger_entry.kind, about, posted_at ORDER BY entry_id LIMIT :most
"""
LATEST = """
SELECT entry_id, ledger_entry.kind, about, sum(amount_minor)::bigint AS amount_minor, posted_at
FROM ledger_account
JOIN ledger_posting ON account_id = ledger_account.id
JOIN ledger_entry ON ledger_entry.id = entry_id
WHERE (ledger_account.kind, owner_id, ledger_account.currency) = (:kind, :owner, :currency)
AND ledger_entry.kind = :what
GROUP BY entry_id, ledger_entry.kind, about, posted_at ORDER BY entry_id DESC LIMIT :most
"""
OWED_SINCE = """
WITH moved AS (
  SELECT ledger_account.currency, entry_id, posted_at, sum(amount_minor) AS amount_minor
  FROM ledger_account
  JOIN ledger_posting ON account_id = ledger_account.id
  JOIN ledger_entry ON ledger_entry.id = entry_id
  WHERE (ledger_account.kind, owner_id) = (:kind, :owner)
  GROUP BY ledger_account.currency, entry_id, posted_at
), stood AS (
  SELECT currency, entry_id, posted_at, sum(amount_minor) OVER (PARTITION BY currency ORDER BY entry_id) AS balance
  FROM moved
), counted AS (
  SELECT currency, posted_at,
    count(*) FILTER (WHERE balance >= 0) OVER (PARTITION BY currency ORDER BY entry_id DESC) AS even
  FROM stood
)
SELECT currency, min(posted_at) AS since FROM counted WHERE even = 0 GROUP BY currency
"""
BY_ABOUT = """
SELECT about, sum(amount_minor)::bigint AS minor
FROM ledger_account
JOIN ledger_posting ON account_id = ledger_account.id
JOIN ledger_entry ON ledger_entry.id = entry_id
WHERE (ledger_account.kind, owner_id) = (:kind, :owner) AND about = ANY(CAST(:abouts AS uuid[])) GROUP BY about
"""
TOUCHED_SINCE = """
SELECT DISTINCT about FROM ledger_entry WHERE posted_at >= :since AND id IN (
  SELECT entry_id FROM ledger_posting JOIN ledger_account ON ledger_account.id = account_id
  WHERE (ledger_account.kind, owner_id) = (:kind, :owner)
)
"""


def balance(tx: Transaction, account: Account) -> int:
    """What stands on an account; debits are positive, and one that was never used holds nothing."""
    return tx.execute(BALANCE, _named(account)).scalar_one_or_none() or 0


def balances(tx: Transaction, kind: AccountKind, owners: Collection[UUID]) -> dict[Account, int]:
    """What stands on some owners' accounts of a kind."""
    rows = tx.execute(OF_OWNERS, {"kind": kind.value, "owners": uuids(owners)})
    return {_account(row): row.balance_minor for row in rows}


def owed_since(tx: Transaction, kind: AccountKind, owner_id: UUID) -> dict[str, datetime]:
    """Since when something is owed to an owner without a break, by currency; where nothing is, nothing."""
    rows = tx.execute(OWED_SINCE, {"kind": kind.value, "owner": owner_id})
    return {row.currency: row.since for row in rows}


def standings(tx: Transaction, owners: Collection[UUID], kinds: Collection[AccountKind]) -> list[Standing]:
    """What stands on some owners' accounts of these kinds."""
    named = {"owners": uuids(owners), "kinds": texts(kind.value for kind in kinds)}
    return [
        Standing(AccountKind(row.kind), row.owner_id, row.currency, row.balance_minor)
        for row in tx.execute(STANDINGS, named)
    ]


def own_money(tx: Transaction, person_id: UUID, order_ids: Collection[UUID]) -> list[OwnMoney]:
    """What somebody has with us by currency; `order_ids` are their orders, which may hold some of it."""
    found = standings(tx, [person_id], [AccountKind.CREDIT, AccountKind.RECEIVABLE])
    return rules.own_money([*found, *standings(tx, order_ids, [AccountKind.HOLD])])


def entries(
    tx: Transaction, paging: Paging, *, about: UUID | None = None, account: Account | None = None
) -> Page[EntryView]:
    """Entries as they were posted: about one thing, or that touch one account."""
    named = {"kind": None, "owner": None, "currency": None} if account is None else _named(account)
    rows = tx.execute(ENTRIES, named | {"about": about, "after": paging.after, "most": paging.limit + 1}).all()
    return page(_views(tx, rows), paging, lambda one: one.id)


def movements(tx: Transaction, account: Account, paging: Paging) -> Page[Movement]:
    """What each entry did to an account, the oldest first."""
    rows = tx.execute(MOVEMENTS, _named(account) | {"after": paging.after, "most": paging.limit + 1})
    return page([_movement(row) for row in rows], paging, lambda one: one.entry_id)


def latest(tx: Transaction, account: Account, kind: EntryKind, most: int) -> list[Movement]:
    """What entries of one kind did to an account, the latest first and no more than so many."""
    rows = tx.execute(LATEST, _named(account) | {"what": kind.value, "most": most})
    return [_movement(row) for row in rows]


def sums_by_about(tx: Transaction, kind: AccountKind, owner_id: UUID, abouts: Collection[UUID]) -> dict[UUID, int]:
    """What was posted on an owner's accounts of a kind about each of these, in whatever currency that is paid."""
    named = {"kind": kind.value, "owner": owner_id, "abouts": uuids(abouts)}
    return {row.about: row.minor for row in tx.execute(BY_ABOUT, named)}


def touched_since(tx: Transaction, kind: AccountKind, owner_id: UUID, since: datetime) -> set[UUID]:
    """About what something was posted on an owner's accounts of a kind since."""
    named = {"kind": kind.value, "owner": owner_id, "since": since}
    return {row.about for row in tx.execute(TOUCHED_SINCE, named)}


def by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, EntryView]:
    """The entries that were posted under some keys."""
    chosen = "SELECT id, key, kind, about, reverses, posted_at FROM ledger_entry WHERE key = ANY(CAST(:keys AS text[]))"
    return {view.key: view for view in _views(tx, tx.execute(chosen, {"keys": texts(keys)}).all())}


def currencies_of(tx: Transaction, entry_ids: Iterable[EntryId]) -> dict[EntryId, frozenset[str]]:
    """In which currencies some entries were posted; one that does not exist is left out."""
    chosen = "SELECT DISTINCT entry_id, currency FROM ledger_posting WHERE entry_id = ANY(CAST(:entries AS uuid[]))"
    found: dict[EntryId, set[str]] = defaultdict(set)
    for row in tx.execute(chosen, {"entries": uuids(entry_ids)}):
        found[EntryId(row.entry_id)].add(row.currency)
    return {entry_id: frozenset(currencies) for entry_id, currencies in found.items()}


def _views(tx: Transaction, rows: Sequence[Row[Any]]) -> list[EntryView]:
    postings: dict[UUID, list[Posting]] = defaultdict(list)
    for row in tx.execute(POSTINGS, {"entries": uuids(row.id for row in rows)}):
        postings[row.entry_id].append(Posting(_account(row), row.amount_minor))
    return [
        EntryView(
            id=EntryId(row.id),
            key=row.key,
            kind=EntryKind(row.kind),
            about=row.about,
            postings=tuple(postings[row.id]),
            reverses=None if row.reverses is None else EntryId(row.reverses),
            posted_at=row.posted_at,
        )
        for row in rows
    ]


def _movement(row: Row[Any]) -> Movement:
    return Movement(EntryId(row.entry_id), EntryKind(row.kind), row.about, row.amount_minor, row.posted_at)


def _account(row: Row[Any]) -> Account:
    return Account(AccountKind(row.kind), row.owner_id, row.currency)


def _named(account: Account) -> dict[str, object]:
    return {"kind": account.kind.value, "owner": account.owner_id, "currency": account.currency}
