"""What was found when the books were compared: kept once for each day, and told once for each difference."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import uuid5

from farmlink.payments.queries import day_of_books, reconciled
from farmlink.payments.rules.postings import OURS
from farmlink.payments.values import BooksDiffer, Compared, Difference, Method
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def keep_reconciled(tx: Transaction, method: Method, last: date, found: Iterable[Compared]) -> None:
    """Keep that a provider's books up to a day were compared, and announce what differs."""
    exclude(tx, day_of_books(method, last))
    if reconciled(tx, method, last):
        return
    differences = [one for compared in found for one in compared.differences]
    tx.record("payment.reconcile", day_of_books(method, last), differences=len(differences))
    for one in differences:
        tx.announce(_announced(one))


def _announced(found: Difference) -> BooksDiffer:
    """The same amounts about the same thing are the same difference, whenever they are found."""
    said = f"{found.about}: {found.ours} {found.theirs}"
    return BooksDiffer(uuid5(OURS, said), found.payments[0])
