"""Our books beside a provider's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from farmlink.payments.values import Booked, Payment


def difference_minor(
    payments: Iterable[Payment], ledger_minor: Mapping[UUID, int], books: Mapping[UUID, Booked]
) -> int:
    """The sum of all differences, each way, of what a provider keeps for us about each thing that is paid for.

    `ledger_minor` is what is posted on the provider's account about each; of that a payment that holds says what is
    only held, and the books say it by payment. A hold may be larger at its provider, which lets go of the rest with
    the capture; never smaller, and never there when ours has ended.
    """
    held, about = Counter[UUID](), dict[UUID, UUID]()
    for payment in payments:
        about[payment.id] = payment.about
        held[payment.about] += payment.held_minor if payment.can.hold else 0
    theirs_held, theirs_taken = Counter[UUID](), Counter[UUID]()
    for payment_id, booked in books.items():
        theirs_held[about.get(payment_id, payment_id)] += booked.held_minor
        theirs_taken[about.get(payment_id, payment_id)] += booked.taken_minor
    total = 0
    for thing in held.keys() | ledger_minor.keys() | theirs_taken.keys():
        total += abs(ledger_minor.get(thing, 0) - held[thing] - theirs_taken[thing])
        total += max(0, held[thing] - theirs_held[thing]) if held[thing] else theirs_held[thing]
    return total
