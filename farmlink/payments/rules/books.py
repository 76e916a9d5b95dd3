"""Our books beside a provider's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from farmlink.payments.values import Booked, Payment

NOTHING: Final = Booked(0, 0)


def expected(payment: Payment) -> Booked:
    """What its provider must have of a payment: what is held, and what was taken less what went back.

    Who cannot hold has taken what we hold.
    """
    taken = payment.captured_minor - payment.refunded_minor
    if payment.can.hold:
        return Booked(payment.held_minor, taken)
    return Booked(0, payment.held_minor + taken)


def difference_minor(payments: Iterable[Payment], books: Mapping[UUID, Booked]) -> int:
    """The sum of all differences, each way.

    A hold may be larger at its provider, which lets go of the rest with the capture; never smaller, and never there
    when ours has ended.
    """
    ours: dict[UUID, Booked] = {payment.id: expected(payment) for payment in payments}
    total = 0
    for payment_id in ours.keys() | books.keys():
        mine, theirs = ours.get(payment_id, NOTHING), books.get(payment_id, NOTHING)
        total += abs(mine.taken_minor - theirs.taken_minor)
        total += max(0, mine.held_minor - theirs.held_minor) if mine.held_minor else theirs.held_minor
    return total
