"""The stand-in's one address: three providers, their payers, and the books."""

from __future__ import annotations

import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from farmlink.demo.provider.alipay import AlipaySide
from farmlink.demo.provider.books import Books, Intent, RefusedError
from farmlink.demo.provider.calls import Caller
from farmlink.demo.provider.faults import Faults
from farmlink.demo.provider.seals import Seals
from farmlink.demo.provider.spoken import JSON, Answer, Asked
from farmlink.demo.provider.stripe import StripeSide
from farmlink.demo.provider.wechat import WechatSide

Side = StripeSide | WechatSide | AlipaySide
PAYER = re.compile(r"/payers/(\w+)/(pay|leave|bounce|reach|recall)")
BILL = re.compile(r"/bills/alipay/([\d-]+)")
FILE = "application/octet-stream"


class StandIn:
    """Three providers with one set of books."""

    def __init__(self, books: Books, seals: Seals, faults: Faults, stripe_webhook: str) -> None:
        self.books, self.faults = books, faults
        self.caller = Caller(faults)
        self._stripe = StripeSide(books, seals, faults, stripe_webhook)
        self._wechat = WechatSide(books, seals, faults)
        self._alipay = AlipaySide(books, seals, faults)

    def answer(self, asked: Asked) -> Answer | None:
        """Answer, or nothing when the reply is lost; what payers and readers of the books ask for never goes wrong."""
        side = self._side(asked.path)
        if side is None:
            return self._own(asked)
        if self.faults.strikes(self.faults.busy):
            return Answer.of(503, {"code": "SYSTEM_ERROR"})
        with self.books.lock:
            if self.faults.strikes(self.faults.forget):
                self.books.replies.clear()
            answer = side.answer(asked)
            self.books.write()
        if self.faults.strikes(self.faults.lose):
            return None
        if self.faults.strikes(self.faults.late):
            time.sleep(self.faults.late_s)
        return answer

    def _side(self, path: str) -> Side | None:
        if path.startswith("/v1/"):
            return self._stripe
        if path.startswith("/v3/"):
            return self._wechat
        return self._alipay if path == "/gateway.do" else None

    def _own(self, asked: Asked) -> Answer:
        """The payers' side of the street, and the books."""
        if asked.path == "/books":
            return Answer.of(200, self.books.told())
        if asked.path == "/calls":
            return Answer.of(200, self.caller.repeat())
        if match := BILL.fullmatch(asked.path):
            with self.books.lock:
                return self._alipay.bill(match[1])
        if match := PAYER.fullmatch(asked.path):
            try:
                with self.books.lock:
                    self._act(self.books.by_reference(match[1]), match[2])
                    self.books.write()
            except RefusedError as refusal:
                return Answer.of(409, {"code": str(refusal)})
            return Answer(204)
        return Answer.of(404, {"code": "NOT_FOUND"})

    def _act(self, intent: Intent, deed: str) -> None:
        """A payer pays, or leaves: what was held for them lapses; or their bank sends refunds back.

        The merchant says what becomes of a refund that stuck.
        """
        deeds = {"pay": intent.pay, "bounce": intent.bounce, "reach": intent.reach, "recall": intent.recall}
        deeds.get(deed, intent.close)()
        sides: dict[str, Side] = {"stripe": self._stripe, "wechat": self._wechat, "alipay": self._alipay}
        self.caller.put(sides[intent.provider].call(intent))


def served(stand_in: StandIn, port: int) -> ThreadingHTTPServer:
    """Bind the stand-in to a port of the loopback; 0 takes a free one."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length).decode())
            answer = stand_in.answer(asked)
            if answer is None:
                self.close_connection = True
                self.connection.close()
                return
            body = answer.body.encode() if answer.packed is None else answer.packed
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", JSON if answer.packed is None else FILE)
            if answer.status != 204:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = _answer  # noqa: N815  # http.server's own name
        do_POST = _answer  # noqa: N815  # http.server's own name

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # http.server's signature
            """Say nothing: the books tell."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    stand_in.caller.start()
    return server


def ready_line(address: str) -> str:
    """What the stand-in says once it can be reached."""
    return json.dumps({"address": address})
