"""What was charged, who got what of it, what was taken back and paid out: rows are added and never changed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from farmlink.ledger.values import AccountKind
from farmlink.settlement.values import Bearer, Item
from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, keep_immutable


def _one_of(column: str, choices: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(choice.value) for choice in choices)})"


class SettledCycle(SQLModel, table=True):
    """A cycle that is settled, once and for ever."""

    __tablename__ = "settled_cycle"
    __table_args__ = (CheckConstraint("orders >= 0 AND charged_minor >= 0", name="settled_cycle_counted"),)

    cycle_id: UUID = Field(primary_key=True, foreign_key="order_cycle.id")
    orders: int = whole()
    charged_minor: int = whole()
    currency: str = Field(sa_type=Text)
    settled_at: datetime = instant()


class OrderChargeRow(SQLModel, table=True):
    """What an order was charged: once, and the entry that says so, if anything moved at all."""

    __tablename__ = "order_charge"
    __table_args__ = (
        CheckConstraint("least(goods_minor, delivery_minor, deposit_minor, crates) >= 0", name="order_charge_counted"),
        CheckConstraint("total_minor = goods_minor + delivery_minor + deposit_minor", name="order_charge_adds_up"),
        CheckConstraint("total_minor = 0 OR entry_id IS NOT NULL", name="order_charge_is_posted"),
    )

    order_id: UUID = Field(primary_key=True, foreign_key="consumer_order.id")
    cycle_id: UUID = reference("settled_cycle.cycle_id")
    consumer_id: UUID = reference("person.id")
    currency: str = Field(sa_type=Text)
    goods_minor: int = whole()
    delivery_minor: int = whole()
    deposit_minor: int = whole()
    total_minor: int = whole()
    crates: int = whole()
    entry_id: UUID | None = reference("ledger_entry.id", nullable=True, default=None, index=False)


class CreditNoteRow(SQLModel, table=True):
    """Part of a charge that was taken back; without a line it is a deposit, for crates that came back."""

    __tablename__ = "credit_note"
    __table_args__ = (
        CheckConstraint("0 <= tax_minor AND tax_minor <= amount_minor AND amount_minor > 0", name="credit_note_amount"),
        CheckConstraint(_one_of("bearer", Bearer), name="credit_note_bearer_known"),
        CheckConstraint("btrim(reason) <> ''", name="credit_note_reason_said"),
        CheckConstraint("(line_id IS NULL) = (crates > 0) AND crates >= 0", name="credit_note_of_line_or_crates"),
    )

    id: UUID = identity()
    order_id: UUID = reference("order_charge.order_id")
    line_id: UUID | None = reference("order_line.id", nullable=True, default=None)
    amount_minor: int = whole()
    tax_minor: int = whole()
    crates: int = whole(default=0)
    reason: str = Field(sa_type=Text)
    bearer: str = Field(sa_type=Text)
    entry_id: UUID = reference("ledger_entry.id", index=False)
    noted_at: datetime = instant()


class StatementLineRow(SQLModel, table=True):
    """What one account got (above zero) or bore (below zero) of one line or order; an entry's lines sum to zero."""

    __tablename__ = "statement_line"
    __table_args__ = (
        CheckConstraint(_one_of("item", Item), name="statement_line_item_known"),
        CheckConstraint(_one_of("account", AccountKind), name="statement_line_account_known"),
        CheckConstraint("amount_minor <> 0", name="statement_line_of_something"),
        Index("statement_line_of_owner", "owner_id", "account", "id"),
        Index("statement_line_of_cycle", "cycle_id", "account", "owner_id"),
        Index("statement_line_of_line", "line_id"),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id", index=False)
    entry_id: UUID = reference("ledger_entry.id")
    order_id: UUID | None = reference("consumer_order.id", nullable=True, default=None)
    line_id: UUID | None = reference("order_line.id", nullable=True, default=None, index=False)
    lot_id: UUID | None = reference("lot.id", nullable=True, default=None, index=False)
    credit_note_id: UUID | None = reference("credit_note.id", nullable=True, default=None)
    item: str = Field(sa_type=Text)
    account: str = Field(sa_type=Text)
    owner_id: UUID
    currency: str = Field(sa_type=Text)
    quantity: int = whole(default=0)
    amount_minor: int = whole()


class CatchWeight(SQLModel, table=True):
    """What so many base units of a line weighed; it changes until its cycle is settled."""

    __tablename__ = "catch_weight"
    __table_args__ = (CheckConstraint("quantity > 0 AND weight_g > 0", name="catch_weight_positive"),)

    line_id: UUID = Field(primary_key=True, foreign_key="order_line.id")
    cycle_id: UUID = reference("order_cycle.id")
    quantity: int = whole()
    weight_g: int = whole()
    weighed_at: datetime = instant()


class BankDetailsRow(SQLModel, table=True):
    """Where an organisation is paid."""

    __tablename__ = "bank_details"
    __table_args__ = (
        CheckConstraint("num_nonnulls(iban, account) = 1", name="bank_details_one_account"),
        CheckConstraint("iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]+$'", name="bank_details_iban"),
        CheckConstraint("account IS NULL OR bank IS NOT NULL", name="bank_details_bank_named"),
        CheckConstraint("btrim(holder) <> ''", name="bank_details_holder"),
    )

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    holder: str = Field(sa_type=Text)
    iban: str | None = Field(default=None, sa_type=Text)
    bic: str | None = Field(default=None, sa_type=Text)
    account: str | None = Field(default=None, sa_type=Text)
    bank: str | None = Field(default=None, sa_type=Text)
    changed_at: datetime = instant()


class PayOutRow(SQLModel, table=True):
    """What a region's hub paid out at once."""

    __tablename__ = "pay_out"
    __table_args__ = (CheckConstraint("total_minor > 0", name="pay_out_positive"),)

    id: UUID = identity()
    hub_id: UUID = reference("hub.id")
    currency: str = Field(sa_type=Text)
    total_minor: int = whole()
    made_at: datetime = instant()


class TransferRow(SQLModel, table=True):
    """One payment of a pay-out, to the account that held then."""

    __tablename__ = "transfer"
    __table_args__ = (
        UniqueConstraint("pay_out_id", "account", "owner_id", name="transfer_once_a_payee"),
        CheckConstraint("amount_minor > 0", name="transfer_positive"),
        CheckConstraint(_one_of("account", AccountKind), name="transfer_account_known"),
    )

    pay_out_id: UUID = Field(primary_key=True, foreign_key="pay_out.id")
    end_to_end: str = Field(primary_key=True, sa_type=Text)
    account: str = Field(sa_type=Text)
    owner_id: UUID
    organisation_id: UUID = reference("organisation.id")
    amount_minor: int = whole()
    holder: str = Field(sa_type=Text)
    iban: str | None = Field(default=None, sa_type=Text)
    bic: str | None = Field(default=None, sa_type=Text)
    account_number: str | None = Field(default=None, sa_type=Text)
    bank: str | None = Field(default=None, sa_type=Text)


for _table in ("settled_cycle", "order_charge", "credit_note", "statement_line", "pay_out", "transfer"):
    keep_immutable(SQLModel.metadata.tables[_table])
attach_trigger(
    SQLModel.metadata.tables["settled_cycle"],
    "settled_cycle_is_done",
    "BEFORE INSERT ON settled_cycle FOR EACH ROW",
    "IF (SELECT stage FROM order_cycle WHERE id = NEW.cycle_id) <> 'done' THEN"
    " RAISE EXCEPTION 'cycle % is not done', NEW.cycle_id USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
attach_trigger(
    SQLModel.metadata.tables["catch_weight"],
    "catch_weight_before_settlement",
    "BEFORE INSERT OR UPDATE ON catch_weight FOR EACH ROW",
    "IF EXISTS (SELECT FROM settled_cycle WHERE cycle_id = NEW.cycle_id) THEN"
    " RAISE EXCEPTION 'the cycle of line % is settled', NEW.line_id USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;",
)
