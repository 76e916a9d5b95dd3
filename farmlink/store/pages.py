"""Rows of one page of a list, read by their ids."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Mapped
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from farmlink.kernel.page import Paging
from farmlink.store.transaction import Transaction

Row = TypeVar("Row", bound=SQLModel)


def fetched(tx: Transaction, chosen: SelectOfScalar[Row], by: Mapped[UUID], paging: Paging) -> list[Row]:
    """What a page shows of the chosen rows, and one more where they go on."""
    if paging.after is not None:
        chosen = chosen.where(by > paging.after)
    return list(tx.session.exec(chosen.order_by(by).limit(paging.limit + 1)))
