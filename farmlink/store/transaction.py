"""One open transaction: all that a command or a query may use of the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import CursorResult, text
from sqlmodel import Session, SQLModel

from farmlink.kernel.errors import Fact, MissingError, StaleError
from farmlink.kernel.events import Event
from farmlink.store.tables import AuditEntry, OutboxEvent

Row = TypeVar("Row", bound=SQLModel)
REVISION: Final = attrgetter("revision")
"""What two people can edit counts its changes."""


class Transaction:
    """Loads, locks and adds rows; announces events and records deeds that commit or vanish with them.

    `actor` is a person's id or a name such as `scheduler`.
    """

    def __init__(self, session: Session, actor: str) -> None:
        self.session = session
        self.actor = actor
        self.announced = False
        self.cause: UUID | None = None
        """The event that this transaction reacts to, if the relay opened it."""
        self.parting: list[Callable[[], None]] = []
        """Writes that go with the COMMIT; see `store.pipeline`."""
        self._now: datetime | None = None

    @property
    def now(self) -> datetime:
        """The database's clock when this transaction began; asked for once, and only by who needs it."""
        if self._now is None:
            self._now = self.execute("SELECT transaction_timestamp()").scalar_one()
        return self._now

    def find(self, table: type[Row], key: UUID) -> Row | None:
        """Load a row without locking it."""
        return self.session.get(table, key)

    def get(self, table: type[Row], key: UUID) -> Row:
        """Load a row that must exist."""
        row = self.session.get(table, key)
        if row is None:
            raise missing(table, key)
        return row

    def lock(self, table: type[Row], key: UUID) -> Row:
        """Load a row that must exist, as it stands now, and keep others from changing it until the end."""
        row = self.session.get(table, key, with_for_update={"key_share": True}, populate_existing=True)
        if row is None:
            raise missing(table, key)
        return row

    def lock_as_seen(self, table: type[Row], key: UUID, revision: int) -> Row:
        """Lock a row that somebody wants to change, if nobody changed it since they saw it."""
        row = self.lock(table, key)
        if REVISION(row) != revision:
            raise StaleError
        return row

    def add(self, row: Row) -> Row:
        """Insert a row; its constraints are judged here, not at the end."""
        self.session.add(row)
        self.session.flush()
        return row

    def execute(
        self, statement: str, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] = ()
    ) -> CursorResult[Any]:
        """Run plain SQL with named parameters (`:name`)."""
        return self.session.connection().execute(text(statement), parameters or None)

    def announce(self, event: Event) -> None:
        """Put an event into the outbox; it is relayed after this transaction commits."""
        payload = msgspec.to_builtins(event)
        self.session.add(OutboxEvent(name=event.name, payload=payload, announced_at=self.now, due_at=self.now))
        self.announced = True

    def record(self, action: str, subject: UUID, **facts: Fact) -> None:
        """Write into the audit who did what to which row."""
        written = msgspec.to_builtins(facts)
        self.session.add(AuditEntry(actor=self.actor, action=action, subject=subject, facts=written, done_at=self.now))


def missing(table: type[SQLModel], key: UUID) -> MissingError:
    """Say that a row does not exist, in the trade's word for it."""
    noun = str(table.__tablename__).replace("_", " ")
    return MissingError(noun=noun, id=key)
