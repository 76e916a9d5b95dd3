"""WeChat Pay v3: paid at checkout by a code that the payer scans; what is not charged goes back."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from wechatpayv3 import WeChatPay, WeChatPayType

from farmlink.payments.providers import bills
from farmlink.payments.providers.accounts import WechatKeys
from farmlink.payments.providers.bills import minor
from farmlink.payments.providers.protocol import RefusedForGoodError, StuckError, UnheardError, named
from farmlink.payments.rules.waiting import PATIENCE
from farmlink.payments.values import Back, Method, Moved, Opened, Seen, Standing, Step

DESCRIPTION: Final = "farmlink"
PAID: Final = frozenset({"SUCCESS", "REFUND"})
GONE: Final = frozenset({"CLOSED", "REVOKED", "PAYERROR"})
LATER: Final = frozenset({"SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "USER_PAYING", "ORDERPAID"})
"""Codes after which asking again can help."""
REFUND_CLOSED: Final = "CLOSED"
"""How a refund ends that brought the payer nothing; what is left at WeChat Pay then is ours there."""
ABNORMAL: Final = "ABNORMAL"
"""The payer's card cannot take it. It is settled by hand in the merchant's platform (or by `apply-abnormal-refund`):
to another card of the payer, or to our own account; until then it is neither the payer's nor ours."""
TO_US: Final = "商户"
"""How the account begins that a refund went to when it was settled so that it is ours again."""
BILLS_DAYS: Final = 89
"""Bills are shown for three months, the shortest of which have so many days."""
NO_BILL: Final = "NO_STATEMENT_EXIST"
"""Nothing was paid on that day."""
CLOSED: Final = frozenset({"ORDER_CLOSED", "ORDERCLOSED", "ORDER_NOT_EXIST", "ORDERNOTEXIST"})
FOR_GOOD: Final = frozenset({400, 404})
"""Other refusals are of our account, such as its rights and its balance, and can be mended there."""


class ProviderBusyError(Exception):
    """An answer after which the same request can do better later."""


