"""A provider's books and ours disagree: the text, and who gets it."""

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
from farmlink.people.values import Role
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

SUBJECT: Final = marked("A payment stands otherwise in its provider's books")
OURS: Final = marked("What {method} books for payment {payment} is not what stands in our ledger.")
FOREIGN: Final = marked("A provider books payment {payment}, which nobody here knows.")
LOOK: Final = marked(
    "`farmlink reconcile` shows both sides. Nothing was changed, and you are told of this difference once."
)


def say_books_differ(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell the platform's admins, once of each difference, however many nights find it again."""
    platform_id = people.platform_id(tx)
    admins = [] if platform_id is None else people.member_ids(tx, platform_id, Role.ADMIN)
    told = [(one.event.difference_id, admin, one.event.payment_id) for one in announced for admin in admins]
    tell_many(tx, Kind.BOOKS_DIFFER, told)


def write_books_differ(tx: Transaction, payment_id: PaymentId, language: str) -> tuple[str, str]:
    """Write whose books differ, and about which payment."""
    payment = payments.payment_by_id(tx, payment_id)
    facts = {"payment": str(payment_id), "method": "" if payment is None else payment.method.value}
    return rules.write((SUBJECT, FOREIGN if payment is None else OURS, LOOK), language, facts)
