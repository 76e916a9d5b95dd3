"""WeChat Pay's side, version 3: native payments, refunds, and calls that are signed and encrypted."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import secrets
import time
from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from farmlink.demo.provider import bills
from farmlink.demo.provider.bills import of_day
from farmlink.demo.provider.books import Books, Intent, RefusedError
from farmlink.demo.provider.faults import Faults
from farmlink.demo.provider.seals import MERCHANT, PLATFORM, SERIAL, Seals
from farmlink.demo.provider.spoken import JSON, Answer, Asked, Call

STATES = {"open": "NOTPAY", "paid": "SUCCESS", "gone": "CLOSED"}
SIGNED = re.compile(
    r'WECHATPAY2-SHA256-RSA2048 mchid="(\w+)",nonce_str="(\w+)",signature="([^"]+)",timestamp="(\d+)",serial_no="(\w+)"'
)
REFUND = re.compile(r"/v3/refund/domestic/refunds(?:/(\w+))?")
ORDER = re.compile(r"/v3/pay/transactions/out-trade-no/(\w+)(/close)?")


@dataclass(frozen=True)
class WechatSide:
    """Answers as WeChat Pay does, and signs every answer."""

    books: Books
    seals: Seals
    faults: Faults

    def answer(self, asked: Asked) -> Answer:
        """Check the merchant's signature, then do what is asked."""
        if not self._signed(asked):
            return Answer.of(401, {"code": "SIGN_ERROR", "message": "wrong signature"})
        try:
            answer = self._do(asked, json.loads(asked.body) if asked.body else {})
        except RefusedError as refusal:
            answer = Answer.of(400, {"code": str(refusal), "message": str(refusal)})
        return replace(answer, headers=self._sealed(answer.body))

    def _do(self, asked: Asked, body: dict[str, Any]) -> Answer:
        if asked.path == "/v3/pay/transactions/native":
            number, amount = body["out_trade_no"], body["amount"]
            total, currency, webhook = amount["total"], amount["currency"], body["notify_url"]
            intent = Intent("wechat", number, number, total, currency, webhook, holds=False, until=body["time_expire"])
            if self.books.open(intent).state != "open":
                raise RefusedError("ORDERPAID")
            return Answer.of(200, {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"})
        if match := REFUND.fullmatch(asked.path):
            return Answer.of(200, self._refund(match[1] or "", body))
        if asked.path.startswith("/v3/bill"):
            return self._billed(asked)
        if match := ORDER.fullmatch(asked.path):
            intent = self._find(match[1])
            if match[2] is None:
                return Answer.of(200, _shown(intent))
            if self.faults.strikes(self.faults.stuck):
                raise RefusedError("PARAM_ERROR")
            intent.close()
            return Answer(204)
        return Answer.of(404, {"code": "NOT_FOUND", "message": asked.path})

    def _billed(self, asked: Asked) -> Answer:
        """Where a day's bill is fetched, and the bill itself, packed."""
        chosen = dict(parse_qsl(asked.target.partition("?")[2]))
        moved = self.books.moved("wechat", *of_day(chosen["bill_date"]))
        if not moved:
            raise RefusedError("NO_STATEMENT_EXIST")
        bill = bills.of_wechat(moved)
        if asked.path == "/v3/billdownload/file":
            return Answer(200, packed=gzip.compress(bill))
        place = f"http://{asked.headers['host']}/v3/billdownload/file?bill_date={chosen['bill_date']}"
        digest = hashlib.sha1(bill, usedforsecurity=False).hexdigest()
        return Answer.of(200, {"download_url": place, "hash_type": "SHA1", "hash_value": digest})

    def _refund(self, number: str, body: dict[str, Any]) -> dict[str, object]:
        """How a refund stands, after it was made if it is asked for."""
        if body:
            intent = self._find(body["out_trade_no"])
            if body["amount"]["total"] != intent.amount_minor:
                raise RefusedError("PARAM_ERROR")
            intent.refund(body["out_refund_no"], body["amount"]["refund"])
            if self.faults.strikes(self.faults.stick):
                intent.bounce()
            return _refund(intent, body["out_refund_no"])
        for intent in self.books.intents.values():
            if intent.provider == "wechat" and number in intent.refunds_minor:
                return _refund(intent, number)
        raise RefusedError("RESOURCE_NOT_EXISTS")

    def _find(self, number: str) -> Intent:
        return self.books.find("wechat", number, "ORDER_NOT_EXIST")

    def _signed(self, asked: Asked) -> bool:
        match = SIGNED.fullmatch(asked.headers.get("authorization", ""))
        if match is None or (match[1], match[5]) != (MERCHANT, SERIAL):
            return False
        text = f"{asked.method}\n{asked.target}\n{match[4]}\n{match[2]}\n{asked.body}\n"
        return self.seals.verified(text, match[3])

    def _sealed(self, body: str) -> dict[str, str]:
        at, nonce = str(int(time.time())), secrets.token_hex(16)
        return {
            "wechatpay-serial": PLATFORM,
            "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
            "wechatpay-timestamp": at,
            "wechatpay-nonce": nonce,
            "wechatpay-signature": self.seals.sign(f"{at}\n{nonce}\n{body}\n"),
        }

    def call(self, intent: Intent) -> Call:
        """Tell the merchant what became of a payment or its last refund, encrypted and signed."""
        nonce, about, told, kind = secrets.token_hex(6), "transaction", _shown(intent), "TRANSACTION.SUCCESS"
        if intent.stuck:
            about, told, kind = "refund", _refund(intent, intent.stuck[-1]), "REFUND.ABNORMAL"
        hidden = AESGCM(self.seals.api_v3_key.encode()).encrypt(
            nonce.encode(), json.dumps(told).encode(), about.encode()
        )
        body = Answer.of(
            200,
            {
                "id": secrets.token_hex(8),
                "event_type": kind,
                "resource_type": "encrypt-resource",
                "resource": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "nonce": nonce,
                    "associated_data": about,
                    "ciphertext": b64encode(hidden).decode(),
                },
            },
        ).body
        return Call(intent.webhook, self._sealed(body) | {"content-type": JSON}, body)


def _refund(intent: Intent, number: str) -> dict[str, object]:
    return {
        "out_refund_no": number,
        "out_trade_no": intent.number,
        "status": "ABNORMAL" if number in intent.stuck else "SUCCESS",
        "user_received_account": "商户基本账户商户结算银行账户" if number in intent.bounced else "支付用户零钱",
    }


def _shown(intent: Intent) -> dict[str, object]:
    state = "REFUND" if intent.refunded_minor else STATES[intent.state]
    return {
        "out_trade_no": intent.number,
        "trade_state": state,
        "amount": {"total": intent.amount_minor, "currency": intent.currency},
    }
