"""Asking after money that went back: a payer's bank may send it back for weeks, and the provider's call may be lost."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import Event

from farmlink.payments import commands
from farmlink.payments.providers import Provider
from farmlink.payments.values import Back, Method, Step
from farmlink.payments.work.accounts import providers_of
from farmlink.settings import read_settings
from farmlink.store.store import Store

LOG = logging.getLogger(__name__)


def ask_after_refunds(store: Store, *, stop: Event | None = None) -> int:
    """Ask the providers that the settings name."""
    return ask_after(store, providers_of(read_settings()), stop)


def ask_after(store: Store, providers: Mapping[Method, Provider], stop: Event | None = None) -> int:
    """Ask after every refund whose turn it is; how many came back. One that nobody answers for is asked after later."""
    found, stopping = 0, stop or Event()
    while not stopping.is_set() and providers and (steps := store.run(commands.take_given_back, list(providers))):
        for step in steps:
            try:
                became = providers[step.payment.method].became_of(step)
            except Exception as failure:  # noqa: BLE001  # the next turn is set already
                LOG.warning("refund %s at %s: %s", step.id, step.payment.method, type(failure).__name__)
                continue
            found += became is Back.OURS
            _keep(store, step, became)
    return found


def _keep(store: Store, step: Step, became: Back) -> None:
    match became:
        case Back.OURS:
            store.run(commands.come_back, step, "came back")
        case Back.STUCK if not step.stuck:
            store.run(commands.stick, step, "stuck")
        case Back.AWAY if step.stuck:
            store.run(commands.go_on, step)
