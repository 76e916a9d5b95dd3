"""Paying at providers: steps are taken and ended in transactions, and done between them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Final

from farmlink.payments import commands
from farmlink.payments.providers import Provider, RefusedForGoodError, StuckError
from farmlink.payments.values import Method, Step, StepKind
from farmlink.payments.work.accounts import providers_of
from farmlink.settings import read_settings
from farmlink.store.store import Store

LOG = logging.getLogger(__name__)
AT_ONCE: Final = 4
"""Steps done at once: most of the time goes by waiting for providers."""


def pay_waiting(store: Store, *, stop: Event | None = None) -> int:
    """Do what is due at the providers that the settings name."""
    return pay_due(store, providers_of(read_settings()), stop)


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
    except StuckError as sticking:
        store.run(commands.stick, step, str(sticking))
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
