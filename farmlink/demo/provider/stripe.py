"""Stripe's side: payment intents with manual capture, and refunds."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl

from farmlink.demo.provider.books import Books, Intent, RefusedError
from farmlink.demo.provider.faults import Faults
from farmlink.demo.provider.seals import Seals
from farmlink.demo.provider.spoken import JSON, Answer, Asked, Call

STATUS = {"open": "requires_payment_method", "held": "requires_capture", "paid": "succeeded", "gone": "canceled"}
EVENTS = {"held": "amount_capturable_updated", "paid": "succeeded", "gone": "canceled"}


@dataclass(frozen=True)
class StripeSide:
    """Answers as Stripe does; what came under an idempotency key is answered again."""

    books: Books
    seals: Seals
    faults: Faults
    webhook: str

    def answer(self, asked: Asked) -> Answer:
        """Check the key, then do what is asked, once."""
        if asked.headers.get("authorization") != f"Bearer {self.seals.stripe_key}":
            return _refused(401, "api_key_wrong")
        key = asked.headers.get("idempotency-key")
        if key is not None and key in self.books.replies:
            return Answer(*self.books.replies[key])
        try:
            answer = self._do(asked, dict(parse_qsl(asked.body)), key or secrets.token_hex(8))
        except RefusedError as refusal:
            answer = _refused(400, str(refusal))
        if key is not None:
            self.books.replies[key] = answer.status, answer.body
        return answer

    def _do(self, asked: Asked, form: dict[str, str], key: str) -> Answer:
        if (asked.method, asked.path) == ("POST", "/v1/payment_intents"):
            return Answer.of(200, _shown(self._open(form, key)))
        if (asked.method, asked.path) == ("POST", "/v1/refunds"):
            intent, name = self._find(form["payment_intent"]), f"re_{secrets.token_hex(12)}"
            if self.faults.strikes(self.faults.bounce):
                intent.refunds_minor[name] = 0
            else:
                intent.refund(name, int(form["amount"]))
            intent.asked_by[name] = form.get("metadata[step]", "")
            return Answer.of(200, _refund(intent, name))
        if (asked.method, asked.path) == ("GET", "/v1/refunds"):
            intent = self._find(dict(parse_qsl(asked.target.partition("?")[2]))["payment_intent"])
            made = [_refund(intent, name) for name in intent.refunds_minor]
            return Answer.of(200, {"object": "list", "url": asked.path, "has_more": False, "data": made})
        if match := re.fullmatch(r"/v1/payment_intents/(\w+)(?:/(capture|cancel))?", asked.path):
            intent = self._find(match[1])
            if match[2] == "capture":
                intent.capture(int(form["amount_to_capture"]))
            elif match[2] == "cancel":
                intent.close()
            return Answer.of(200, _shown(intent))
        return _refused(404, "resource_missing")

    def _open(self, form: dict[str, str], key: str) -> Intent:
        if form.get("capture_method") != "manual":
            raise RefusedError("parameter_invalid")
        reference = f"pi_{hashlib.sha256(key.encode()).hexdigest()[:24]}"
        amount, currency = int(form["amount"]), form["currency"].upper()
        return self.books.open(
            Intent("stripe", reference, form["metadata[payment]"], amount, currency, self.webhook, holds=True)
        )

    def _find(self, reference: str) -> Intent:
        return self.books.find("stripe", reference, "resource_missing")

    def call(self, intent: Intent) -> Call:
        """Tell the merchant what became of an intent, signed."""
        body = Answer.of(
            200,
            {
                "id": f"evt_{secrets.token_hex(8)}",
                "object": "event",
                "type": f"payment_intent.{EVENTS[intent.state]}",
                "data": {"object": _shown(intent)},
            },
        ).body
        at = int(time.time())
        seal = hmac.new(self.seals.stripe_webhook_secret.encode(), f"{at}.{body}".encode(), hashlib.sha256)
        return Call(intent.webhook, {"stripe-signature": f"t={at},v1={seal.hexdigest()}", "content-type": JSON}, body)


def _shown(intent: Intent) -> dict[str, object]:
    return {
        "id": intent.reference,
        "object": "payment_intent",
        "amount": intent.amount_minor,
        "amount_capturable": intent.held_minor,
        "amount_received": intent.captured_minor,
        "client_secret": f"{intent.reference}_secret",
        "currency": intent.currency.lower(),
        "metadata": {"payment": intent.number},
        "status": STATUS[intent.state],
    }


def _refund(intent: Intent, name: str) -> dict[str, object]:
    amount_minor, step = intent.refunds_minor[name], intent.asked_by[name]
    status = "succeeded" if amount_minor else "failed"
    return {"id": name, "object": "refund", "status": status, "amount": amount_minor, "metadata": {"step": step}}


def _refused(status: int, code: str) -> Answer:
    kind = "invalid_request_error"
    return Answer.of(status, {"error": {"type": kind, "code": code, "message": code}})
