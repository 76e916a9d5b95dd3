"""Paying at providers: steps are taken and ended in transactions, and done between them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Final

from farmlink.payments import commands
from farmlink.payments.providers import Provider, RefusedForGoodError, UnheardError, read_providers
from farmlink.payments.rules.refusals import NotOfferedError, WebhookRefusedError
from farmlink.payments.values import CAN, Method, Offer, Step, StepKind
from farmlink.settings import Settings, read_settings
from farmlink.store.store import Store

LOG = logging.getLogger(__name__)
AT_ONCE: Final = 4
"""Steps done at once: most of the time goes by waiting for providers."""


def pay_waiting(store: Store, *, stop: Event | None = None) -> int:
    """Do what is due at the providers that the settings name."""
    return pay_due(store, providers_of(read_settings()), stop)


def providers_of(settings: Settings) -> Mapping[Method, Provider]:
    """The providers at which this installation has an account."""
    return read_providers(settings.payments, settings.public_url)


def offered(settings: Settings) -> list[Offer]:
    """The methods that can be chosen here: a provider without an account is not offered."""
    accounts = providers_of(settings)
    return [Offer(method, can) for method, can in CAN.items() if not can.online or method in accounts]


def require_offered(settings: Settings, method: Method) -> None:
    """Refuse a method that cannot be chosen here."""
    methods = [offer.method for offer in offered(settings)]
    if method not in methods:
        raise NotOfferedError(method=method.value, offered=", ".join(methods))


def listen(store: Store, method: Method, headers: Mapping[str, str], body: bytes) -> str:
    """Take a provider's call, and answer what it wants to hear: whoever it is about is looked at.

    What a call says is never acted on, so that calls may come twice, late and in any order; one about a payment that
    is not ours is thanked for all the same, for its provider would repeat it for days.
    """
    provider = providers_of(read_settings()).get(method)
    if provider is None:
        raise WebhookRefusedError
    try:
        payment_id = provider.heard(headers, body)
    except UnheardError as error:
        raise WebhookRefusedError from error
    if payment_id is not None:
        store.run(commands.hear, method, payment_id)
    return provider.thanks


def pay_due(store: Store, providers: Mapping[Method, Provider], stop: Event | None = None) -> int:
    """Do every step that is due, each once however often it is tried; the number done or refused for good.

    A step that fails is tried again later under the same key; one that a stop leaves over is when its lease ends.
    """
    ended, stopping = 0, stop or Event()

    def serve(step: Step) -> bool:
        return not stopping.is_set() and _try(store, providers[step.payment.method], step)

    with ThreadPoolExecutor(AT_ONCE, "pay") as desks:
        while not stopping.is_set() and providers and (steps := store.run(commands.take_steps, list(providers))):
            ended += sum(desks.map(serve, steps))
    return ended


def _try(store: Store, provider: Provider, step: Step) -> bool:
    """Do one step; whatever is wrong with it must not stop the others."""
    try:
        _do(store, provider, step)
    except RefusedForGoodError as refusal:
        LOG.warning("%s refuses step %s: %s", step.payment.method, step.id, refusal)
        store.run(commands.refuse, step, str(refusal))
    except Exception as failure:  # noqa: BLE001  # kept, and tried again later
        name = type(failure).__name__  # what it says may repeat a request
        LOG.warning("step %s at %s waits: %s", step.id, step.payment.method, name)
        store.run(commands.put_off, step, name)
        return False
    return True


def _do(store: Store, provider: Provider, step: Step) -> None:
    match step.kind:
        case StepKind.OPEN:
            store.run(commands.opened, step, provider.open(step))
            return
        case StepKind.LOOK:
            store.run(commands.see, step, provider.look(step))
            return
        case StepKind.CAPTURE:
            provider.capture(step)
        case StepKind.CANCEL:
            store.run(commands.called_off, step, provider.call_off(step))
            return
        case StepKind.REFUND:
            provider.give_back(step)
    store.run(commands.done, step)
