"""A double-entry ledger, and payments on top of it."""

import sqlalchemy as sa
from alembic import op

revision = "0029_ledger_and_payments"
down_revision = "0028_what_farms_sold_so_far"


def upgrade() -> None:
    op.create_table('ledger_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('balance_minor', sa.BigInteger(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("balance_minor <= 0 OR kind NOT IN ('consumer-credit', 'hold')", name='ledger_account_not_overdrawn'),
    sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name='ledger_account_currency'),
    sa.CheckConstraint("kind IN ('consumer-credit', 'hold', 'consumer-receivable', 'crate-deposit', 'farm-payable', 'leader-commission', 'hub-fees', 'taxes', 'carriage', 'spread', 'fee-relief', 'provider-clearing', 'point-cash', 'bank')", name='ledger_account_kind_known'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('id', 'currency', name='ledger_account_in_its_currency'),
    sa.UniqueConstraint('kind', 'owner_id', 'currency', name='ledger_account_once')
    )
    op.create_index('ledger_account_of_owner', 'ledger_account', ['owner_id'], unique=False)
    op.create_table('ledger_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('about', sa.Uuid(), nullable=False),
    sa.Column('reverses', sa.Uuid(), nullable=True),
    sa.Column('posted_at', sa.DateTime(timezone=True), server_default=sa.text('transaction_timestamp()'), nullable=False),
    sa.CheckConstraint("kind IN ('top-up', 'hold', 'release', 'capture', 'collect', 'refund', 'charge', 'credit-note', 'pay-out', 'hand-over')", name='ledger_entry_kind_known'),
    sa.CheckConstraint('char_length(key) BETWEEN 1 AND 200', name='ledger_entry_key_given'),
    sa.CheckConstraint('reverses <> id', name='ledger_entry_reverses_another'),
    sa.ForeignKeyConstraint(['reverses'], ['ledger_entry.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key')
    )
    op.create_index(op.f('ix_ledger_entry_reverses'), 'ledger_entry', ['reverses'], unique=False)
    op.create_index('ledger_entry_about', 'ledger_entry', ['about', 'id'], unique=False)
    op.create_table('payment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('about', sa.Uuid(), nullable=False),
    sa.Column('payer_id', sa.Uuid(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('currency', sa.String(3), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_minor', sa.BigInteger(), nullable=False),
    sa.Column('most_minor', sa.BigInteger(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_minor', sa.BigInteger(), nullable=False),
    sa.Column('charged_minor', sa.BigInteger(), nullable=True),
    sa.Column('captured_minor', sa.BigInteger(), nullable=False),
    sa.Column('due_minor', sa.BigInteger(), nullable=False),
    sa.Column('collected_minor', sa.BigInteger(), nullable=False),
    sa.Column('refunded_minor', sa.BigInteger(), nullable=False),
    sa.Column('credited_minor', sa.BigInteger(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=True),
    sa.Column('reference', sa.String(), nullable=True),
    sa.Column('pay_with', sa.String(), nullable=True),
    sa.CheckConstraint("(state = 'due') = (due_minor > 0)", name='payment_due'),
    sa.CheckConstraint("(state = 'held') = (held_minor > 0) AND held_minor <= most_minor", name='payment_holds'),
    sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name='payment_currency'),
    sa.CheckConstraint("method IN ('pick-up', 'credit', 'stripe', 'wechat', 'alipay')", name='payment_method_known'),
    sa.CheckConstraint("state IN ('promised', 'authorising', 'held', 'captured', 'due', 'collected', 'released', 'failed')", name='payment_state_known'),
    sa.CheckConstraint('(collected_minor > 0) = (point_id IS NOT NULL)', name='payment_collected_somewhere'),
    sa.CheckConstraint('0 <= most_minor AND most_minor <= asked_minor', name='payment_only_falls'),
    sa.CheckConstraint('captured_minor + due_minor + collected_minor <= coalesce(charged_minor, 0)', name='payment_charged_once'),
    sa.CheckConstraint('captured_minor <= most_minor', name='payment_captures_what_was_held'),
    sa.CheckConstraint('least(held_minor, coalesce(charged_minor, 0), captured_minor, due_minor, collected_minor, refunded_minor, credited_minor) >= 0', name='payment_amounts_not_negative'),
    sa.CheckConstraint('refunded_minor <= captured_minor AND credited_minor <= collected_minor', name='payment_refunds_what_was_captured'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('payment_about', 'payment', ['about'], unique=False)
    op.create_index('payment_once', 'payment', ['about'], unique=True, postgresql_where=sa.text("state <> 'failed'"))
    op.create_table('ledger_posting',
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_minor <> 0', name='ledger_posting_moves_something'),
    sa.CheckConstraint('position >= 0', name='ledger_posting_position_counted'),
    sa.ForeignKeyConstraint(['account_id', 'currency'], ['ledger_account.id', 'ledger_account.currency'], name='ledger_posting_in_its_accounts_currency'),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], ),
    sa.PrimaryKeyConstraint('entry_id', 'position')
    )
    op.create_index('ledger_posting_of_account', 'ledger_posting', ['account_id', 'entry_id'], unique=False)
    op.create_table('payment_refund',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name='payment_refund_positive'),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_payment_refund_payment_id'), 'payment_refund', ['payment_id'], unique=False)
    op.create_table('payment_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name='payment_step_ended_sometime'),
    sa.CheckConstraint("kind IN ('open', 'look', 'capture', 'cancel', 'refund')", name='payment_step_kind_known'),
    sa.CheckConstraint("state IN ('waiting', 'done', 'refused')", name='payment_step_state_known'),
    sa.CheckConstraint('amount_minor >= 0 AND attempts >= 0', name='payment_step_counted'),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('payment_id', 'place', name='payment_step_in_its_place')
    )
    op.create_index('payment_step_due', 'payment_step', ['due_at', 'id'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('payment_step_once', 'payment_step', ['payment_id', 'kind'], unique=True, postgresql_where=sa.text("kind IN ('open', 'capture', 'cancel')"))
    op.create_index('payment_step_one_look', 'payment_step', ['payment_id'], unique=True, postgresql_where=sa.text("kind = 'look' AND state = 'waiting'"))
    op.execute("""CREATE OR REPLACE FUNCTION public.ledger_account_follows_postings()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF pg_trigger_depth() < 2 OR (OLD.id, OLD.kind, OLD.owner_id, OLD.currency, OLD.opened_at) IS DISTINCT FROM (NEW.id, NEW.kind, NEW.owner_id, NEW.currency, NEW.opened_at) THEN RAISE EXCEPTION 'account % changes by postings only', OLD.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.ledger_account_opens_empty()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'account % opens with %', NEW.id, NEW.balance_minor USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.ledger_account_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'ledger_account is never deleted' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.ledger_entry_balanced()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ DECLARE entry uuid; BEGIN
  IF TG_TABLE_NAME = 'ledger_entry' THEN entry \\:= NEW.id; ELSE entry \\:= NEW.entry_id; END IF;
  IF (SELECT count(*) FROM ledger_posting WHERE entry_id = entry) < 2 THEN
    RAISE EXCEPTION 'entry % has fewer than two postings', entry USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM ledger_posting WHERE entry_id = entry GROUP BY currency HAVING sum(amount_minor) <> 0
  ) THEN
    RAISE EXCEPTION 'entry % does not sum to zero', entry USING ERRCODE = 'check_violation';
  END IF; RETURN NULL; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.ledger_entry_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'ledger_entry is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.ledger_posting_moves_balances()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN UPDATE ledger_account SET balance_minor = balance_minor + moved.minor FROM (SELECT account_id, sum(amount_minor)\\:\\:bigint AS minor FROM added GROUP BY account_id) AS moved WHERE ledger_account.id = moved.account_id AND moved.minor <> 0; RETURN NULL; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.ledger_posting_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'ledger_posting is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['authorising due', 'authorising failed', 'authorising held', 'authorising released', 'captured due', 'captured released', 'collected due', 'due captured', 'due collected', 'due released', 'held captured', 'held due', 'held released', 'promised due', 'promised failed', 'promised released']\\:\\:text[]) THEN RAISE EXCEPTION 'payment.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_stays_what_it_is()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF (OLD.id, OLD.about, OLD.payer_id, OLD.method, OLD.currency, OLD.asked_minor, OLD.started_at) IS DISTINCT FROM (NEW.id, NEW.about, NEW.payer_id, NEW.method, NEW.currency, NEW.asked_minor, NEW.started_at) OR NEW.most_minor > OLD.most_minor OR (OLD.charged_minor IS NOT NULL AND NEW.charged_minor IS DISTINCT FROM OLD.charged_minor) THEN RAISE EXCEPTION 'payment % is charged once, by one payer, and never asks for more', OLD.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_refund_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'payment_refund is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_step_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['waiting done', 'waiting refused']\\:\\:text[]) THEN RAISE EXCEPTION 'payment_step.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("CREATE TRIGGER ledger_account_follows_postings BEFORE UPDATE ON public.ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_follows_postings()")
    op.execute("CREATE TRIGGER ledger_account_opens_empty BEFORE INSERT ON public.ledger_account FOR EACH ROW WHEN ((new.balance_minor <> 0)) EXECUTE FUNCTION ledger_account_opens_empty()")
    op.execute("CREATE TRIGGER ledger_account_stays BEFORE DELETE OR TRUNCATE ON public.ledger_account FOR EACH STATEMENT EXECUTE FUNCTION ledger_account_stays()")
    op.execute("CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON public.ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balanced()")
    op.execute("CREATE TRIGGER ledger_entry_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_stays()")
    op.execute("CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON public.ledger_posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balanced()")
    op.execute("CREATE TRIGGER ledger_posting_moves_balances AFTER INSERT ON public.ledger_posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_moves_balances()")
    op.execute("CREATE TRIGGER ledger_posting_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_posting FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_stays()")
    op.execute("CREATE TRIGGER payment_state_moves BEFORE UPDATE OF state ON public.payment FOR EACH ROW EXECUTE FUNCTION payment_state_moves()")
    op.execute("CREATE TRIGGER payment_stays_what_it_is BEFORE UPDATE ON public.payment FOR EACH ROW EXECUTE FUNCTION payment_stays_what_it_is()")
    op.execute("CREATE TRIGGER payment_refund_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payment_refund FOR EACH STATEMENT EXECUTE FUNCTION payment_refund_stays()")
    op.execute("CREATE TRIGGER payment_step_state_moves BEFORE UPDATE OF state ON public.payment_step FOR EACH ROW EXECUTE FUNCTION payment_step_state_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER payment_step_state_moves ON payment_step")
    op.execute("DROP TRIGGER payment_refund_stays ON payment_refund")
    op.execute("DROP TRIGGER payment_stays_what_it_is ON payment")
    op.execute("DROP TRIGGER payment_state_moves ON payment")
    op.execute("DROP TRIGGER ledger_posting_stays ON ledger_posting")
    op.execute("DROP TRIGGER ledger_posting_moves_balances ON ledger_posting")
    op.execute("DROP TRIGGER ledger_posting_balanced ON ledger_posting")
    op.execute("DROP TRIGGER ledger_entry_stays ON ledger_entry")
    op.execute("DROP TRIGGER ledger_entry_balanced ON ledger_entry")
    op.execute("DROP TRIGGER ledger_account_stays ON ledger_account")
    op.execute("DROP TRIGGER ledger_account_opens_empty ON ledger_account")
    op.execute("DROP TRIGGER ledger_account_follows_postings ON ledger_account")
    op.execute("DROP FUNCTION payment_step_state_moves()")
    op.execute("DROP FUNCTION payment_refund_stays()")
    op.execute("DROP FUNCTION payment_stays_what_it_is()")
    op.execute("DROP FUNCTION payment_state_moves()")
    op.execute("DROP FUNCTION ledger_posting_stays()")
    op.execute("DROP FUNCTION ledger_posting_moves_balances()")
    op.execute("DROP FUNCTION ledger_entry_stays()")
    op.execute("DROP FUNCTION ledger_entry_balanced()")
    op.execute("DROP FUNCTION ledger_account_stays()")
    op.execute("DROP FUNCTION ledger_account_opens_empty()")
    op.execute("DROP FUNCTION ledger_account_follows_postings()")
    op.drop_index('payment_step_one_look', table_name='payment_step', postgresql_where=sa.text("kind = 'look' AND state = 'waiting'"))
    op.drop_index('payment_step_once', table_name='payment_step', postgresql_where=sa.text("kind IN ('open', 'capture', 'cancel')"))
    op.drop_index('payment_step_due', table_name='payment_step', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table('payment_step')
    op.drop_index(op.f('ix_payment_refund_payment_id'), table_name='payment_refund')
    op.drop_table('payment_refund')
    op.drop_index('ledger_posting_of_account', table_name='ledger_posting')
    op.drop_table('ledger_posting')
    op.drop_index('payment_once', table_name='payment', postgresql_where=sa.text("state <> 'failed'"))
    op.drop_index('payment_about', table_name='payment')
    op.drop_table('payment')
    op.drop_index('ledger_entry_about', table_name='ledger_entry')
    op.drop_index(op.f('ix_ledger_entry_reverses'), table_name='ledger_entry')
    op.drop_table('ledger_entry')
    op.drop_index('ledger_account_of_owner', table_name='ledger_account')
    op.drop_table('ledger_account')
