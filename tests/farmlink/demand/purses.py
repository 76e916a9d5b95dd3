"""Account credit that people have and that orders hold."""

from __future__ import annotations

from uuid import uuid4

from farmlink.ledger import queries as ledger
from farmlink.ledger.values import Account, AccountKind
from farmlink.orders import commands as orders
from farmlink.orders.values import Order
from farmlink.payments import commands as payments
from farmlink.payments import queries
from farmlink.payments.values import Method, Payment
from farmlink.people.values import PersonId
from farmlink.store.store import Store


def top_up(store: Store, person_id: PersonId, amount_minor: int, currency: str = "USD") -> None:
    """Pay account credit in."""
    store.run(payments.top_up, uuid4(), person_id, amount_minor, currency)


def pay(store: Store, order: Order) -> Payment:
    """Have the whole of an order held of account credit that was paid in just for it."""
    top_up(store, order.consumer_id, order.total_minor, order.currency)
    return store.run(orders.checkout, order.id, Method.CREDIT, uuid4())


def payment_of(store: Store, order: Order) -> Payment:
    """How the payment of an order stands."""
    return store.read(queries.payment, order.id)


def held(store: Store, order: Order) -> int:
    """What the ledger holds for an order."""
    return -store.read(ledger.balance, Account(AccountKind.HOLD, order.id, order.currency))


def credit(store: Store, person_id: PersonId, currency: str = "USD") -> int:
    """What somebody has left to spend."""
    return -store.read(ledger.balance, Account(AccountKind.CREDIT, person_id, currency))
