"""Alipay: paid at checkout by a code that the payer scans; what is not charged goes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl
from urllib.request import urlopen
from uuid import UUID

from alipay import AliPay
from alipay.utils import AliPayConfig

from farmlink.payments.providers import bills
from farmlink.payments.providers.accounts import AlipayKeys
from farmlink.payments.providers.bills import minor
from farmlink.payments.providers.protocol import RefusedForGoodError, UnheardError, named
from farmlink.payments.rules.waiting import PATIENCE
from farmlink.payments.values import Back, Method, Moved, Opened, Seen, Standing, Step

SUBJECT: Final = "farmlink"
DONE: Final = "10000"
FAILED: Final = "40004"
"""The business refused; what else is not done is a fault of the way there."""
LATER: Final = frozenset(
    {"ACQ.SYSTEM_ERROR", "AOP.SYSTEM_ERROR", "ACQ.TRADE_HAS_SUCCESS", "ACQ.SELLER_BALANCE_NOT_ENOUGH"}
)
"""Reasons that pass, or can be mended at our account."""
UNKNOWN: Final = "ACQ.TRADE_NOT_EXIST"
"""Nobody has scanned the code yet."""
BILL: Final = "alipay.data.dataservice.bill.downloadurl.query"
BILLS_DAYS: Final = 89
"""Bills are asked for so far back, for of a bill that is not kept any more is said the same as of a day without any."""
NO_BILL: Final = "isp.bill_not_exist"
"""Nothing was paid on that day."""
PAID: Final = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
LASTS: Final = f"{PATIENCE.seconds // 60}m"
"""How long a code and its trade can be paid."""


class ProviderUnclearError(Exception):
    """An answer that neither says yes nor a final no."""


class Alipay:
    """Alipay by `python-alipay-sdk`; payments and refunds bear our own numbers."""

    method = Method.ALIPAY
    hold_days = None
    books_days = BILLS_DAYS
    thanks = "success"

    def __init__(self, keys: AlipayKeys, webhook: str) -> None:
        self._patience_s = keys.patience_s
        self._pay = AliPay(
            appid=keys.app_id,
            app_notify_url=webhook,
            app_private_key_string=keys.private_key,
            alipay_public_key_string=keys.public_key,
            config=AliPayConfig(timeout=keys.patience_s),
        )
        self._pay._gateway = keys.address  # noqa: SLF001  # the library has no other place for it

    def open(self, step: Step) -> Opened:
        """Make a code for the payer to scan, for as long as they are waited for."""
        number, amount = step.payment.id.hex, decimal(step.amount_minor)
        limits = {"qr_code_timeout_express": LASTS, "timeout_express": LASTS}
        made = _done(self._pay.api_alipay_trade_precreate(SUBJECT, number, amount, **limits))
        return Opened(number, str(made["qr_code"]))

    def look(self, step: Step) -> Standing:
        """Ask for the payment by our own number."""
        found = _done(self._query(step), absent=UNKNOWN)
        status = found.get("trade_status")
        if status in PAID:
            return Standing(Seen.PAID, minor(found["total_amount"]))
        return Standing(Seen.GONE if status == "TRADE_CLOSED" else Seen.WAITING)

    def capture(self, step: Step) -> None:  # noqa: ARG002  # the protocol's signature
        """Nothing is held here: `Capabilities.hold` is false, and nobody asks."""
        raise RefusedForGoodError("Alipay holds nothing")

    def call_off(self, step: Step) -> Standing:
        """Cancel what nobody paid, or tell that it was paid meanwhile; a code that nobody scanned runs out by itself.

        No refusal leaves a trade that could be paid.
        """
        try:
            standing = self.look(step)
            if standing.seen is Seen.WAITING:
                _done(self._pay.api_alipay_trade_cancel(out_trade_no=step.payment.id.hex), absent=UNKNOWN)
                return Standing(Seen.GONE)
        except RefusedForGoodError as refusal:
            raise ProviderUnclearError(str(refusal)) from refusal
        return standing

    def give_back(self, step: Step) -> None:
        """Refund under the step's own number."""
        number = step.payment.id.hex
        amount = decimal(step.amount_minor)
        made = _done(self._pay.api_alipay_trade_refund(amount, out_trade_no=number, out_request_no=step.id.hex))
        if made.get("fund_change") != "Y" and self.became_of(step) is Back.OURS:
            raise ProviderUnclearError("refund")

    def became_of(self, step: Step) -> Back:
        """Ask for the refund by the step's own number: one that did not come through has no status."""
        number = step.payment.id.hex
        found = _done(self._pay.api_alipay_trade_fastpay_refund_query(step.id.hex, out_trade_no=number))
        return Back.AWAY if found.get("refund_status") == "REFUND_SUCCESS" else Back.OURS

    def moved(self, day: date) -> list[Moved]:
        """Fetch a day's bill from where Alipay puts it for half a minute; the library has no name for that request."""
        asked_for = {"bill_type": "trade", "bill_date": day.isoformat()}
        place = _done(self._pay.server_api(BILL, asked_for), absent=NO_BILL)
        if not place:
            return []
        with urlopen(str(place["bill_download_url"]), timeout=self._patience_s) as bill:  # noqa: S310  # signed by Alipay
            lines = bills.of_alipay(bill.read())
        return [
            Moved(line["商户订单号"], named(line["商户订单号"]), minor(line[bills.ALIPAY_AMOUNT])) for line in lines
        ]

    def holding(self, since: date) -> dict[str, int]:  # noqa: ARG002  # the protocol's signature
        """Nothing is held here."""
        return {}

    def heard(self, headers: Mapping[str, str], body: bytes) -> UUID | None:  # noqa: ARG002  # the signature is a field
        """Check the signature of the form by Alipay's key, and read whose payment it is about."""
        try:
            said = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            signature = said.pop("sign")
            genuine = self._pay.verify(dict(said), signature)
        except Exception as error:  # the library raises bare ones for what is no call of theirs
            raise UnheardError from error
        if not genuine:
            raise UnheardError
        return named(said.get("out_trade_no"))

    def _query(self, step: Step) -> dict[str, Any]:
        said: dict[str, Any] = self._pay.api_alipay_trade_query(out_trade_no=step.payment.id.hex)
        return said


def _done(said: dict[str, Any], absent: str | None = None) -> dict[str, Any]:
    """What was answered; the library has checked its signature. Nothing if it says that the trade is absent."""
    code, why = said.get("code"), said.get("sub_code", "")
    if absent is not None and why == absent:
        return {}
    if code == FAILED and why not in LATER:
        raise RefusedForGoodError(f"{code} {why}")
    if code != DONE:
        raise ProviderUnclearError(f"{code} {why}")
    return said


def decimal(amount_minor: int) -> str:
    """Fen as the yuan that Alipay writes."""
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"
