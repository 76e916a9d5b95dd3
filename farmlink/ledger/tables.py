"""Accounts, entries and postings: rows are added and never changed; the database itself adds them up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, event, text
from sqlmodel import Field, SQLModel

from farmlink.ledger.rules import LONGEST_KEY, NEVER_OVERDRAWN
from farmlink.ledger.values import AccountKind, EntryKind
from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, keep_immutable

GUARDED = ", ".join(repr(kind.value) for kind in sorted(NEVER_OVERDRAWN))


class LedgerAccount(SQLModel, table=True):
    """Whose money of what kind; `balance_minor` is the sum of its postings and follows them by trigger."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("kind", "owner_id", "currency", name="ledger_account_once"),
        UniqueConstraint("id", "currency", name="ledger_account_in_its_currency"),
        CheckConstraint(
            f"kind IN ({', '.join(repr(kind.value) for kind in AccountKind)})", name="ledger_account_kind_known"
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ledger_account_currency"),
        CheckConstraint(f"balance_minor <= 0 OR kind NOT IN ({GUARDED})", name="ledger_account_not_overdrawn"),
        Index("ledger_account_of_owner", "owner_id"),
    )

    id: UUID = identity()
    kind: str = Field(sa_type=Text)
    owner_id: UUID
    currency: str = Field(sa_type=Text)
    balance_minor: int = whole(default=0)
    opened_at: datetime = instant()


class LedgerEntry(SQLModel, table=True):
    """Something that happened to money, once; sums to zero in every currency when its transaction commits."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint(f"char_length(key) BETWEEN 1 AND {LONGEST_KEY}", name="ledger_entry_key_given"),
        CheckConstraint(
            f"kind IN ({', '.join(repr(kind.value) for kind in EntryKind)})", name="ledger_entry_kind_known"
        ),
        CheckConstraint("reverses <> id", name="ledger_entry_reverses_another"),
        Index("ledger_entry_about", "about", "id"),
    )

    id: UUID = identity()
    key: str = Field(sa_type=Text, unique=True)
    kind: str = Field(sa_type=Text)
    about: UUID
    reverses: UUID | None = reference("ledger_entry.id", nullable=True, default=None)
    posted_at: datetime = instant(sa_column_kwargs={"server_default": text("transaction_timestamp()")})


class LedgerPosting(SQLModel, table=True):
    """What one entry debits or credits to one account; the currency is the account's."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "currency"],
            ["ledger_account.id", "ledger_account.currency"],
            name="ledger_posting_in_its_accounts_currency",
        ),
        CheckConstraint("amount_minor <> 0", name="ledger_posting_moves_something"),
        CheckConstraint("position >= 0", name="ledger_posting_position_counted"),
        Index("ledger_posting_of_account", "account_id", "entry_id"),
    )

    entry_id: UUID = Field(primary_key=True, foreign_key="ledger_entry.id")
    position: int = whole(primary_key=True)
    account_id: UUID
    currency: str = Field(sa_type=Text)
    amount_minor: int = whole()


_account, _entry, _posting = (
    SQLModel.metadata.tables[name] for name in ("ledger_account", "ledger_entry", "ledger_posting")
)
keep_immutable(_entry)
keep_immutable(_posting)
attach_trigger(
    _account,
    "ledger_account_stays",
    "BEFORE DELETE OR TRUNCATE ON ledger_account FOR EACH STATEMENT",
    "RAISE EXCEPTION 'ledger_account is never deleted' USING ERRCODE = 'check_violation';",
)
attach_trigger(
    _account,
    "ledger_account_opens_empty",
    "BEFORE INSERT ON ledger_account FOR EACH ROW WHEN (NEW.balance_minor <> 0)",
    "RAISE EXCEPTION 'account % opens with %', NEW.id, NEW.balance_minor USING ERRCODE = 'check_violation';",
)
# Depth 1 is a statement of somebody's own; the trigger of the postings below is one deeper.
attach_trigger(
    _account,
    "ledger_account_follows_postings",
    "BEFORE UPDATE ON ledger_account FOR EACH ROW",
    "IF pg_trigger_depth() < 2 OR (OLD.id, OLD.kind, OLD.owner_id, OLD.currency, OLD.opened_at)"
    " IS DISTINCT FROM (NEW.id, NEW.kind, NEW.owner_id, NEW.currency, NEW.opened_at) THEN"
    " RAISE EXCEPTION 'account % changes by postings only', OLD.id USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;",
)
attach_trigger(
    _posting,
    "ledger_posting_moves_balances",
    "AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
    "UPDATE ledger_account SET balance_minor = balance_minor + moved.minor"
    " FROM (SELECT account_id, sum(amount_minor)::bigint AS minor FROM added GROUP BY account_id) AS moved"
    " WHERE ledger_account.id = moved.account_id AND moved.minor <> 0; RETURN NULL;",
)
BALANCED = """
CREATE FUNCTION ledger_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE entry uuid; BEGIN
  IF TG_TABLE_NAME = 'ledger_entry' THEN entry := NEW.id; ELSE entry := NEW.entry_id; END IF;
  IF (SELECT count(*) FROM ledger_posting WHERE entry_id = entry) < 2 THEN
    RAISE EXCEPTION 'entry % has fewer than two postings', entry USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM ledger_posting WHERE entry_id = entry GROUP BY currency HAVING sum(amount_minor) <> 0
  ) THEN
    RAISE EXCEPTION 'entry % does not sum to zero', entry USING ERRCODE = 'check_violation';
  END IF; RETURN NULL; END $$
"""
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER {table}_balanced AFTER INSERT ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balanced()
"""
for _table, _statement in (
    (_entry, BALANCED),
    (_entry, AT_COMMIT.format(table="ledger_entry")),
    (_posting, AT_COMMIT.format(table="ledger_posting")),
):
    event.listen(_table, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
event.listen(_entry, "after_drop", DDL("DROP FUNCTION IF EXISTS ledger_entry_balanced()"))  # type: ignore[no-untyped-call]  # see above
