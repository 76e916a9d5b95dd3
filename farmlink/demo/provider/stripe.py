"""Stripe's side: payment intents with manual capture, and refunds."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl

from farmlink.demo.provider.books import Books, Intent, Move, RefusedError
from farmlink.demo.provider.faults import Faults
from farmlink.demo.provider.seals import Seals
from farmlink.demo.provider.spoken import JSON, Answer, Asked, Call

STATUS = {"open": "requires_payment_method", "held": "requires_capture", "paid": "succeeded", "gone": "canceled"}
LISTS = frozenset({"/v1/refunds", "/v1/payment_intents", "/v1/balance_transactions"})
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
            intent.refund(name, int(form["amount"]))
            intent.asked_by[name] = form.get("metadata[step]", "")
            if self.faults.strikes(self.faults.bounce):
                intent.bounce()
            return Answer.of(200, _refund(intent, name))
        if asked.method == "GET" and asked.path in LISTS:
            return self._list(asked.path, dict(parse_qsl(asked.target.partition("?")[2])))
        if match := re.fullmatch(r"/v1/payment_intents/(\w+)(?:/(capture|cancel))?", asked.path):
            intent = self._find(match[1])
            if match[2] == "capture":
                intent.capture(int(form["amount_to_capture"]))
            elif match[2] == "cancel":
                intent.close()
            return Answer.of(200, _shown(intent))
        return _refused(404, "resource_missing")

    def _list(self, path: str, chosen: dict[str, str]) -> Answer:
        """What was asked for of a kind, the newest first, a page at a time."""
        since, until = float(chosen.get("created[gte]", 0)), float(chosen.get("created[lt]", "inf"))
        if path == "/v1/refunds":
            intent = self._find(chosen["payment_intent"])
            found = [_refund(intent, name) for name in intent.refunds_minor]
        elif path == "/v1/payment_intents":
            found = [_shown(one) for one in self.books.intents.values() if one.provider == "stripe" and one.at >= since]
        else:
            found = [_transaction(intent, move) for intent, move in self.books.moved("stripe", since, until)]
        names = [one["id"] for one in found]
        first = names.index(chosen["starting_after"]) + 1 if "starting_after" in chosen else 0
        last = first + int(chosen.get("limit", 10))
        page = {"object": "list", "url": path, "has_more": last < len(found), "data": found[first:last]}
        return Answer.of(200, page)

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
        """Tell the merchant what became of an intent or its last refund, signed."""
        said = {"type": f"payment_intent.{EVENTS[intent.state]}", "data": {"object": _shown(intent)}}
        if intent.bounced:
            said = {"type": "refund.failed", "data": {"object": _refund(intent, intent.bounced[-1])}}
        body = Answer.of(200, {"id": f"evt_{secrets.token_hex(8)}", "object": "event"} | said).body
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
    return {
        "id": name,
        "object": "refund",
        "amount": intent.refunds_minor[name],
        "currency": intent.currency.lower(),
        "payment_intent": intent.reference,
        "metadata": {"payment": intent.number, "step": intent.asked_by[name]},
        "status": "failed" if name in intent.bounced else "succeeded",
    }


def _transaction(intent: Intent, move: Move) -> dict[str, object]:
    """A move as a line of the account's balance, with what it is about."""
    kind = "refund" if move.amount_minor < 0 else "refund_failure" if move.key else "charge"
    charge = {
        "id": f"ch_{intent.reference.removeprefix('pi_')}",
        "object": "charge",
        "amount": intent.amount_minor,
        "amount_captured": intent.captured_minor,
        "currency": intent.currency.lower(),
        "payment_intent": intent.reference,
        "metadata": {"payment": intent.number},
    }
    return {
        "id": f"txn_{intent.reference.removeprefix('pi_')}_{intent.moves.index(move)}",
        "object": "balance_transaction",
        "amount": move.amount_minor,
        "currency": intent.currency.lower(),
        "type": kind,
        "source": _refund(intent, move.key) if move.key else charge,
    }


def _refused(status: int, code: str) -> Answer:
    kind = "invalid_request_error"
    return Answer.of(status, {"error": {"type": kind, "code": code, "message": code}})
