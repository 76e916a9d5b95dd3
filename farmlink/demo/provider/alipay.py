"""Alipay's side: one gateway, every request and every answer signed."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from farmlink.demo.provider import bills
from farmlink.demo.provider.bills import of_day
from farmlink.demo.provider.books import Books, Intent, RefusedError
from farmlink.demo.provider.faults import Faults
from farmlink.demo.provider.seals import ALIPAY_APP, Seals
from farmlink.demo.provider.spoken import Answer, Asked, Call

STATES = {"open": "WAIT_BUYER_PAY", "paid": "TRADE_SUCCESS", "gone": "TRADE_CLOSED"}
FORM = "application/x-www-form-urlencoded; charset=utf-8"
BILL = "alipay.data.dataservice.bill.downloadurl.query"
UNKNOWN = "ACQ.TRADE_NOT_EXIST"


@dataclass(frozen=True)
class AlipaySide:
    """Answers as Alipay does, and signs every answer."""

    books: Books
    seals: Seals
    faults: Faults

    def answer(self, asked: Asked) -> Answer:
        """Check the merchant's signature, then do what is asked."""
        said = dict(parse_qsl(asked.target.partition("?")[2]))
        signature, method = said.pop("sign", ""), said.get("method", "")
        name = f"{method.replace('.', '_')}_response"
        signed = "&".join(f"{key}={said[key]}" for key in sorted(said))
        if said.get("app_id") != ALIPAY_APP or not self.seals.verified(signed, signature):
            return Answer.of(200, {"error_response": {"code": "40002", "sub_code": "isv.invalid-signature"}})
        try:
            about = json.loads(said["biz_content"])
            done = self._billed(about, asked) if method == BILL else self._do(method, about, said)
            found = {"code": "10000", "msg": "Success"} | done
        except RefusedError as refusal:
            found = {"code": "40004", "msg": "Business Failed", "sub_code": str(refusal)}
        content = json.dumps(found)
        return Answer(200, f'{{"{name}":{content},"sign":"{self.seals.sign(content)}"}}')

    def _do(self, method: str, said: dict[str, Any], sent: dict[str, str]) -> dict[str, Any]:
        number = said["out_trade_no"]
        match method:
            case "alipay.trade.precreate":
                webhook, amount = sent["notify_url"], _minor(said["total_amount"])
                until = said["qr_code_timeout_express"]
                intent = Intent("alipay", number, number, amount, "CNY", webhook, holds=False, until=until)
                if self.books.open(intent).state != "open":
                    raise RefusedError("ACQ.TRADE_HAS_SUCCESS")
                return {"out_trade_no": number, "qr_code": f"https://qr.alipay.com/{number}"}
            case "alipay.trade.query":
                return _shown(self._scanned(number))
            case "alipay.trade.cancel":
                intent = self._scanned(number)
                if self.faults.strikes(self.faults.stuck):
                    raise RefusedError("ACQ.INVALID_PARAMETER")
                intent.close()
                return {"out_trade_no": number, "retry_flag": "N"}
            case "alipay.trade.refund":
                intent = self.books.find("alipay", number, UNKNOWN)
                before = len(intent.moves)
                intent.refund(said["out_request_no"], _minor(said["refund_amount"]))
                return {"out_trade_no": number, "fund_change": "Y" if len(intent.moves) > before else "N"}
            case "alipay.trade.fastpay.refund.query":
                intent, asked_as = self.books.find("alipay", number, UNKNOWN), said["out_request_no"]
                came = asked_as in intent.refunds_minor and asked_as not in intent.bounced
                return {"out_trade_no": number} | ({"refund_status": "REFUND_SUCCESS"} if came else {})
        raise RefusedError("isv.invalid-method")

    def _billed(self, said: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """Where a day's bill is fetched; who has the address needs no signature, as at Alipay."""
        if not self.books.moved("alipay", *of_day(said["bill_date"])):
            raise RefusedError("isp.bill_not_exist")
        return {"bill_download_url": f"http://{asked.headers['host']}/bills/alipay/{said['bill_date']}"}

    def bill(self, day: str) -> Answer:
        """A day's bill, packed."""
        return Answer(200, packed=bills.of_alipay(self.books.moved("alipay", *of_day(day))))

    def _scanned(self, number: str) -> Intent:
        intent = self.books.find("alipay", number, UNKNOWN)
        if intent.state == "open" and self.faults.strikes(self.faults.unscanned):
            raise RefusedError(UNKNOWN)
        return intent

    def call(self, intent: Intent) -> Call:
        """Tell the merchant what became of a payment, signed."""
        said = {key: str(fact) for key, fact in _shown(intent).items()} | {"notify_id": secrets.token_hex(8)}
        signature = self.seals.sign("&".join(f"{key}={said[key]}" for key in sorted(said)))
        body = urlencode(said | {"sign_type": "RSA2", "sign": signature})
        return Call(intent.webhook, {"content-type": FORM}, body)


def _shown(intent: Intent) -> dict[str, Any]:
    state = "gone" if intent.captured_minor and intent.refunded_minor == intent.captured_minor else intent.state
    amount = f"{intent.amount_minor // 100}.{intent.amount_minor % 100:02d}"
    return {"out_trade_no": intent.number, "trade_status": STATES[state], "total_amount": amount}


def _minor(written: str) -> int:
    whole, _, part = written.partition(".")
    return int(whole) * 100 + int(f"{part}00"[:2])
