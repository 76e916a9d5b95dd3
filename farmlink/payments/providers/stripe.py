"""Stripe: payment intents that are held at checkout and captured at settlement."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import stripe

from farmlink.payments.providers.accounts import StripeKeys
from farmlink.payments.providers.protocol import RefusedForGoodError, UnheardError, named
from farmlink.payments.rules.books import BOOKS_ZONE
from farmlink.payments.values import Back, Method, Moved, Opened, Seen, Standing, Step

T = TypeVar("T")
NAMED: Final = "payment"
"""Under which name an intent carries our payment's id."""
ASKED_BY: Final = "step"
"""Under which name a refund carries our step's id."""
PAGE: Final = 100
YEAR_DAYS: Final = 366
"""Stripe shows its books for ever; so far back is read, a request or more for each day."""
FELL_THROUGH: Final = frozenset({"failed", "canceled"})
"""How a refund ends that brought the payer nothing."""
LASTS_S: Final = 300
"""How long a signature holds."""
FOR_GOOD: Final = (stripe.CardError, stripe.InvalidRequestError)
PAID: Final = {"requires_capture": "amount_capturable", "succeeded": "amount_received"}


class Stripe:
    """Stripe by its own library; what a reply that was lost said is said again under the same idempotency key."""

    method = Method.STRIPE
    books_days = YEAR_DAYS
    thanks = ""

    def __init__(self, keys: StripeKeys) -> None:
        self._webhook_secret, self.hold_days = keys.webhook_secret, keys.hold_days
        client = stripe.StripeClient(
            keys.secret_key,
            base_addresses={"api": keys.address},
            http_client=stripe.RequestsClient(timeout=keys.patience_s),
            max_network_retries=0,
        )
        self._intents, self._refunds = client.v1.payment_intents, client.v1.refunds
        self._balance = client.v1.balance_transactions

    def open(self, step: Step) -> Opened:
        """Create an intent; its client secret lets the payer's own browser authorise it at Stripe."""
        intent = _asked(
            lambda: self._intents.create(
                {
                    "amount": step.amount_minor,
                    "currency": step.payment.currency.lower(),
                    "capture_method": "manual",
                    "automatic_payment_methods": {"enabled": True},
                    "metadata": {NAMED: str(step.payment.id)},
                },
                {"idempotency_key": str(step.id)},
            )
        )
        return Opened(intent.id, intent.client_secret or "")

    def look(self, step: Step) -> Standing:
        """Retrieve the intent."""
        intent = self._retrieve(step)
        if intent.status == "canceled":
            return Standing(Seen.GONE)
        if intent.status in PAID:
            return Standing(Seen.PAID, int(intent[PAID[intent.status]]))
        return Standing(Seen.WAITING)

    def capture(self, step: Step) -> None:
        """Capture a part; Stripe lets go of the rest. One that took this much already was captured by us."""
        try:
            _asked(
                lambda: self._intents.capture(
                    _reference(step), {"amount_to_capture": step.amount_minor}, {"idempotency_key": str(step.id)}
                )
            )
        except RefusedForGoodError:
            found = self._retrieve(step)
            if (found.status, found.amount_received) != ("succeeded", step.amount_minor):
                raise

    def call_off(self, step: Step) -> Standing:
        """Cancel the intent; one that is cancelled already was so by us or by time."""
        gone = Standing(Seen.GONE)
        if step.payment.reference is None:
            return gone  # it was never opened
        with suppress(RefusedForGoodError):
            _asked(lambda: self._intents.cancel(_reference(step), {}, {"idempotency_key": str(step.id)}))
            return gone
        if self._retrieve(step).status != "canceled":
            raise RefusedForGoodError("not cancelled")
        return gone

    def give_back(self, step: Step) -> None:
        """Refund a part of what was captured, unless this very step did: Stripe forgets its keys after a day."""
        made = self._refund_of(step) or _asked(
            lambda: self._refunds.create(
                {
                    "payment_intent": _reference(step),
                    "amount": step.amount_minor,
                    "metadata": {NAMED: str(step.payment.id), ASKED_BY: str(step.id)},
                },
                {"idempotency_key": str(step.id)},
            )
        )
        if made.status in FELL_THROUGH:
            raise RefusedForGoodError(f"refund {made.status}")

    def became_of(self, step: Step) -> Back:
        """Look how the step's refund stands: a bank has thirty days to send it back."""
        made = self._refund_of(step)
        return Back.OURS if made is not None and made.status in FELL_THROUGH else Back.AWAY

    def moved(self, day: date) -> list[Moved]:
        """Read the lines of our balance that are about an intent, in what its payer was charged.

        Fees, conversions and payments to our bank are lines of their own, or a part of the line that is no payer's.
        """
        begins, ends = (_second(day), _second(day + timedelta(days=1)))
        asked_for: stripe.params.BalanceTransactionListParams = {
            "created": {"gte": begins, "lt": ends},
            "expand": ["data.source"],
            "limit": PAGE,
        }
        lines = _asked(lambda: list(self._balance.list(asked_for).auto_paging_iter()))
        return [found for line in lines if (found := _moved(line)) is not None]

    def holding(self, since: date) -> dict[str, int]:
        """Read what can still be captured."""
        asked_for: stripe.params.PaymentIntentListParams = {"created": {"gte": _second(since)}, "limit": PAGE}
        found = _asked(lambda: list(self._intents.list(asked_for).auto_paging_iter()))
        return {intent.id: intent.amount_capturable for intent in found if intent.amount_capturable}

    def heard(self, headers: Mapping[str, str], body: bytes) -> UUID | None:
        """Check the call's signature, which holds for five minutes, and read whose intent it is about."""
        signature = headers.get("stripe-signature", "")
        try:
            stripe.WebhookSignature.verify_header(body.decode(), signature, self._webhook_secret, LASTS_S)
            metadata = json.loads(body)["data"]["object"].get("metadata") or {}
            return named(metadata.get(NAMED))
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnheardError from error

    def _refund_of(self, step: Step) -> stripe.Refund | None:
        """The refund that a step made earlier."""
        asked_for: stripe.params.RefundListParams = {"payment_intent": _reference(step), "limit": PAGE}
        made = _asked(lambda: list(self._refunds.list(asked_for).auto_paging_iter()))
        return next((one for one in made if _asker(one) == str(step.id)), None)

    def _retrieve(self, step: Step) -> stripe.PaymentIntent:
        return _asked(lambda: self._intents.retrieve(_reference(step)))


def _second(day: date) -> int:
    return int(datetime.combine(day, time(), BOOKS_ZONE).timestamp())


def _moved(line: stripe.BalanceTransaction) -> Moved | None:
    """A line of the balance that is about an intent; what was captured is what its charge says, whatever was held."""
    source: Any = line.source
    reference = getattr(source, "payment_intent", None)
    if reference is None:
        return None
    amount = source.amount_captured if source.object == "charge" else source.amount
    noted = getattr(source, "metadata", None) or {}
    payment_id = named(noted[NAMED]) if NAMED in noted else None
    return Moved(reference, payment_id, amount if line.amount > 0 else -amount)


def _asker(refund: stripe.Refund) -> str | None:
    noted = refund.metadata
    return noted[ASKED_BY] if noted is not None and ASKED_BY in noted else None


def _reference(step: Step) -> str:
    if step.payment.reference is None:
        raise RefusedForGoodError("never opened")
    return step.payment.reference


def _asked(ask: Callable[[], T]) -> T:
    """Tell a refusal for good from everything that may go better next time."""
    try:
        return ask()
    except FOR_GOOD as refusal:
        raise RefusedForGoodError(f"{refusal.http_status} {refusal.code}") from refusal
