"""What surrounds asking providers: paying there, hearing them, asking after what went back, comparing the books."""

from farmlink.payments.work.accounts import offered, providers_of, require_offered
from farmlink.payments.work.given_back import ask_after, ask_after_refunds
from farmlink.payments.work.hearing import listen
from farmlink.payments.work.paying import pay_due, pay_waiting
from farmlink.payments.work.reconciling import reconcile, reconcile_nightly

__all__ = [
    "ask_after",
    "ask_after_refunds",
    "listen",
    "offered",
    "pay_due",
    "pay_waiting",
    "providers_of",
    "reconcile",
    "reconcile_nightly",
    "require_offered",
]
