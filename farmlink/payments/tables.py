"""Payments, the steps that providers are asked for, and what was given back."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from farmlink.payments.rules.arrows import ARROWS, STEP_ARROWS
from farmlink.payments.values import Method, State, StepKind, StepState
from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, guard_transitions, keep_immutable


def one_of(column: str, choices: type[StrEnum]) -> str:
    """SQL that limits a column to the words of its enumeration."""
    return f"{column} IN ({', '.join(repr(choice.value) for choice in choices)})"


class PaymentRow(SQLModel, table=True):
    """What somebody pays for something, by one method; one that failed makes room for another."""

    __tablename__ = "payment"
    __table_args__ = (
        Index("payment_once", "about", unique=True, postgresql_where=text("state <> 'failed'")),
        Index("payment_about", "about"),
        CheckConstraint(one_of("method", Method), name="payment_method_known"),
        CheckConstraint(one_of("state", State), name="payment_state_known"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="payment_currency"),
        CheckConstraint("0 <= most_minor AND most_minor <= asked_minor", name="payment_only_falls"),
        CheckConstraint(
            "least(held_minor, coalesce(charged_minor, 0), captured_minor, due_minor, collected_minor, refunded_minor,"
            " credited_minor) >= 0",
            name="payment_amounts_not_negative",
        ),
        CheckConstraint("(state = 'held') = (held_minor > 0) AND held_minor <= most_minor", name="payment_holds"),
        CheckConstraint("captured_minor <= most_minor", name="payment_captures_what_was_held"),
        CheckConstraint(
            "captured_minor + due_minor + collected_minor <= coalesce(charged_minor, 0)",
            name="payment_charged_once",
        ),
        CheckConstraint("(state = 'due') = (due_minor > 0)", name="payment_due"),
        CheckConstraint(
            "refunded_minor <= captured_minor AND credited_minor <= collected_minor",
            name="payment_refunds_what_was_captured",
        ),
        CheckConstraint("(collected_minor > 0) = (point_id IS NOT NULL)", name="payment_collected_somewhere"),
    )

    id: UUID = identity()
    about: UUID
    payer_id: UUID
    method: str
    currency: str = Field(max_length=3)
    state: str
    asked_minor: int = whole()
    most_minor: int = whole()
    started_at: datetime = instant()
    held_minor: int = whole(default=0)
    charged_minor: int | None = whole(default=None, nullable=True)
    captured_minor: int = whole(default=0)
    due_minor: int = whole(default=0)
    collected_minor: int = whole(default=0)
    refunded_minor: int = whole(default=0)
    credited_minor: int = whole(default=0)
    point_id: UUID | None = None
    reference: str | None = None
    pay_with: str | None = None


class PaymentStep(SQLModel, table=True):
    """Something that a provider is asked to do, in its place among the payment's; the id is its key there."""

    __tablename__ = "payment_step"
    __table_args__ = (
        UniqueConstraint("payment_id", "place", name="payment_step_in_its_place"),
        CheckConstraint(one_of("kind", StepKind), name="payment_step_kind_known"),
        CheckConstraint(one_of("state", StepState), name="payment_step_state_known"),
        CheckConstraint("amount_minor >= 0 AND attempts >= 0", name="payment_step_counted"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="payment_step_ended_sometime"),
        Index(
            "payment_step_once",
            "payment_id",
            "kind",
            unique=True,
            postgresql_where=text("kind IN ('open', 'capture', 'cancel')"),
        ),
        Index(
            "payment_step_one_look",
            "payment_id",
            unique=True,
            postgresql_where=text("kind = 'look' AND state = 'waiting'"),
        ),
        Index("payment_step_due", "due_at", "id", postgresql_where=text("state = 'waiting'")),
        Index(
            "payment_step_given_back",
            "ended_at",
            postgresql_where=text("kind = 'refund' AND state IN ('done', 'stuck')"),
        ),
    )

    id: UUID = identity()
    payment_id: UUID = reference("payment.id", index=False)
    place: int = whole()
    kind: str
    amount_minor: int = whole()
    state: str = StepState.WAITING.value
    attempts: int = whole(default=0)
    asked_at: datetime = instant()
    due_at: datetime = instant()
    ended_at: datetime | None = instant(default=None, nullable=True)
    last_error: str | None = None


class PaymentRefund(SQLModel, table=True):
    """What was given back under one key: less to collect, the way it came, or as credit."""

    __tablename__ = "payment_refund"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="payment_refund_positive"),)

    id: UUID = identity()
    payment_id: UUID = reference("payment.id")
    amount_minor: int = whole()
    refunded_at: datetime = instant()


class BooksCompared(SQLModel, table=True):
    """The comparing of a provider's books up to a day: somebody has it until `free_at`, and once it has ended nobody.

    `suspected` are the differences of a first look, by their names; a second look tells which of them stand.
    """

    __tablename__ = "books_compared"
    __table_args__ = (CheckConstraint(one_of("method", Method), name="books_compared_method_known"),)

    method: str = Field(primary_key=True)
    last_on: date = Field(primary_key=True)
    free_at: datetime = instant()
    suspected: list[str] | None = document(default=None, nullable=True)
    ended_at: datetime | None = instant(default=None, nullable=True)


_payment, _step, _refund = (SQLModel.metadata.tables[name] for name in ("payment", "payment_step", "payment_refund"))
guard_transitions(_payment, "state", {state.value: follow for state, follow in ARROWS.items()})
guard_transitions(_step, "state", {state.value: follow for state, follow in STEP_ARROWS.items()})
keep_immutable(_refund)
attach_trigger(
    _payment,
    "payment_stays_what_it_is",
    "BEFORE UPDATE ON payment FOR EACH ROW",
    "IF (OLD.id, OLD.about, OLD.payer_id, OLD.method, OLD.currency, OLD.asked_minor, OLD.started_at) IS DISTINCT FROM"
    " (NEW.id, NEW.about, NEW.payer_id, NEW.method, NEW.currency, NEW.asked_minor, NEW.started_at)"
    " OR NEW.most_minor > OLD.most_minor"
    " OR (OLD.charged_minor IS NOT NULL AND NEW.charged_minor IS DISTINCT FROM OLD.charged_minor) THEN"
    " RAISE EXCEPTION 'payment % is charged once, by one payer, and never asks for more', OLD.id"
    " USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
