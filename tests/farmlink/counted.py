"""The statements that are sent meanwhile: what is read for many must not be asked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from farmlink.store.store import Store


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Every statement that is sent through a store, but for those of pipelines."""
    statements: list[str] = []

    def note(*said: object) -> None:
        statements.append(str(said[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)
