"""The stand-in of the providers as a child process, the payers who go there, and the work that speaks to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from farmlink.payments import queries
from farmlink.payments.providers import Provider, read_providers
from farmlink.payments.values import Booked, Method, Payment
from farmlink.payments.work import pay_due
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse

ONLINE = (Method.STRIPE, Method.WECHAT, Method.ALIPAY)
MOST_ROUNDS = 200


@dataclass
class Street:
    """Where the providers are, as both sides see it."""

    store: Store
    address: str
    accounts: Path
    providers: Mapping[Method, Provider]

    def work(self) -> int:
        """Do what is due, as if the waiting times were over."""
        self.store.run(lambda tx: tx.execute("UPDATE payment_step SET due_at = now() WHERE state = 'waiting'"))
        return pay_due(self.store, self.providers)

    def work_until_done(self) -> None:
        """Do everything but wait for payers."""
        for _ in range(MOST_ROUNDS):
            self.work()
            if not self.store.read(queries.steps_waiting):
                return
        raise AssertionError("the providers were asked often enough, and steps still wait")

    def pay(self, payment: Payment) -> None:
        """The payer authorises at the provider."""
        assert payment.reference is not None
        httpx.post(f"{self.address}/payers/{payment.reference}/pay").raise_for_status()

    def lapse(self, payment: Payment) -> None:
        """The provider lets a payer's intent go."""
        httpx.post(f"{self.address}/payers/{payment.reference}/leave").raise_for_status()

    def opened(self, purse: Purse, method: Method, amount_minor: int) -> Payment:
        """A payment that its payer can authorise."""
        started = purse.start(method, amount_minor)
        self.work_until_done()
        found = self.store.read(queries.payment_by_id, started.id)
        assert found is not None
        return found

    def held(self, purse: Purse, method: Method, amount_minor: int) -> Payment:
        """A payment that its payer authorised."""
        opened = self.opened(purse, method, amount_minor)
        self.pay(opened)
        for _ in range(MOST_ROUNDS):
            self.work()
            held = purse.payment()
            if held.held_minor:
                return held
        raise AssertionError("the provider never said that the payer paid")

    def told(self) -> list[dict[str, object]]:
        """The books as the stand-in tells them."""
        found: list[dict[str, object]] = httpx.get(f"{self.address}/books").json()
        return found

    def books(self, method: Method) -> dict[UUID, Booked]:
        """A provider's books by our payments."""
        return {
            UUID(str(one["number"])): Booked(
                int(str(one["held_minor"])), int(str(one["captured_minor"])) - int(str(one["refunded_minor"]))
            )
            for one in self.told()
            if one["provider"] == method
        }

    def difference_minor(self) -> int:
        """By how much the books differ, at all providers."""
        return sum(self.store.read(queries.provider_difference_minor, method, self.books(method)) for method in ONLINE)

    def captures(self) -> list[int]:
        """How often each intent was taken."""
        return [int(str(one["captures"])) for one in self.told()]


@contextmanager
def street(store: Store, folder: Path, *arguments: str, public_url: str = "http://127.0.0.1:9") -> Iterator[Street]:
    """Run the stand-in for as long as somebody needs it."""
    accounts, books = folder / "payments.toml", folder / "books.json"
    command = [sys.executable, "-m", "farmlink.demo.provider", "--accounts", str(accounts), "--books", str(books)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:  # our own module
        try:
            assert process.stdout is not None
            address = json.loads(process.stdout.readline())["address"]
            yield Street(store, address, accounts, read_providers(accounts, public_url))
        finally:
            process.terminate()
