"""A provider's books and ours disagree, or it keeps what we gave back: the texts, and who gets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from farmlink.kernel.locale import marked
from farmlink.notify import rules
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind
from farmlink.payments import queries as payments
from farmlink.payments.values import PaymentId
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Role
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

SUBJECT: Final = marked("A payment stands otherwise in its provider's books")
OURS: Final = marked("What {method} books for payment {payment} is not what stands in our ledger.")
FOREIGN: Final = marked("A provider books payment {payment}, which nobody here knows.")
LOOK: Final = marked(
    "`farmlink reconcile` shows both sides. Nothing was changed, and you are told of this difference once."
)

STUCK: Final[rules.Text] = (
    marked("A refund sticks at {method}"),
    marked("{method} could not bring back what was refunded of payment {payment}: the payer's card cannot take it."),
    marked(
        "Settle it in the merchant's platform there: to another card of the payer, or to your own account."
        " farmlink asks after it every day; it becomes the payer's credit only once it is yours again."
    ),
)


def say_refunds_stuck(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell the platform's admins, who can settle it at the provider, each time that one gets stuck."""
    told = [(one.event_id, admin, one.event.payment_id) for one in announced for admin in admins(tx)]
    tell_many(tx, Kind.REFUND_STUCK, told)


def say_books_differ(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell the platform's admins, once of each difference, however many nights find it again."""
    told = [(one.event.difference_id, admin, one.event.payment_id) for one in announced for admin in admins(tx)]
    tell_many(tx, Kind.BOOKS_DIFFER, told)


def admins(tx: Transaction) -> list[PersonId]:
    """Who keeps the platform."""
    platform_id = people.platform_id(tx)
    return [] if platform_id is None else people.member_ids(tx, platform_id, Role.ADMIN)


def write_books_differ(tx: Transaction, payment_id: PaymentId, language: str) -> tuple[str, str]:
    """Write whose books differ, and about which payment."""
    payment = payments.payment_by_id(tx, payment_id)
    facts = {"payment": str(payment_id), "method": "" if payment is None else payment.method.value}
    return rules.write((SUBJECT, FOREIGN if payment is None else OURS, LOOK), language, facts)


def write_refund_stuck(tx: Transaction, payment_id: PaymentId, language: str) -> tuple[str, str] | None:
    """Write which refund sticks where; nothing once it does no more."""
    payment = payments.payment_by_id(tx, payment_id)
    if payment is None or not payments.sticks(tx, payment_id):
        return None
    return rules.write(STUCK, language, {"payment": str(payment_id), "method": payment.method.value})
