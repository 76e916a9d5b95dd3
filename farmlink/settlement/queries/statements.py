"""Statements: line by line, and what the lines come to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.ledger.values import AccountKind
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import PersonId
from farmlink.settlement.queries.ending import unweighed
from farmlink.settlement.tables import SettledCycle
from farmlink.settlement.values import (
    CreditNoteId,
    Item,
    OrderCharge,
    Settled,
    StatementLine,
    StatementSum,
)
from farmlink.store.pipeline import texts
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotId

LINES = """
SELECT id, cycle_id, order_id, line_id, lot_id, item, account, owner_id, currency, quantity, amount_minor,
  credit_note_id
FROM statement_line
WHERE owner_id = :owner AND account = ANY(CAST(:kinds AS text[]))
AND (CAST(:cycle AS uuid) IS NULL OR cycle_id = :cycle) AND (CAST(:order AS uuid) IS NULL OR order_id = :order)
AND (CAST(:after AS uuid) IS NULL OR id > :after) ORDER BY id LIMIT :most
"""
SUMS = """
SELECT account, item, currency, count(*) AS lines, sum(amount_minor)::bigint AS amount_minor
FROM statement_line WHERE owner_id = :owner AND account = ANY(CAST(:kinds AS text[]))
AND (CAST(:cycle AS uuid) IS NULL OR cycle_id = :cycle)
GROUP BY account, item, currency ORDER BY account, item, currency
"""
CHARGE = """
SELECT order_charge.*, (
  SELECT coalesce(sum(amount_minor), 0)::bigint FROM credit_note WHERE credit_note.order_id = order_charge.order_id
) AS credited_minor
FROM order_charge WHERE order_id = :order
"""


def settled(tx: Transaction, cycle_id: CycleId) -> Settled | None:
    """What settling a cycle came to, if it is settled."""
    row = tx.find(SettledCycle, cycle_id)
    if row is None:
        return None
    left_out = unweighed(tx, cycle_id)
    return Settled(cycle_id, row.orders, row.charged_minor, row.currency, row.settled_at, left_out)


def statement(
    tx: Transaction,
    owner_id: UUID,
    kinds: Collection[AccountKind],
    paging: Paging,
    *,
    cycle_id: CycleId | None = None,
    order_id: OrderId | None = None,
) -> Page[StatementLine]:
    """What somebody got and bore on accounts of these kinds, the oldest first; all of it, or of a cycle or an order."""
    named = {"owner": owner_id, "kinds": texts(kind.value for kind in kinds), "cycle": cycle_id, "order": order_id}
    rows = tx.execute(LINES, named | {"after": paging.after, "most": paging.limit + 1})
    return page([_line(row) for row in rows], paging, lambda one: one.id)


def statement_sums(
    tx: Transaction, owner_id: UUID, kinds: Collection[AccountKind], cycle_id: CycleId | None = None
) -> list[StatementSum]:
    """What the lines of a statement come to, item by item."""
    named = {"owner": owner_id, "kinds": texts(kind.value for kind in kinds), "cycle": cycle_id}
    return [
        StatementSum(AccountKind(row.account), Item(row.item), row.currency, row.lines, row.amount_minor)
        for row in tx.execute(SUMS, named)
    ]


def order_charge(tx: Transaction, order_id: OrderId) -> OrderCharge:
    """What an order was charged, and how much of it was credited since."""
    row = tx.execute(CHARGE, {"order": order_id}).one_or_none()
    if row is None:
        raise MissingError(noun="order charge", id=order_id)
    return OrderCharge(
        order_id=order_id,
        cycle_id=CycleId(row.cycle_id),
        consumer_id=PersonId(row.consumer_id),
        currency=row.currency,
        goods_minor=row.goods_minor,
        delivery_minor=row.delivery_minor,
        deposit_minor=row.deposit_minor,
        total_minor=row.total_minor,
        crates=row.crates,
        credited_minor=row.credited_minor,
    )


def _line(row: Row[Any]) -> StatementLine:
    facts = row._asdict()
    return StatementLine(
        **facts
        | {
            "cycle_id": CycleId(row.cycle_id),
            "order_id": None if row.order_id is None else OrderId(row.order_id),
            "line_id": None if row.line_id is None else OrderLineId(row.line_id),
            "lot_id": None if row.lot_id is None else LotId(row.lot_id),
            "item": Item(row.item),
            "account": AccountKind(row.account),
            "credit_note_id": None if row.credit_note_id is None else CreditNoteId(row.credit_note_id),
        }
    )
