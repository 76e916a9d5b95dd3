"""Rows of one kind, by what they have in common and by who looks."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from farmlink.kernel.page import Paging
from farmlink.network.values import Approval
from farmlink.people.values import OrganisationId
from farmlink.store.transaction import Transaction, missing


def rows_of(
    tx: Transaction,
    table: Any,
    paging: Paging | None = None,
    *,
    seen_by: frozenset[OrganisationId] | None = None,
    **equal: UUID | list[Any] | None,
) -> list[Any]:
    """Rows by id; a list means any of these, and with `seen_by` only what is approved or those organisations' own."""
    chosen = select(table).order_by(table.id)
    for name, value in equal.items():
        if isinstance(value, list):
            chosen = chosen.where(getattr(table, name).in_(value))
        elif value is not None:
            chosen = chosen.where(getattr(table, name) == value)
    if seen_by is not None:
        chosen = chosen.where((table.state == Approval.APPROVED) | table.organisation_id.in_(seen_by))
    if paging is not None:
        chosen = chosen.limit(paging.limit + 1)
        if paging.after is not None:
            chosen = chosen.where(table.id > paging.after)
    return list(tx.session.exec(chosen))


def visible(tx: Transaction, table: Any, key: UUID, seen_by: frozenset[OrganisationId] | None) -> Any:
    """One row, as far as it exists for who looks."""
    row = tx.get(table, key)
    if seen_by is not None and row.state != Approval.APPROVED and row.organisation_id not in seen_by:
        raise missing(table, key)
    return row
