"""What may be posted: pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from farmlink.kernel.bounds import MOST, within
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.ledger.values import Account, AccountKind, Entry, EntryId, OwnMoney, Standing

NEVER_OVERDRAWN: Final = frozenset({AccountKind.CREDIT, AccountKind.HOLD})
"""What farmlink keeps for others: it cannot give out more of it than it was given."""
MOST_POSTINGS: Final = 1000
LONGEST_KEY: Final = 200
CURRENCY: Final = re.compile(r"[A-Z]{3}")


class EntryDiffersError(RefusedError):
    """One key has one effect: what was posted under it is never posted otherwise."""

    code = "entry-differs"
    message = "The entry {key} is posted already and says something else. Post what changed under a key of its own."


class NothingPostedError(RefusedError):
    """Money that moves comes from somewhere and goes somewhere."""

    code = "no-postings"
    message = "The entry {key} needs at least two postings: where the money comes from, and where it goes."


class TooManyPostingsError(RefusedError):
    """An entry is one thing that happened."""

    code = "too-many-postings"
    message = "The entry {key} has {count} postings; at most {most} fit. Post it as several entries."


class UnbalancedError(RefusedError):
    """Money neither appears nor disappears."""

    code = "unbalanced"
    message = "The postings of {key} come to {sum_minor}, not to zero. Post where the difference goes."


class ForeignCurrencyError(RefusedError):
    """An amount in one currency is never set against another."""

    code = "foreign-currency"
    message = "{what} is in {expected}, and this amount is in {given}. Give the amount in {expected}."


class OverdrawnError(RefusedError):
    """Nobody spends credit that they do not have, and no hold gives out more than it holds."""

    code = "overdrawn"
    message = "There is {left_minor} left, and {asked_minor} is asked for. Ask for less, or pay in first."


class NoSuchEntryError(MissingError):
    """What is taken back must have been posted."""

    code = "no-such-entry"
    message = "There is no entry {id} that could be taken back."


def check(entry: Entry) -> None:
    """Refuse an entry that can never be right."""
    if not 0 < len(entry.key) <= LONGEST_KEY:
        raise InvalidError(field="key", reason=marked("An entry needs a key of 1 to 200 characters."))
    if len(entry.postings) < 2:
        raise NothingPostedError(key=entry.key)
    if len(entry.postings) > MOST_POSTINGS:
        raise TooManyPostingsError(key=entry.key, count=len(entry.postings), most=MOST_POSTINGS)
    for posting in entry.postings:
        if not CURRENCY.fullmatch(posting.account.currency):
            raise InvalidError(field="currency", reason=marked("A currency is three capital letters such as EUR."))
        if posting.amount_minor == 0:
            raise InvalidError(field="amount_minor", reason=marked("A posting moves something: leave out zeros."))
        within("amount_minor", posting.amount_minor, -MOST, MOST)
    _require_balanced(entry)


def sums(entry: Entry) -> dict[str, int]:
    """What an entry comes to in each currency, by currency."""
    totals: dict[str, int] = defaultdict(int)
    for posting in entry.postings:
        totals[posting.account.currency] += posting.amount_minor
    return dict(sorted(totals.items()))


def _require_balanced(entry: Entry) -> None:
    open_sums = {currency: total for currency, total in sums(entry).items() if total}
    if len(open_sums) > 1 and not sum(open_sums.values()):
        expected, given = sorted(open_sums)[:2]
        raise ForeignCurrencyError(what=entry.key, expected=expected, given=given)
    for currency, total in open_sums.items():
        raise UnbalancedError(key=entry.key, sum_minor=total, currency=currency)


def gather(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Order entries by key; said twice in one breath, a key must say the same."""
    found: dict[str, Entry] = {}
    for entry in entries:
        require_same(entry, found.setdefault(entry.key, entry))
    return found


def require_same(entry: Entry, posted: Entry) -> None:
    """Refuse another meaning for a key."""
    if entry.says() != posted.says():
        raise EntryDiffersError(key=entry.key)


def require_reversible(entries: Iterable[Entry], posted: Mapping[EntryId, frozenset[str]]) -> None:
    """Refuse to take back what was never posted, or in another currency than it was posted in."""
    for entry in entries:
        if entry.reverses is None:
            continue
        if entry.reverses not in posted:
            raise NoSuchEntryError(id=entry.reverses)
        for currency in sums(entry):
            if currency not in posted[entry.reverses]:
                raise ForeignCurrencyError(
                    what=entry.key, expected=", ".join(sorted(posted[entry.reverses])), given=currency
                )


def require_covered(entries: Iterable[Entry], balances: Mapping[Account, int]) -> None:
    """Refuse entries of which one, posted after the other, takes more from credit or a hold than is there."""
    left = dict(balances)
    for entry in entries:
        for account, postings in groupby(sorted(entry.postings), attrgetter("account")):
            asked = sum(posting.amount_minor for posting in postings)
            before = left.get(account, 0)
            left[account] = before + asked
            if account.kind in NEVER_OVERDRAWN and left[account] > 0:
                raise OverdrawnError(
                    account=account.kind.value,
                    left_minor=-before,
                    asked_minor=asked,
                    currency=account.currency,
                )


def own_money(standings: Iterable[Standing]) -> list[OwnMoney]:
    """Add up by currency what a consumer has free, held and to pay."""
    found: dict[tuple[str, AccountKind], int] = defaultdict(int)
    for one in standings:
        found[one.currency, one.kind] += one.balance_minor
    return [
        OwnMoney(
            currency,
            -found[currency, AccountKind.CREDIT],
            -found[currency, AccountKind.HOLD],
            found[currency, AccountKind.RECEIVABLE],
        )
        for currency in sorted({currency for currency, _ in found})
    ]
