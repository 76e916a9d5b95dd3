"""What a cycle does to all its payments at once, each in a handful of statements, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from farmlink.kernel.ids import uuid7
from farmlink.payments import rules
from farmlink.payments.commands.write import write_turns
from farmlink.payments.queries import lock_about
from farmlink.payments.values import Charge, Method, NewPayment, Payment, Turn
from farmlink.store.transaction import Transaction

About = TypeVar("About", bound=UUID)


def lower_many(tx: Transaction, totals_minor: Mapping[About, int]) -> None:
    """The price fell: what is held above these totals goes back at once. They never rise."""
    totals = dict[UUID, int](totals_minor.items())
    held = lock_about(tx, totals)
    write_turns(tx, [(payment, rules.lower(payment, totals[about])) for about, payment in held.items()])


def release_many(tx: Transaction, abouts: Iterable[UUID]) -> None:
    """These are dropped: what is held for them goes back, and nothing is asked for."""
    held = lock_about(tx, abouts)
    write_turns(tx, [(payment, rules.release(payment)) for payment in held.values()])


def settle_many(tx: Transaction, charges: Sequence[Charge]) -> list[Payment]:
    """Charge orders, each once: out of its hold what that holds at most; what is not held is due at pick-up.

    The rest of every hold goes back. Who never checked out pays at pick-up. Nothing charged releases the hold. Said
    twice the same changes nothing; said otherwise it is refused, and then nothing at all is charged.
    """
    standing = lock_about(tx, (charge.about for charge in charges))
    return write_turns(
        tx,
        [
            (standing.get(charge.about), _settle(tx, standing.get(charge.about), charge))
            for charge in {charge.about: charge for charge in charges}.values()
            if charge.about in standing or charge.amount_minor
        ],
    )


def _settle(tx: Transaction, standing: Payment | None, charge: Charge) -> Turn:
    if standing is None:
        promised = NewPayment(
            key=uuid7(),
            about=charge.about,
            payer_id=charge.payer_id,
            method=Method.PICK_UP,
            amount_minor=charge.amount_minor,
            currency=charge.currency,
        )
        standing = rules.begin(promised, tx.now).payment
    return rules.settle(standing, charge)
