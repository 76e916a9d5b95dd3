"""Rows of one kind, by what they have in common and by who looks."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from farmlink.kernel.page import Paging
from farmlink.network.values import Approval, Reach
from farmlink.store.pages import fetched
from farmlink.store.transaction import Transaction, missing


def rows_of(
    tx: Transaction,
    table: Any,
    paging: Paging | None = None,
    *,
    seen_by: Reach | None = None,
    **equal: UUID | list[Any] | None,
) -> list[Any]:
    """Rows by id; a list means any of these, and with `seen_by` only what is approved or within that reach."""
    chosen = select(table)
    for name, value in equal.items():
        if isinstance(value, list):
            chosen = chosen.where(getattr(table, name).in_(value))
        elif value is not None:
            chosen = chosen.where(getattr(table, name) == value)
    if seen_by is not None:
        chosen = chosen.where((table.state == Approval.APPROVED) | within(table, seen_by))
    if paging is None:
        return list(tx.session.exec(chosen.order_by(table.id)))
    return fetched(tx, chosen, table.id, paging)


def within(table: Any, reach: Reach) -> Any:
    """Rows of farms or points for which somebody acts."""
    return table.organisation_id.in_(reach.own) | table.region_id.in_(reach.regions)


def visible(tx: Transaction, table: Any, key: UUID, seen_by: Reach | None) -> Any:
    """One row, as far as it exists for who looks."""
    row = tx.get(table, key)
    if seen_by is not None and row.state != Approval.APPROVED and not seen_by.covers(row):
        raise missing(table, key)
    return row
