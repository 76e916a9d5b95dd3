"""Who is paid out, and how it is written on the bank statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from farmlink.kernel.bounds import MOST, within
from farmlink.ledger.values import Account, AccountKind, Entry, EntryKind, Posting
from farmlink.settlement.rules.refusals import MoreThanCollectedError, NothingToPayError
from farmlink.settlement.values import Payee, PayOutId, Transfer

CHUNK = 500
"""Payees of one ledger entry."""


def transfers_of(pay_out_id: PayOutId, payees: Sequence[Payee]) -> list[Transfer]:
    """Pay everybody what they are owed whose bank details are known; refused when that is nobody."""
    owed = [payee for payee in payees if payee.owed_minor > 0]
    found = [
        Transfer(
            account=payee.account.kind,
            owner_id=payee.account.owner_id,
            organisation_id=payee.organisation_id,
            amount_minor=payee.owed_minor,
            reference=f"{pay_out_id.hex[-8:].upper()}-{number:04}",
            details=payee.details,
        )
        for number, payee in enumerate(owed, 1)
        if payee.details is not None
    ]
    if not found:
        raise NothingToPayError(waiting=len(owed))
    return found


def paid_out(pay_out_id: PayOutId, bank: Account, hub_id: UUID, transfers: Iterable[Transfer]) -> list[Entry]:
    """Entries of a pay-out: what was owed is not owed any more, and left the hub's bank."""
    all_of = list(transfers)
    parts = [all_of[first : first + CHUNK] for first in range(0, len(all_of), CHUNK)]
    return [
        Entry(
            f"pay-out/{pay_out_id}/{number}",
            EntryKind.PAY_OUT,
            hub_id,
            (
                *(Posting(_account(one, bank.currency), one.amount_minor) for one in part),
                Posting(bank, -sum(one.amount_minor for one in part)),
            ),
        )
        for number, part in enumerate(parts, 1)
    ]


def handed_over(key: UUID, till: Account, hub_id: UUID, amount_minor: int) -> Entry:
    """The entry of cash that came home to the hub."""
    within("amount_minor", amount_minor, 1, MOST)
    bank = Account(AccountKind.BANK, hub_id, till.currency)
    postings = (Posting(bank, amount_minor), Posting(till, -amount_minor))
    return Entry(f"hand-over/{key}", EntryKind.HAND_OVER, till.owner_id, postings)


def require_collected(till: Account, held_minor: int, amount_minor: int) -> None:
    """Refuse to take over more than somebody collected."""
    if amount_minor > held_minor:
        raise MoreThanCollectedError(held_minor=held_minor, amount_minor=amount_minor, currency=till.currency)


def _account(transfer: Transfer, currency: str) -> Account:
    return Account(AccountKind(transfer.account), transfer.owner_id, currency)
