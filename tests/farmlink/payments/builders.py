"""Payers with some credit, and what they pay for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from farmlink.kernel.page import Paging
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import Account, AccountKind
from farmlink.payments import commands, queries
from farmlink.payments.rules.books import compare
from farmlink.payments.rules.postings import provider_account
from farmlink.payments.values import Booked, Charge, Method, NewPayment, Payment, Step, StepKind
from farmlink.store.store import Store

YUAN = "CNY"


def difference_minor(
    payments: Iterable[Payment], ledger_minor: Mapping[UUID, int], books: Mapping[UUID, Booked]
) -> int:
    """By how much a provider's books differ from ours in all."""
    compared = compare(Method.STRIPE, payments, ledger_minor, books)
    return sum(one.amount_minor for found in compared for one in found.differences)


@dataclass
class Purse:
    """One payer and one order, in yuan."""

    store: Store
    payer_id: UUID = field(default_factory=uuid4)
    about: UUID = field(default_factory=uuid4)
    point_id: UUID = field(default_factory=uuid4)

    def top_up(self, amount_minor: int) -> None:
        self.store.run(commands.top_up, uuid4(), self.payer_id, amount_minor, YUAN)

    def new(self, method: Method, amount_minor: int, **changed: object) -> NewPayment:
        given: dict[str, object] = {
            "key": uuid4(),
            "about": self.about,
            "payer_id": self.payer_id,
            "method": method,
            "amount_minor": amount_minor,
            "currency": YUAN,
        }
        return NewPayment(**given | changed)  # type: ignore[arg-type]  # a builder takes whatever a test changes

    def start(self, method: Method, amount_minor: int, **changed: object) -> Payment:
        return self.store.run(commands.start, self.new(method, amount_minor, **changed))

    def charge(self, amount_minor: int, currency: str = YUAN) -> Charge:
        return Charge(self.about, self.payer_id, amount_minor, currency)

    def settle(self, amount_minor: int) -> Payment:
        self.store.run(commands.settle_many, [self.charge(amount_minor)])
        return self.payment()

    def payment(self) -> Payment:
        return self.store.read(queries.payment, self.about)

    def steps(self) -> list[Step]:
        """The steps whose turn it is."""
        return self.store.run(commands.take_steps, [Method.STRIPE, Method.WECHAT, Method.ALIPAY])

    def step(self, kind: StepKind) -> Step:
        (found,) = (step for step in self.steps() if step.kind is kind)
        return found

    def credit(self) -> int:
        return -self.balance(AccountKind.CREDIT, self.payer_id)

    def held(self) -> int:
        return -self.balance(AccountKind.HOLD, self.about)

    def owed(self) -> int:
        return self.balance(AccountKind.RECEIVABLE, self.payer_id)

    def at_provider(self, method: Method) -> int:
        return self.store.read(ledger.balance, provider_account(method, YUAN))

    def in_till(self) -> int:
        return self.balance(AccountKind.CASH, self.point_id)

    def balance(self, kind: AccountKind, owner_id: UUID) -> int:
        return self.store.read(ledger.balance, Account(kind, owner_id, YUAN))

    def entries(self) -> list[str]:
        """What kinds of entries were posted about the order."""
        return [entry.kind.value for entry in self.store.read(ledger.entries, Paging(200), about=self.about).items]
