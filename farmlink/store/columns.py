"""Columns in farmlink's own terms, so that every table says BIGINT, TIMESTAMPTZ and UUID the same way."""

from typing import Any

from sqlalchemy import BigInteger, DateTime, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from farmlink.kernel.ids import uuid7


def identity() -> Any:
    """Primary key: a UUIDv7, made here unless the client brought one."""
    return Field(default_factory=uuid7, primary_key=True, sa_type=Uuid)


def reference(target: str, *, index: bool = True, **options: Any) -> Any:
    """Foreign key to another table's column, named as a string (`"person.id"`)."""
    return Field(foreign_key=target, index=index, sa_type=Uuid, **options)


def whole(**options: Any) -> Any:
    """A whole number in the unit its name states, stored as BIGINT."""
    return Field(sa_type=BigInteger, **options)


def instant(**options: Any) -> Any:
    """An aware UTC instant; its name ends in `_at`."""
    return Field(sa_type=DateTime(timezone=True), **options)


def document(**options: Any) -> Any:
    """A JSON document whose shape its room's values define."""
    return Field(sa_type=JSONB, **options)