class Wechat:
    """WeChat Pay by the library `wechatpayv3`; payments and refunds bear our own numbers."""

    method = Method.WECHAT
    hold_days = None
    books_days = BILLS_DAYS
    thanks = ""

    def __init__(self, keys: WechatKeys, webhook: str) -> None:
        self._public_key_id = keys.public_key_id
        self._pay = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=keys.merchant_id,
            private_key=keys.private_key,
            cert_serial_no=keys.serial,
            appid=keys.app_id,
            apiv3_key=keys.api_v3_key,
            notify_url=webhook,
            timeout=keys.patience_s,
            public_key=keys.public_key,
            public_key_id=keys.public_key_id,
        )
        self._pay._core._gate_way = keys.address  # noqa: SLF001  # the library has no other place for it

    def open(self, step: Step) -> Opened:
        """Make a code for the payer to scan, for as long as they are waited for."""
        number = step.payment.id.hex
        amount = {"total": step.amount_minor, "currency": step.payment.currency}
        until = (step.asked_at + PATIENCE).isoformat(timespec="seconds")
        paying = self._pay.pay(description=DESCRIPTION, out_trade_no=number, amount=amount, time_expire=until)
        made = _answered(paying)
        return Opened(number, str(made["code_url"]))

    def look(self, step: Step) -> Standing:
        """Ask for the payment by our own number."""
        found = self._query(step)
        state = found["trade_state"]
        if state in PAID:
            return Standing(Seen.PAID, int(found["amount"]["total"]))
        return Standing(Seen.GONE if state in GONE else Seen.WAITING)

    def capture(self, step: Step) -> None:  # noqa: ARG002  # the protocol's signature
        """Nothing is held here: `Capabilities.hold` is false, and nobody asks."""
        raise RefusedForGoodError("WeChat Pay holds nothing")

    def call_off(self, step: Step) -> Standing:
        """Close the payment, or tell that it was paid meanwhile; no refusal leaves a payment that could be paid."""
        if step.payment.reference is None:
            return Standing(Seen.GONE)  # it was never opened
        number = step.payment.id.hex
        found = _insisted(self._pay.query(out_trade_no=number))
        if found.get("trade_state") in PAID:
            return Standing(Seen.PAID, int(found["amount"]["total"]))
        _insisted(self._pay.close(out_trade_no=number))
        return Standing(Seen.GONE)

    def give_back(self, step: Step) -> None:
        """Refund under the step's own number; what is under way is asked after later."""
        amount = {
            "refund": step.amount_minor,
            "total": step.payment.asked_minor,
            "currency": step.payment.currency,
        }
        made = _answered(self._pay.refund(out_refund_no=step.id.hex, amount=amount, out_trade_no=step.payment.id.hex))
        match _became_of(made):
            case Back.OURS:
                raise RefusedForGoodError(f"refund {made['status']}")
            case Back.STUCK:
                raise StuckError(f"refund {made['status']}")

    def became_of(self, step: Step) -> Back:
        """Ask for the refund by the step's own number."""
        return self._became_of(step.id.hex)

    def moved(self, day: date) -> list[Moved]:
        """Read a day's bill; of a refund that was under way when it was written is asked how it stands."""
        asked_for = self._pay.trade_bill(day.isoformat())
        if _code(asked_for[1]) == NO_BILL:
            return []
        place = _answered(asked_for)
        status, packed = self._pay.download_bill(place["download_url"])
        if status != HTTPStatus.OK:
            raise ProviderBusyError(f"{status}")
        bill = gzip.decompress(packed)
        if hashlib.sha1(bill, usedforsecurity=False).hexdigest() != place["hash_value"].lower():
            raise ProviderBusyError("a bill that is not whole")
        return [found for line in bills.of_wechat(bill) if (found := self._moved(line)) is not None]

    def holding(self, since: date) -> dict[str, int]:  # noqa: ARG002  # the protocol's signature
        """Nothing is held here."""
        return {}

    def _moved(self, line: Mapping[str, str]) -> Moved | None:
        number = line["商户订单号"]
        if line["交易状态"] != "REFUND":
            return Moved(number, named(number), minor(line["订单金额"]))
        if line["退款状态"] != "SUCCESS" and self._became_of(line["商户退款单号"]) is Back.OURS:
            return None
        return Moved(number, named(number), -minor(line["申请退款金额"]))

    def _became_of(self, refund_number: str) -> Back:
        return _became_of(_answered(self._pay.query_refund(refund_number)))

    def heard(self, headers: Mapping[str, str], body: bytes) -> UUID | None:
        """Check the call's signature by the platform's key, decrypt it, and read whose payment it is about."""
        if headers.get("wechatpay-serial") != self._public_key_id:
            raise UnheardError  # the library would go and ask for a certificate of that number
        try:
            said = self._pay.callback(headers, body)
        except Exception as error:  # the library raises bare ones for what is no call of theirs
            raise UnheardError from error
        if not said:
            raise UnheardError
        return named(said["resource"].get("out_trade_no"))

    def _query(self, step: Step) -> dict[str, Any]:
        return _answered(self._pay.query(out_trade_no=step.payment.id.hex))


def _became_of(refund: Mapping[str, Any]) -> Back:
    """Where a refund's money is; what was settled by hand says to whose account it went."""
    if refund.get("status") == ABNORMAL:
        return Back.STUCK
    to_us = str(refund.get("user_received_account", "")).startswith(TO_US)
    return Back.OURS if to_us or refund.get("status") == REFUND_CLOSED else Back.AWAY


def _answered(answer: tuple[int, str]) -> dict[str, Any]:
    """What was answered; the library has checked the signature of every success."""
    status, said = answer
    code = _code(said)
    if status in FOR_GOOD and code and code not in LATER:
        raise RefusedForGoodError(f"{status} {code}")
    if not 200 <= status < 300:
        raise ProviderBusyError(f"{status} {code}")
    found: dict[str, Any] = json.loads(said) if said else {}
    return found


def _insisted(answer: tuple[int, str]) -> dict[str, Any]:
    """What was answered about a payment that must not stay open; one that is closed or unknown is not."""
    if _code(answer[1]) in CLOSED:
        return {}
    try:
        return _answered(answer)
    except RefusedForGoodError as refusal:
        raise ProviderBusyError(str(refusal)) from refusal


def _code(said: str | bytes) -> str:
    try:
        return str(json.loads(said).get("code", ""))
    except (ValueError, AttributeError):
        return ""
