"""Rows of payments and of their steps as values."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Row

from farmlink.payments.values import Method, Payment, State, Step, StepId, StepKind

NAMES: Final = tuple(field.name for field in fields(Payment))
COLUMNS: Final = ", ".join(f"p.{name}" for name in NAMES)
STEP: Final = f"""
SELECT s.id AS step_id, s.kind, s.amount_minor, s.attempts, s.asked_at, s.state = 'stuck' AS stuck, {COLUMNS}
FROM payment_step s JOIN payment p ON p.id = s.payment_id
"""  # noqa: S608  # our own column names


def payment_of(row: Row[Any]) -> Payment:
    """A payment's row as a value."""
    facts = {name: getattr(row, name) for name in NAMES}
    return Payment(**facts | {"method": Method(row.method), "state": State(row.state)})


def step_of(row: Row[Any]) -> Step:
    """A step's row with its payment as a value."""
    step_id, kind = StepId(row.step_id), StepKind(row.kind)
    return Step(step_id, kind, row.amount_minor, row.attempts, row.asked_at, payment_of(row), row.stuck)
