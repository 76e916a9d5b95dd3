"""What providers say by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from farmlink.payments import commands
from farmlink.payments.providers import UnheardError
from farmlink.payments.rules.refusals import WebhookRefusedError
from farmlink.payments.values import Method
from farmlink.payments.work.accounts import providers_of
from farmlink.settings import read_settings
from farmlink.store.store import Store


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
