"""What payments say no to."""

from farmlink.kernel.errors import MissingError, RefusedError


class AlreadyPaidError(RefusedError):
    """What holds money already is not paid for a second time."""

    code = "already-checked-out"
    message = "This is checked out already, by {method}. To pay otherwise, cancel the order and place it anew."


class PaymentSettledError(RefusedError):
    """What was charged is refunded, not released."""

    code = "payment-settled"
    message = "This was charged already: {charged_minor}. Refund what is to be given back."


class SettledOtherwiseError(RefusedError):
    """A payment is settled once."""

    code = "settled-otherwise"
    message = "This was settled at {charged_minor} and cannot be settled at {amount_minor}. Refund the difference."


class ForeignPayerError(RefusedError):
    """Nobody is charged for what somebody else pays."""

    code = "foreign-payer"
    message = "Somebody else pays for this. Charge who checked out."


class NotDueError(RefusedError):
    """At the point exactly what is due is collected."""

    code = "not-due"
    message = "{due_minor} are due here, not {amount_minor}. Collect what is due, or ask the planner to change it."


class RefundAboveCaptureError(RefusedError):
    """Nobody gets back more than was charged."""

    code = "refund-above-capture"
    message = "Of this, {left_minor} are left to be given back, not {amount_minor}. Refund at most that."


class RefundDiffersError(RefusedError):
    """One key gives back one amount."""

    code = "refund-differs"
    message = "This refund was made already, of {refunded_minor}. Send another key to refund something else."


class NotOfferedError(RefusedError):
    """A method for which this installation has no account at the provider."""

    code = "method-not-offered"
    message = "Paying by {method} is not offered here. Choose among: {offered}."


class MethodCurrencyError(RefusedError):
    """Some providers take nothing but their own currency."""

    code = "method-currency"
    message = "By {method} one pays in {taken}, and this is in {asked}. Choose another way to pay."


class HoldTooShortError(RefusedError):
    """A hold that its provider is sure to let go before the charge would keep a payer's money for nothing."""

    code = "hold-too-short"
    message = (
        "By {method} money is held for {days} days at most, and this order is handed out on {hand_out_on}. Choose"
        " another way to pay, or check out from {from_day} on, before the cut-off; else it is paid at pick-up."
    )


class HoldNeverLongEnoughError(RefusedError):
    """A hold that would last only when it is begun after the cut-off, when nobody checks out any more."""

    code = "hold-never-long-enough"
    message = (
        "By {method} money is held for {days} days at most, and this order is handed out on {hand_out_on}, longer than"
        " that after the cut-off. Choose another way to pay; else it is paid at pick-up."
    )


class BooksUnreadableError(RefusedError):
    """A provider that does not show its books cannot be compared with."""

    code = "books-unreadable"
    message = "The books of {method} cannot be read now. Compare them later, or look at the account there."


class WebhookRefusedError(MissingError):
    """What does not carry a provider's own signature is not listened to, and learns nothing."""

    code = "webhook-refused"
    message = "There is nothing here for you."
