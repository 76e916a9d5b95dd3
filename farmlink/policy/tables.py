"""Published policies: rows are added, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from farmlink.store.columns import document, instant, reference
from farmlink.store.transitions import keep_immutable


class PolicyVersionRow(SQLModel, table=True):
    """One published version of the policy document; version 1 is in the program (`values.FIRST`)."""

    __tablename__ = "policy_version"
    __table_args__ = (CheckConstraint("version >= 2", name="policy_version_counted"),)

    version: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    document: dict[str, Any] = document()
    published_at: datetime = instant()
    published_by: UUID | None = reference("person.id", nullable=True, default=None)
    reason: str


keep_immutable(PolicyVersionRow.__table__)  # type: ignore[attr-defined]  # SQLModel makes it at class creation
