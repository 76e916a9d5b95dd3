"""`farmlink check` finds what is planted: each row here breaks one statement, past every constraint that guards it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import DateTime, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import AutoString, SQLModel

from farmlink.kernel.ids import uuid7
from farmlink.store.audit import seal
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
IDS: Mapping[str, UUID] = {
    name: uuid7() for name in ("cycle", "order", "line", "batch", "lot", "plan", "run", "product", "point", "sent")
}
KEY = uuid7()


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
            tx.execute(f"DROP INDEX {index}")
        for table, values in rows:
            plant(tx, table, **values)
        judged.update((violation.statement, violation.table, violation.what) for violation in _judge(tx))
        raise TakenBackError

    with pytest.raises(TakenBackError):
        store.run(plant_and_judge)
    return judged


CYCLE = {"id": IDS["cycle"], "stage": "closed", "closes_at": NOW, "policy_version": 1}
ORDER = {
    "id": IDS["order"],
    "cycle_id": IDS["cycle"],
    "point_id": IDS["point"],
    "state": "placed",
    "delivery_fee_minor": 5,
    "total_minor": 105,
    "placed_at": datetime(2026, 6, 30, tzinfo=UTC),
}
LINE = {
    "id": IDS["line"],
    "order_id": IDS["order"],
    "cycle_id": IDS["cycle"],
    "product_id": IDS["product"],
    "grade": 1,
    "state": "placed",
    "quantity": 10,
    "weight_g": 7,
    "total_minor": 100,
    "batch_id": IDS["batch"],
}
SPACE = {"cycle_id": IDS["cycle"], "point_id": IDS["point"], "orders": 1, "weight_g": 7}
BATCH = {"id": IDS["batch"], "cycle_id": IDS["cycle"], "product_id": IDS["product"], "grade": 1, "quantity": 10}
STOCK = {"cycle_id": IDS["cycle"], "product_id": IDS["product"], "grade": 1, "available": 20, "reserved": 10}
PLAN = {"id": IDS["plan"], "cycle_id": IDS["cycle"], "run_id": IDS["run"]}
POINTER = {"cycle_id": IDS["cycle"], "plan_id": IDS["plan"]}
SENT = {"id": IDS["sent"], "plan_id": IDS["plan"], "lot_id": IDS["lot"], "batch_id": IDS["batch"], "quantity": 8}
SHORT = {"plan_id": IDS["plan"], "batch_id": IDS["batch"], "quantity": 2, "reason": "no-lot"}
LOT = {"id": IDS["lot"], "quantity": 8, "allocated": 8, "state": "offered"}
RUN = {"id": IDS["run"], "state": "done"}
HAND_OUT = {
    "line_id": IDS["line"],
    "ordered": 10,
    "due": 8,
    "handed_out": 8,
    "reason": "not-planned",
    "ended_at": NOW,
}
ASKED = {
    "cycle_id": IDS["cycle"],
    "lot_id": IDS["lot"],
    "plan_id": IDS["plan"],
    "state": "accepted",
    "quantity": 8,
    "floor": 0,
    "answered": 8,
    "answered_at": NOW,
}
WHOLE: Mapping[str, dict[str, Any]] = {
    "order_cycle": CYCLE,
    "consumer_order": ORDER,
    "order_line": LINE,
    "batch": BATCH,
    "stock": STOCK,
    "cycle_point": SPACE | {"capacity_orders": 1, "capacity_g": 7},
    "plan": PLAN,
    "published_plan": POINTER,
    "allocation": SENT,
    "shortfall": SHORT,
    "lot": LOT,
    "plan_run": RUN,
    "hand_out": HAND_OUT,
    "receipt": {"allocation_id": IDS["sent"], "cycle_id": IDS["cycle"], "received": 8},
    "confirmation_request": ASKED,
    "pin": {"cycle_id": IDS["cycle"], "lot_id": IDS["lot"], "at_least": 8, "at_most": 8},
}


def a_cycle(**changed: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """A whole cycle in which everything holds, except what is changed."""
    return [(table, {**values, **changed.get(table, {})}) for table, values in WHOLE.items()]


def test_a_cycle_in_which_everything_holds_is_clean(store: Store) -> None:
    assert found(store, *a_cycle()) == set()
    assert found(store, *a_cycle(order_cycle={"stage": "done"})) == set()


@pytest.mark.parametrize(
    ("changed", "violation"),
    [
        (
            {"consumer_order": {"total_minor": 99}},
            (1, "consumer_order", "comes to 99, its fee and placed lines to 105"),
        ),
        ({"batch": {"quantity": 11}}, (2, "batch", "holds 11, its lines come to 10")),
        (
            {"order_line": {"batch_id": None}},
            (2, "order_line", "was ordered in time and is in no batch of its closed cycle"),
        ),
        ({"order_cycle": {"stage": "open"}}, (2, "order_line", "is in a batch of a cycle that is still open")),
        ({"stock": {"reserved": 9}}, (3, "stock", "9 are reserved, placed lines hold 10")),
        ({"stock": {"available": 9}}, (3, "stock", "10 are reserved of 9")),
        ({"cycle_point": {"orders": 0}}, (3, "cycle_point", "counts 0 orders of 7 g, placed are 1 of 7 g")),
        ({"cycle_point": {"weight_g": 6}}, (3, "cycle_point", "counts 1 orders of 6 g, placed are 1 of 7 g")),
        ({"cycle_point": {"capacity_g": 6}}, (3, "cycle_point", "1 orders of 1, 7 g of 6")),
        ({"lot": {"quantity": 7}}, (3, "lot", "8 are allocated of 7")),
        ({"lot": {"allocated": 7}}, (3, "lot", "the published plans send 8, 7 are allocated")),
        ({"allocation": {"quantity": 7}}, (3, "lot", "the published plans send 7, 8 are allocated")),
        (
            {"order_cycle": {"stage": "done"}, "hand_out": {"ended_at": None, "handed_out": None}},
            (4, "order_line", "has no end in a cycle that is done"),
        ),
        ({"hand_out": {"ordered": 12}}, (4, "hand_out", "says 12 were ordered, the line says 10")),
        ({"hand_out": {"reason": None}}, (4, "hand_out", "8 of 10 are due, and no reason is given")),
        ({"hand_out": {"handed_out": 7}}, (4, "hand_out", "7 of 8 due were handed out, and no reason is given")),
        ({"order_line": {"state": "cancelled"}}, (4, "hand_out", "hands out a line that was cancelled")),
        ({"pin": {"at_least": 9, "at_most": 9}}, (5, "pin", "promised are 9 to 9, the published plan takes 8")),
        ({"pin": {"at_least": 7}}, (5, "confirmation_request", "promises 8, 7 are kept for it")),
        (
            {"confirmation_request": {"answered": 7}},
            (5, "confirmation_request", "has an answer that does not fit its state accepted"),
        ),
        (
            {"confirmation_request": {"state": "reduced", "answered": 8}},
            (5, "confirmation_request", "has an answer that does not fit its state reduced"),
        ),
        (
            {"confirmation_request": {"state": "lapsed", "answered": 1}},
            (5, "confirmation_request", "has an answer that does not fit its state lapsed"),
        ),
        (
            {"confirmation_request": {"state": "open", "quantity": 9, "answered": None, "answered_at": None}},
            (5, "confirmation_request", "asks for 9, the published plan takes 8"),
        ),
        ({"plan": {"run_id": uuid7()}}, (6, "plan_run", "is done and left no plan")),
        ({"receipt": {"received": 7}}, (4, "batch", "7 came in, 8 are due to its lines")),
        ({"plan_run": {"state": "failed"}}, (6, "plan", "was stored by a run that is failed")),
        ({"shortfall": {"quantity": 1}}, (10, "batch", "of 10, the plan sends 8 and leaves 1")),
        ({"shortfall": {"reason": " "}}, (10, "shortfall", "gives no reason")),
    ],
)
def test_a_planted_violation_is_found(
    store: Store, changed: dict[str, dict[str, Any]], violation: tuple[int, str, str]
) -> None:
    assert violation in found(store, *a_cycle(**changed))


def test_an_order_after_the_cut_off_is_found(store: Store) -> None:
    late = found(store, *a_cycle(consumer_order={"placed_at": NOW}))
    assert {(statement, table) for statement, table, _ in late} == {(2, "consumer_order")}


def test_a_placed_line_of_a_cancelled_order_is_found(store: Store) -> None:
    assert (1, "order_line", "is placed in an order that was cancelled") in found(
        store, *a_cycle(consumer_order={"state": "cancelled"})
    )


def test_a_key_without_an_outcome_is_found(store: Store) -> None:
    key = {"actor": "ann", "key": KEY, "command": "place"}
    assert found(store, ("idempotency_key", key)) == {
        (1, "idempotency_key", "the key of ann was used, and nothing came of it")
    }


def test_an_answer_that_does_not_fit_is_found(store: Store) -> None:
    request = {"state": "accepted", "answered_at": None}
    assert found(store, ("confirmation_request", request)) == {
        (5, "confirmation_request", "has an answer that does not fit its state accepted")
    }


def test_a_moving_cycle_without_a_plan_is_found(store: Store) -> None:
    assert found(store, ("order_cycle", {**CYCLE, "stage": "moving"})) == {
        (10, "order_cycle", "is moving without a plan")
    }


def test_a_lot_that_is_asked_about_twice_at_once_is_found(store: Store) -> None:
    twice = {**ASKED, "state": "open", "answered": None, "answered_at": None}
    rows = [*a_cycle(confirmation_request=twice), ("confirmation_request", {**twice, "plan_id": uuid7()})]
    judged = found(store, *rows, without=("confirmation_request_open",))
    assert (5, "confirmation_request", f"lot {IDS['lot']} is asked 2 times at once") in judged


def test_two_live_runs_of_a_region_are_found(store: Store) -> None:
    live = {"state": "running", "region_id": KEY}
    assert found(store, ("plan_run", live)) == set()
    judged = found(store, *((("plan_run", {**live}),) * 2), without=("plan_run_live",))
    assert judged == {(6, "plan_run", f"region {KEY} has 2 live runs")}


def test_a_planned_cycle_without_a_plan_is_found(store: Store) -> None:
    assert found(store, ("order_cycle", {**CYCLE, "stage": "planned"})) == {
        (10, "order_cycle", "is planned without a plan")
    }


def test_a_closed_cycle_that_nobody_plans_is_found_unless_the_news_is_under_way(store: Store) -> None:
    assert found(store, ("order_cycle", CYCLE)) == {(10, "order_cycle", "is closed, and nobody is asked to plan it")}
    news = {"name": "demand.closed.v1", "payload": {"cycle_id": str(IDS["cycle"])}}
    wish = {"cycle_id": IDS["cycle"]}
    assert found(store, ("order_cycle", CYCLE), ("outbox_event", news)) == set()
    assert found(store, ("order_cycle", CYCLE), ("plan_wish", wish)) == set()


def test_an_event_and_a_message_that_were_given_up_are_found(store: Store) -> None:
    event = {"name": "order.placed.v1", "attempts": 12, "last_error": "boom", "dead_at": NOW}
    message = {"kind": "welcome", "state": "failed", "attempts": 9, "last_error": "no such mailbox"}
    assert found(store, ("outbox_event", event), ("message", message)) == {
        (8, "outbox_event", "order.placed.v1 was given up after 12 attempts: boom"),
        (8, "message", "welcome was given up after 9 attempts: no such mailbox"),
    }


def test_a_changed_audit_entry_and_a_gap_among_the_seals_are_found(store: Store) -> None:
    for _ in range(3):
        store.run(lambda tx: tx.record("crate.moved", uuid7()))
    store.run(seal)
    assert check(store) == []

    def meddle(tx: Transaction) -> None:
        tx.execute("SET LOCAL session_replication_role = replica")
        tx.execute("DELETE FROM audit_seal WHERE position = 2")

    store.run(meddle)
    assert {(violation.statement, violation.table, violation.id) for violation in check(store)} == {
        (1, "audit_seal", "3"),
        (8, "audit_seal", "3"),
    }
