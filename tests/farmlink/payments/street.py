"""The stand-in of the providers as a child process, the payers who go there, and the work that speaks to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx

from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.payments import queries
from farmlink.payments.providers import Provider, read_providers
from farmlink.payments.rules.books import BOOKS_ZONE, compare
from farmlink.payments.rules.postings import provider_owner
from farmlink.payments.values import Booked, Compared, Difference, Method, Payment, Reconciled
from farmlink.payments.work import ask_after, pay_due, reconcile
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
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
        return sum(one.amount_minor for one in self.differences())

    def differences(self) -> list[Difference]:
        """Where the stand-in's books, as it tells them beside its interfaces, differ from ours."""
        return [
            one
            for method in ONLINE
            for compared in self.store.read(beside, method, self.books(method))
            for one in compared.differences
        ]

    def reconciled(self) -> list[Reconciled]:
        """Compare the books as they are read over the providers' interfaces, those of today included."""
        now = datetime.now(UTC)
        return reconcile(self.store, self.providers, now.astimezone(BOOKS_ZONE).date(), now, 2)

    def reconcile(self) -> list[Compared]:
        """What was judged of that."""
        return [one for found in self.reconciled() for one in found.compared]

    def bounce(self, payment: Payment) -> None:
        """The payer's bank sends back what was given back; at WeChat Pay it sticks there."""
        httpx.post(f"{self.address}/payers/{payment.reference}/bounce").raise_for_status()

    def unstick(self, payment: Payment, way: str) -> None:
        """We tell the provider what becomes of a refund that sticks: `reach` the payer otherwise, or `recall` it."""
        httpx.post(f"{self.address}/payers/{payment.reference}/{way}").raise_for_status()

    def ask_after_refunds(self) -> int:
        """Ask after what went back, as if a day were over."""
        self.store.run(lambda tx: tx.execute("UPDATE payment_step SET due_at = now() WHERE state <> 'waiting'"))
        return ask_after(self.store, self.providers)

    def captures(self) -> list[int]:
        """How often each intent was taken."""
        return [int(str(one["captures"])) for one in self.told()]


def beside(tx: Transaction, method: Method, books: Mapping[UUID, Booked]) -> list[Compared]:
    """All payments by one method beside a provider's books."""
    ids = tx.execute("SELECT id FROM payment WHERE method = :method", {"method": method.value}).scalars().all()
    found = [one for one in (queries.payment_by_id(tx, payment_id) for payment_id in ids) if one is not None]
    abouts = {one.about for one in found}
    kept = ledger.sums_by_about(tx, AccountKind.PROVIDER, provider_owner(method), abouts)
    return compare(method, found, kept, books)


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
