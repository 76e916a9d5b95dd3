"""The street outside: the providers' stand-in as a process of its own, and the payers who go there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from farmlink.payments import queries
from farmlink.payments.providers import Provider, read_providers
from farmlink.payments.providers.keys import webhook
from farmlink.payments.rules.books import BOOKS_ZONE
from farmlink.payments.rules.waiting import PATIENCE
from farmlink.payments.values import Method, State
from farmlink.payments.work import pay_due, reconcile
from farmlink.store.store import Store

HERE: Final = "127.0.0.1"
FAULTS: Final = "lose=0.03,busy=0.03,late=0.02,late_s=0.3,twice=0.3,shuffle=0.5"
"""Replies are lost after the deed, calls come twice and out of order."""
LOOK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Street:
    """Where the providers are, as both sides see it."""

    port: int
    accounts: Path
    providers: Mapping[Method, Provider]

    def take_payments(self, store: Store, orders: list[UUID]) -> None:
        """Let the payers of these orders pay, and work until every hold stands or has failed."""
        paid = set[str]()
        until = time.monotonic() + PATIENCE.total_seconds()
        while time.monotonic() < until:
            pay_due(store, self.providers)
            waiting = [one for one in store.read(queries.payments, orders).values() if one.state is State.AUTHORISING]
            if not waiting:
                return
            for one in waiting:
                if one.reference is not None and one.reference not in paid:
                    self._call("POST", f"/payers/{one.reference}/pay")
                    paid.add(one.reference)
            time.sleep(LOOK_S)

    def work_until_done(self, store: Store) -> None:
        """Do everything that providers are asked for, however often an answer is lost."""
        until = time.monotonic() + PATIENCE.total_seconds()
        while store.read(queries.steps_waiting) and time.monotonic() < until:
            pay_due(store, self.providers)
            time.sleep(LOOK_S)

    def taken_twice(self) -> int:
        """How many payments a provider's own books say were taken more than once."""
        return sum(one["captures"] > 1 for one in self._call("GET", "/books"))

    def difference_minor(self, store: Store) -> int:
        """By how much the providers' own books differ from ours, as `farmlink reconcile` finds it, today included."""
        now = datetime.now(UTC)
        found = reconcile(store, self.providers, now.astimezone(BOOKS_ZONE).date(), now, days=2)
        return sum(one.amount_minor for reconciled in found for one in reconciled.differences)

    def _call(self, method: str, path: str) -> Any:
        connection = HTTPConnection(HERE, self.port, timeout=PATIENCE.total_seconds())
        try:
            connection.request(method, path)
            said = connection.getresponse().read()
        finally:
            connection.close()
        return json.loads(said) if said else None


@contextmanager
def opened_street(folder: Path, public_url: str, seed: int) -> Iterator[Street]:
    """Run the stand-in for as long as the season lasts; it calls the merchant at its public address."""
    accounts = folder / "payments.toml"
    command = [sys.executable, "-m", "farmlink.demo.provider", "--accounts", str(accounts), "--seed", str(seed)]
    command += ["--faults", FAULTS, "--webhook", webhook(public_url, Method.STRIPE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own interpreter and module
        try:
            assert process.stdout is not None, "it was asked for"
            address: str = json.loads(process.stdout.readline())["address"]
            yield Street(int(address.rpartition(":")[2]), accounts, read_providers(accounts, public_url))
        finally:
            process.terminate()
