"""A whole cycle in rows, and how a test breaks them past every constraint that guards them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ARRAY, DateTime, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, SQLModel

from farmlink.kernel.ids import uuid7
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
IDS: Mapping[str, UUID] = {
    name: uuid7()
    for name in (
        *("cycle", "order", "line", "listing", "batch", "lot", "farm", "plan", "run", "product", "point", "sent"),
        *("asked", "consumer", "stock", "later run"),
    )
}


def any_value(column: Any) -> Any:
    """Something that the column's type takes; what a test cares about it says itself."""
    if isinstance(column.type, JSONB):
        return {}
    if isinstance(column.type, ARRAY):
        return []
    if isinstance(column.type, DateTime):
        return NOW
    kind = str if isinstance(column.type, AutoString) else column.type.python_type
    return {UUID: uuid7(), int: 1, bool: False, date: NOW.date(), str: "x", bytes: b""}[kind]


def plant(tx: Transaction, table: str, **values: Any) -> None:
    """Put a row in as only a broken program or a broken disk could: no trigger, no foreign key, no check."""
    kept: Table = SQLModel.metadata.tables[table]
    tx.execute("SET LOCAL session_replication_role = replica")
    for name in tx.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST(:table AS regclass)",
        {"table": table},
    ).scalars():
        tx.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    row = {
        column.name: values.get(column.name, any_value(column))
        for column in kept.columns
        if column.name in values or not column.nullable
    }
    tx.session.connection().execute(kept.insert(), row)


def found(store: Store, *rows: tuple[str, dict[str, Any]], without: tuple[str, ...] = ()) -> set[tuple[int, str, str]]:
    """Plant rows, judge, and take everything back: even the constraints."""

    class TakenBackError(Exception):
        pass

    judged: set[tuple[int, str, str]] = set()

    def plant_and_judge(tx: Transaction) -> None:
        from farmlink.store.check import _judge  # noqa: PLC0415  # inside the planting transaction

        for index in without:
            own = tx.execute(
                "SELECT conrelid::regclass FROM pg_constraint WHERE conname = :name", {"name": index}
            ).scalar()
            tx.execute(f"ALTER TABLE {own} DROP CONSTRAINT {index}" if own else f"DROP INDEX {index}")
        for table, values in rows:
            plant(tx, table, **values)
        judged.update((violation.statement, violation.table, violation.what) for violation in _judge(tx))
        raise TakenBackError

    with pytest.raises(TakenBackError):
        store.run(plant_and_judge)
    return judged


CYCLE = {
    "id": IDS["cycle"],
    "stage": "closed",
    "closes_at": NOW,
    "hand_out_on": date(2031, 7, 1),
    "time_zone": "America/Detroit",
    "policy_version": 1,
    "threshold_state": "met",
}
ORDER = {
    "id": IDS["order"],
    "cycle_id": IDS["cycle"],
    "consumer_id": IDS["consumer"],
    "place_id": IDS["point"],
    "state": "placed",
    "delivery_fee_minor": 5,
    "total_minor": 105,
    "placed_at": datetime(2026, 6, 30, tzinfo=UTC),
}
LINE = {
    "id": IDS["line"],
    "order_id": IDS["order"],
    "listing_id": IDS["listing"],
    "cycle_id": IDS["cycle"],
    "place_id": IDS["point"],
    "product_id": IDS["product"],
    "grade": 1,
    "state": "placed",
    "quantity": 10,
    "weight_g": 7,
    "total_minor": 100,
    "batch_id": IDS["batch"],
}
SPACE = {"cycle_id": IDS["cycle"], "place_id": IDS["point"], "orders": 1, "weight_g": 7}
BATCH = {
    "id": IDS["batch"],
    "cycle_id": IDS["cycle"],
    "product_id": IDS["product"],
    "place_id": IDS["point"],
    "grade": 1,
    "quantity": 10,
    "worth_minor": 100,
}
STOCK = {
    "id": IDS["stock"],
    "cycle_id": IDS["cycle"],
    "product_id": IDS["product"],
    "grade": 1,
    "available": 20,
    "reserved": 10,
    "unmet": "zero",
    "threshold": 10,
    "threshold_state": "met",
}
PLAN = {"id": IDS["plan"], "cycle_id": IDS["cycle"], "run_id": IDS["run"]}
POINTER = {"cycle_id": IDS["cycle"], "plan_id": IDS["plan"]}
SENT = {"id": IDS["sent"], "plan_id": IDS["plan"], "lot_id": IDS["lot"], "batch_id": IDS["batch"], "quantity": 8}
SHORT = {"plan_id": IDS["plan"], "batch_id": IDS["batch"], "quantity": 2, "reason": "no-supply"}
LOT = {
    "id": IDS["lot"],
    "farm_id": IDS["farm"],
    "product_id": IDS["product"],
    "quantity": 8,
    "allocated": 8,
    "daily_capacity": 8,
    "state": "offered",
}
RUN = {"id": IDS["run"], "cycle_id": IDS["cycle"], "state": "done"}
HAND_OUT = {
    "line_id": IDS["line"],
    "order_id": IDS["order"],
    "cycle_id": IDS["cycle"],
    "place_id": IDS["point"],
    "worth_minor": 100,
    "ordered": 10,
    "due": 8,
    "handed_out": 8,
    "reason": "no-supply",
    "ended_at": NOW,
}
ASKED = {
    "id": IDS["asked"],
    "cycle_id": IDS["cycle"],
    "farm_id": IDS["farm"],
    "lot_id": IDS["lot"],
    "plan_id": IDS["plan"],
    "state": "accepted",
    "quantity": 8,
    "floor": 0,
    "answered": 8,
    "answered_at": NOW,
}
ANSWER = {
    "action": "confirmation.answer",
    "subject": IDS["asked"],
    "facts": {"state": "accepted", "answered": 8},
}
WHOLE: Mapping[str, dict[str, Any]] = {
    "order_cycle": CYCLE,
    "consumer_order": ORDER,
    "order_line": LINE,
    "listing": {"id": IDS["listing"], "stock_id": IDS["stock"], "pack": 10},
    "batch": BATCH,
    "stock": STOCK,
    "cycle_place": SPACE | {"capacity_orders": 1, "capacity_g": 7},
    "plan": PLAN,
    "published_plan": POINTER,
    "allocation": SENT,
    "shortfall": SHORT,
    "lot": LOT,
    "plan_run": RUN,
    "hand_out": HAND_OUT,
    "receipt": {"allocation_id": IDS["sent"], "cycle_id": IDS["cycle"], "received": 8},
    "confirmation_request": ASKED,
    "audit_entry": ANSWER,
    "pin": {"cycle_id": IDS["cycle"], "lot_id": IDS["lot"], "at_least": 8, "at_most": 8},
}


def a_cycle(**changed: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """A whole cycle in which everything holds, except what is changed."""
    return [(table, {**values, **changed.get(table, {})}) for table, values in WHOLE.items()]
