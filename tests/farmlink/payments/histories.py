"""Histories of one payment: what people, settlement and the provider do to it, in any order and more than once."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from farmlink.demo.provider.books import Intent, RefusedError
from farmlink.payments.values import Booked, Method, Seen, Standing, Step, StepKind

Deed = tuple[str, int]
DEEDS: Final = ("lower", "release", "settle", "refund", "collect", "pay", "leave", "look", "step", "step", "repeat")
AMOUNTS: Final = st.sampled_from([0, 1, 300, 500, 700, 800, 900])
HISTORIES: SearchStrategy[list[Deed]] = st.lists(st.tuples(st.sampled_from(DEEDS), AMOUNTS), max_size=30)
METHODS: Final = st.sampled_from(list(Method))
ASKED_MINOR: Final = 800


def intent_of(method: Method) -> Intent:
    """The provider's own page of its books; account credit and cash have none that anybody opens."""
    return Intent(method.value, "there", "", ASKED_MINOR, "CNY", "", holds=method is Method.STRIPE)


def standing(intent: Intent) -> Standing:
    """How the intent stands, as an adapter reads it."""
    if intent.state == "gone":
        return Standing(Seen.GONE)
    if intent.state == "open":
        return Standing(Seen.WAITING)
    return Standing(Seen.PAID, intent.held_minor or intent.captured_minor)


def perform(intent: Intent, step: Step) -> None:
    """Do a step at the provider, as the adapters ask for it; what is refused for good raises."""
    if step.kind is StepKind.CAPTURE:
        if intent.captures == 0 or intent.state != "paid":  # the same key again does nothing
            intent.capture(step.amount_minor)
    elif step.kind is StepKind.REFUND:
        intent.refund(str(step.id), step.amount_minor)


def call_off(intent: Intent) -> Standing:
    """Close an intent that nobody paid; what nobody scanned yet cannot be closed at Alipay."""
    if intent.state == "paid":
        return standing(intent)
    if intent.state == "held" or (intent.state == "open" and intent.provider != Method.ALIPAY):
        intent.close()
    return Standing(Seen.GONE)


def pay(intent: Intent) -> None:
    """The payer authorises, if they still can."""
    if intent.state == "open":
        intent.pay()


def leave(intent: Intent) -> None:
    """The payer leaves, or the hold lapses."""
    if intent.state != "paid":
        intent.state, intent.held_minor = "gone", 0


def booked(intent: Intent) -> Booked:
    """The provider's books as we read them."""
    return Booked(intent.held_minor, intent.captured_minor - intent.refunded_minor)


__all__ = [
    "ASKED_MINOR",
    "HISTORIES",
    "METHODS",
    "Deed",
    "RefusedError",
    "booked",
    "call_off",
    "intent_of",
    "leave",
    "pay",
]
__all__ += ["perform", "standing"]
