"""The accounts at providers that the settings name, and the methods that can be chosen because of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from farmlink.payments.providers import Provider, read_providers
from farmlink.payments.rules import takes
from farmlink.payments.rules.refusals import HoldNeverLongEnoughError, HoldTooShortError, NotOfferedError
from farmlink.payments.rules.waiting import CHARGED_WITHIN_DAYS, outlasts
from farmlink.payments.values import CAN, Method, Offer
from farmlink.settings import Settings


def providers_of(settings: Settings) -> Mapping[Method, Provider]:
    """The providers at which this installation has an account."""
    return read_providers(settings.payments, settings.public_url)


def offered(settings: Settings, currency: str | None = None) -> list[Offer]:
    """The methods that can be chosen here, for what is paid in a currency if one is named.

    A provider without an account is not offered.
    """
    accounts = providers_of(settings)
    return [
        Offer(method, replace(can, hold_days=accounts[method].hold_days) if can.online else can)
        for method, can in CAN.items()
        if (not can.online or method in accounts) and (currency is None or takes(method, currency))
    ]


def require_offered(settings: Settings, method: Method, today: date, hand_out_on: date, closes_on: date) -> None:
    """Refuse a method that cannot be chosen here, or not yet, because what it holds is let go before the charge.

    `closes_on` is the day of the cut-off: a hold that lasts only when begun after it cannot be chosen at all.
    """
    offers = {offer.method: offer.can for offer in offered(settings)}
    if method not in offers:
        raise NotOfferedError(method=method.value, offered=", ".join(offers))
    days = offers[method].hold_days
    if days is not None and not outlasts(today, days, hand_out_on):
        from_day = hand_out_on + timedelta(days=CHARGED_WITHIN_DAYS + 1 - days)
        if from_day > closes_on:
            raise HoldNeverLongEnoughError(method=method.value, days=days, hand_out_on=hand_out_on)
        raise HoldTooShortError(method=method.value, days=days, hand_out_on=hand_out_on, from_day=from_day)
