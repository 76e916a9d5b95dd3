"""Promises and money."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029_promises_and_money"
down_revision = "0028_what_farms_sold_so_far"
CYCLES_SO_FAR = """
UPDATE order_cycle SET threshold_state = CASE
  WHEN stage IN ('draft', 'open') THEN 'open' WHEN stage = 'cancelled' THEN 'released' WHEN stage = 'done' THEN 'charged'
  ELSE 'met' END
"""
STOCKS_SO_FAR = """
UPDATE stock s SET threshold_state = CASE
  WHEN stage IN ('draft', 'open') THEN 'open'
  WHEN stage = 'cancelled' OR reserved < threshold OR (stage = 'done' AND reserved = 0) THEN 'released'
  WHEN stage = 'done' THEN 'charged' ELSE 'met' END
FROM order_cycle c WHERE c.id = s.cycle_id
"""
"""What was closed before this version had met its threshold, or it was let go; the triggers come after it."""


def upgrade() -> None:
    op.execute("ALTER TABLE short_line DROP CONSTRAINT short_line_reason_said")
    op.execute("ALTER TABLE order_line DROP CONSTRAINT order_line_reason_given")
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute("ALTER TABLE hand_out DROP CONSTRAINT hand_out_reason_said")
    op.execute("ALTER TABLE consumer_order DROP CONSTRAINT consumer_order_reason_given")
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
    sa.CheckConstraint("kind IN ('top-up', 'hold', 'release', 'capture', 'collect', 'refund', 'charge', 'credit-note', 'pay-out', 'reversal')", name='ledger_entry_kind_known'),
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
    op.create_table('bank_details',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('iban', sa.Text(), nullable=True),
    sa.Column('bic', sa.Text(), nullable=True),
    sa.Column('account', sa.Text(), nullable=True),
    sa.Column('bank', sa.Text(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("btrim(holder) <> ''", name='bank_details_holder'),
    sa.CheckConstraint("iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]+$'", name='bank_details_iban'),
    sa.CheckConstraint('account IS NULL OR bank IS NOT NULL', name='bank_details_bank_named'),
    sa.CheckConstraint('num_nonnulls(iban, account) = 1', name='bank_details_one_account'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.PrimaryKeyConstraint('organisation_id')
    )
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
    op.create_table('pay_out',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hub_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('total_minor > 0', name='pay_out_positive'),
    sa.ForeignKeyConstraint(['hub_id'], ['hub.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_pay_out_hub_id'), 'pay_out', ['hub_id'], unique=False)
    op.create_table('standing_order',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('consumer_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('hub_id', sa.Uuid(), nullable=True),
    sa.Column('point_id', sa.Uuid(), nullable=True),
    sa.Column('every', sa.BigInteger(), nullable=False),
    sa.Column('lines', postgresql.JSONB(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('paused_until', sa.Date(), nullable=True),
    sa.Column('since_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("paused_until IS NULL OR state = 'paused'", name='standing_order_rests_until'),
    sa.CheckConstraint("state IN ('running', 'paused', 'ended')", name='standing_order_state_known'),
    sa.CheckConstraint('every BETWEEN 1 AND 52', name='standing_order_rhythm_sane'),
    sa.ForeignKeyConstraint(['consumer_id'], ['person.id'], ),
    sa.ForeignKeyConstraint(['hub_id'], ['hub.id'], ),
    sa.ForeignKeyConstraint(['point_id'], ['point.id'], ),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_standing_order_consumer_id'), 'standing_order', ['consumer_id'], unique=False)
    op.create_index(op.f('ix_standing_order_hub_id'), 'standing_order', ['hub_id'], unique=False)
    op.create_index(op.f('ix_standing_order_point_id'), 'standing_order', ['point_id'], unique=False)
    op.create_index('standing_order_going_on', 'standing_order', ['region_id'], unique=False, postgresql_where=sa.text("state <> 'ended'"))
    op.create_table('fair_share',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('collect_on', sa.Date(), nullable=False),
    sa.Column('consumer_id', sa.Uuid(), nullable=True),
    sa.Column('farm_id', sa.Uuid(), nullable=True),
    sa.Column('wanted_minor', sa.BigInteger(), nullable=False),
    sa.Column('equal_minor', sa.BigInteger(), nullable=False),
    sa.Column('got_minor', sa.BigInteger(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('0 <= equal_minor AND equal_minor <= wanted_minor', name='fair_share_equal_within_wanted'),
    sa.CheckConstraint('0 <= got_minor AND got_minor <= wanted_minor', name='fair_share_got_within_wanted'),
    sa.CheckConstraint('num_nonnulls(consumer_id, farm_id) = 1', name='fair_share_of_a_consumer_or_a_farm'),
    sa.ForeignKeyConstraint(['consumer_id'], ['person.id'], ),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['farm_id'], ['farm.id'], ),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('cycle_id', 'consumer_id', name='fair_share_once_a_consumer'),
    sa.UniqueConstraint('cycle_id', 'farm_id', name='fair_share_once_a_farm')
    )
    op.create_index(op.f('ix_fair_share_consumer_id'), 'fair_share', ['consumer_id'], unique=False)
    op.create_index(op.f('ix_fair_share_farm_id'), 'fair_share', ['farm_id'], unique=False)
    op.create_index(op.f('ix_fair_share_region_id'), 'fair_share', ['region_id'], unique=False)
    op.create_table('settled_cycle',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('orders', sa.BigInteger(), nullable=False),
    sa.Column('charged_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('orders >= 0 AND charged_minor >= 0', name='settled_cycle_counted'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.PrimaryKeyConstraint('cycle_id')
    )
    op.create_table('transfer',
    sa.Column('pay_out_id', sa.Uuid(), nullable=False),
    sa.Column('end_to_end', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('iban', sa.Text(), nullable=True),
    sa.Column('bic', sa.Text(), nullable=True),
    sa.Column('account_number', sa.Text(), nullable=True),
    sa.Column('bank', sa.Text(), nullable=True),
    sa.CheckConstraint("account IN ('consumer-credit', 'hold', 'consumer-receivable', 'crate-deposit', 'farm-payable', 'leader-commission', 'hub-fees', 'taxes', 'carriage', 'spread', 'fee-relief', 'provider-clearing', 'point-cash', 'bank')", name='transfer_account_known'),
    sa.CheckConstraint('amount_minor > 0', name='transfer_positive'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['pay_out_id'], ['pay_out.id'], ),
    sa.PrimaryKeyConstraint('pay_out_id', 'end_to_end'),
    sa.UniqueConstraint('pay_out_id', 'account', 'owner_id', name='transfer_once_a_payee')
    )
    op.create_index(op.f('ix_transfer_organisation_id'), 'transfer', ['organisation_id'], unique=False)
    op.create_table('order_charge',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('consumer_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('goods_minor', sa.BigInteger(), nullable=False),
    sa.Column('delivery_minor', sa.BigInteger(), nullable=False),
    sa.Column('deposit_minor', sa.BigInteger(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('crates', sa.BigInteger(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('least(goods_minor, delivery_minor, deposit_minor, crates) >= 0', name='order_charge_counted'),
    sa.CheckConstraint('total_minor = 0 OR entry_id IS NOT NULL', name='order_charge_is_posted'),
    sa.CheckConstraint('total_minor = goods_minor + delivery_minor + deposit_minor', name='order_charge_adds_up'),
    sa.ForeignKeyConstraint(['consumer_id'], ['person.id'], ),
    sa.ForeignKeyConstraint(['cycle_id'], ['settled_cycle.cycle_id'], ),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], ),
    sa.ForeignKeyConstraint(['order_id'], ['consumer_order.id'], ),
    sa.PrimaryKeyConstraint('order_id')
    )
    op.create_index(op.f('ix_order_charge_consumer_id'), 'order_charge', ['consumer_id'], unique=False)
    op.create_index(op.f('ix_order_charge_cycle_id'), 'order_charge', ['cycle_id'], unique=False)
    op.create_table('standing_turn',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('standing_order_id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('left_out', postgresql.JSONB(), nullable=False),
    sa.Column('refusal', postgresql.JSONB(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['order_id'], ['consumer_order.id'], ),
    sa.ForeignKeyConstraint(['standing_order_id'], ['standing_order.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('standing_order_id', 'cycle_id', name='standing_turn_once_a_cycle')
    )
    op.create_index(op.f('ix_standing_turn_cycle_id'), 'standing_turn', ['cycle_id'], unique=False)
    op.create_index(op.f('ix_standing_turn_order_id'), 'standing_turn', ['order_id'], unique=False)
    op.create_table('catch_weight',
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.Column('weighed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity > 0 AND weight_g > 0', name='catch_weight_positive'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['line_id'], ['order_line.id'], ),
    sa.PrimaryKeyConstraint('line_id')
    )
    op.create_index(op.f('ix_catch_weight_cycle_id'), 'catch_weight', ['cycle_id'], unique=False)
    op.create_table('credit_note',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('line_id', sa.Uuid(), nullable=True),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('tax_minor', sa.BigInteger(), nullable=False),
    sa.Column('crates', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('bearer', sa.Text(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("bearer IN ('shared', 'hub')", name='credit_note_bearer_known'),
    sa.CheckConstraint("btrim(reason) <> ''", name='credit_note_reason_said'),
    sa.CheckConstraint('(line_id IS NULL) = (crates > 0) AND crates >= 0', name='credit_note_of_line_or_crates'),
    sa.CheckConstraint('0 <= tax_minor AND tax_minor <= amount_minor AND amount_minor > 0', name='credit_note_amount'),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], ),
    sa.ForeignKeyConstraint(['line_id'], ['order_line.id'], ),
    sa.ForeignKeyConstraint(['order_id'], ['order_charge.order_id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_credit_note_line_id'), 'credit_note', ['line_id'], unique=False)
    op.create_index(op.f('ix_credit_note_order_id'), 'credit_note', ['order_id'], unique=False)
    op.create_table('statement_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('line_id', sa.Uuid(), nullable=True),
    sa.Column('lot_id', sa.Uuid(), nullable=True),
    sa.Column('credit_note_id', sa.Uuid(), nullable=True),
    sa.Column('item', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("account IN ('consumer-credit', 'hold', 'consumer-receivable', 'crate-deposit', 'farm-payable', 'leader-commission', 'hub-fees', 'taxes', 'carriage', 'spread', 'fee-relief', 'provider-clearing', 'point-cash', 'bank')", name='statement_line_account_known'),
    sa.CheckConstraint("item IN ('sale', 'delivery', 'deposit', 'tax', 'goods', 'relief', 'leader-commission', 'commission', 'payment-fee', 'packaging', 'pack-fee', 'order-fee', 'carriage', 'spread')", name='statement_line_item_known'),
    sa.CheckConstraint('amount_minor <> 0', name='statement_line_of_something'),
    sa.ForeignKeyConstraint(['credit_note_id'], ['credit_note.id'], ),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], ),
    sa.ForeignKeyConstraint(['line_id'], ['order_line.id'], ),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], ),
    sa.ForeignKeyConstraint(['order_id'], ['consumer_order.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_statement_line_credit_note_id'), 'statement_line', ['credit_note_id'], unique=False)
    op.create_index(op.f('ix_statement_line_entry_id'), 'statement_line', ['entry_id'], unique=False)
    op.create_index(op.f('ix_statement_line_order_id'), 'statement_line', ['order_id'], unique=False)
    op.create_index('statement_line_of_cycle', 'statement_line', ['cycle_id', 'account', 'owner_id'], unique=False)
    op.create_index('statement_line_of_line', 'statement_line', ['line_id'], unique=False)
    op.create_index('statement_line_of_owner', 'statement_line', ['owner_id', 'account', 'id'], unique=False)
    op.add_column('consumer_order', sa.Column('recipient_id', sa.Uuid(), nullable=True))
    op.drop_index("consumer_order_once_a_cycle", table_name="consumer_order")
    op.create_index(
        "consumer_order_once_a_cycle",
        "consumer_order",
        ["cycle_id", "consumer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'placed' AND recipient_id IS NULL"),
    )
    op.create_index('consumer_order_once_a_recipient', 'consumer_order', ['cycle_id', 'consumer_id', 'recipient_id'], unique=True, postgresql_where=sa.text("state = 'placed' AND recipient_id IS NOT NULL"))
    op.create_index(op.f('ix_consumer_order_recipient_id'), 'consumer_order', ['recipient_id'], unique=False)
    op.create_foreign_key('consumer_order_recipient_id_fkey', 'consumer_order', 'person', ['recipient_id'], ['id'])
    op.add_column('hand_out', sa.Column('balance_ppm', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('listing', sa.Column('case_packs', sa.BigInteger(), server_default='1', nullable=False))
    op.add_column('order_cycle', sa.Column('extension_hours', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('order_cycle', sa.Column('unmet', sa.String(), server_default='zero', nullable=False))
    op.add_column('order_cycle', sa.Column('threshold_state', sa.String(), server_default='open', nullable=False))
    op.add_column('order_line', sa.Column('most_packs', sa.BigInteger(), nullable=True))
    op.add_column('order_line', sa.Column('wanted_packs', sa.BigInteger(), nullable=True))
    op.add_column('order_line', sa.Column('shortage', sa.String(), server_default='less', nullable=False))
    op.add_column('order_line', sa.Column('substitutes', sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('order_line', sa.Column('in_place_of', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_order_line_in_place_of'), 'order_line', ['in_place_of'], unique=False)
    op.create_foreign_key('order_line_in_place_of_fkey', 'order_line', 'order_line', ['in_place_of'], ['id'])
    op.add_column('person', sa.Column('named_by', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_person_named_by'), 'person', ['named_by'], unique=False)
    op.create_foreign_key('person_named_by_fkey', 'person', 'person', ['named_by'], ['id'])
    op.add_column('stock', sa.Column('unmet', sa.String(), server_default='zero', nullable=False))
    op.add_column('stock', sa.Column('threshold_state', sa.String(), server_default='open', nullable=False))
    op.execute(CYCLES_SO_FAR)
    op.execute(STOCKS_SO_FAR)
    op.execute("""CREATE OR REPLACE FUNCTION public.catch_weight_before_settlement()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF EXISTS (SELECT FROM settled_cycle WHERE cycle_id = NEW.cycle_id) THEN RAISE EXCEPTION 'the cycle of line % is settled', NEW.line_id USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.credit_note_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'credit_note is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.fair_share_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'fair_share is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
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
    op.execute("""CREATE OR REPLACE FUNCTION public.listing_stays_as_ordered()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF EXISTS (SELECT FROM stock WHERE id = OLD.stock_id AND reserved > 0) THEN RAISE EXCEPTION 'listing % stays as it was ordered', OLD.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_charge_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'order_charge is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_cycle_stays_as_promised()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'cycle % stays as it was promised', OLD.id USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_cycle_threshold_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.threshold_state IS DISTINCT FROM OLD.threshold_state AND (OLD.threshold_state\\:\\:text || ' ' || NEW.threshold_state\\:\\:text) <> ALL (ARRAY['extended met', 'extended partial', 'extended released', 'extended zero', 'met charged', 'met released', 'open met', 'open released', 'open short', 'partial charged', 'partial released', 'short extended', 'short partial', 'short zero', 'zero released']\\:\\:text[]) THEN RAISE EXCEPTION 'order_cycle.threshold_state cannot move from % to %', OLD.threshold_state, NEW.threshold_state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.pay_out_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'pay_out is never changed' USING ERRCODE = 'check_violation'; END $function$
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
    op.execute("""CREATE OR REPLACE FUNCTION public.settled_cycle_is_done()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF (SELECT stage FROM order_cycle WHERE id = NEW.cycle_id) <> 'done' THEN RAISE EXCEPTION 'cycle % is not done', NEW.cycle_id USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.settled_cycle_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'settled_cycle is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.standing_order_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['paused ended', 'paused running', 'running ended', 'running paused']\\:\\:text[]) THEN RAISE EXCEPTION 'standing_order.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.standing_turn_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'standing_turn is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.statement_line_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'statement_line is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.stock_stays_as_ordered()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'stock % stays as it was ordered', OLD.id USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.stock_threshold_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.threshold_state IS DISTINCT FROM OLD.threshold_state AND (OLD.threshold_state\\:\\:text || ' ' || NEW.threshold_state\\:\\:text) <> ALL (ARRAY['extended met', 'extended partial', 'extended released', 'extended zero', 'met charged', 'met released', 'open met', 'open released', 'open short', 'partial charged', 'partial released', 'short extended', 'short partial', 'short zero', 'zero released']\\:\\:text[]) THEN RAISE EXCEPTION 'stock.threshold_state cannot move from % to %', OLD.threshold_state, NEW.threshold_state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.transfer_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'transfer is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("ALTER TABLE consumer_order ADD CONSTRAINT consumer_order_gift_is_collected CHECK (recipient_id IS NULL OR NOT at_home)")
    op.execute("ALTER TABLE consumer_order ADD CONSTRAINT consumer_order_reason_given CHECK ((state = 'cancelled') = (reason IS NOT NULL) AND reason IN ('consumer', 'threshold', 'no-orders', 'planner', 'case-not-full', 'not-enough'))")
    op.execute("ALTER TABLE hand_out ADD CONSTRAINT hand_out_reason_listed CHECK (reason IN ('no-supply', 'grade', 'freshness', 'sold-out', 'minimum-visit', 'whole-packs', 'share-cap', 'hub-throughput', 'vehicle-capacity', 'cold-chain', 'no-hub', 'unreachable', 'too-dear', 'pin', 'too-large', 'too-heavy', 'too-bulky', 'too-costly', 'not-planned', 'not-received', 'not-whole', 'swapped'))")
    op.execute("ALTER TABLE listing ADD CONSTRAINT listing_case_holds_packs CHECK (case_packs > 0)")
    op.execute("ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN ('registration', 'known-address', 'password-reset', 'application', 'order', 'order-cancelled', 'lines-dropped', 'order-adjusted', 'standing', 'order-stands', 'cut-off-moved', 'too-few', 'question', 'question-withdrawn', 'silence', 'standby', 'harvest-failed', 'plan-degraded', 'shortage', 'nothing-served', 'invitation', 'answered-for', 'final-price', 'credited', 'payment'))")
    op.execute("ALTER TABLE order_cycle ADD CONSTRAINT order_cycle_extension_sane CHECK (extension_hours BETWEEN 0 AND 240)")
    op.execute("ALTER TABLE order_cycle ADD CONSTRAINT order_cycle_threshold_state_known CHECK (threshold_state IN ('open', 'short', 'extended', 'met', 'zero', 'partial', 'charged', 'released'))")
    op.execute("ALTER TABLE order_cycle ADD CONSTRAINT order_cycle_unmet_known CHECK (unmet IN ('zero', 'partial'))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_packs_welcome CHECK (wanted_packs > 0 AND most_packs >= packs)")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_reason_given CHECK ((state = 'cancelled' OR packs < coalesce(wanted_packs, packs)) = (reason IS NOT NULL) AND reason IN ('consumer', 'threshold', 'no-orders', 'planner', 'case-not-full', 'not-enough'))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_shortage_known CHECK (shortage IN ('less', 'swap', 'cancel'))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_swapped_for_something CHECK ((shortage = 'swap') = (cardinality(substitutes) > 0))")
    op.execute("ALTER TABLE person ADD CONSTRAINT person_named_by_somebody_has_no_sign_in CHECK (named_by IS NULL OR (email IS NULL AND erased_at IS NULL))")
    op.execute("ALTER TABLE short_line ADD CONSTRAINT short_line_reason_listed CHECK (reason IN ('no-supply', 'grade', 'freshness', 'sold-out', 'minimum-visit', 'whole-packs', 'share-cap', 'hub-throughput', 'vehicle-capacity', 'cold-chain', 'no-hub', 'unreachable', 'too-dear', 'pin', 'too-large', 'too-heavy', 'too-bulky', 'too-costly', 'not-planned', 'not-received', 'not-whole', 'swapped'))")
    op.execute("ALTER TABLE shortfall ADD CONSTRAINT shortfall_reason_listed CHECK (reason IN ('no-supply', 'grade', 'freshness', 'sold-out', 'minimum-visit', 'whole-packs', 'share-cap', 'hub-throughput', 'vehicle-capacity', 'cold-chain', 'no-hub', 'unreachable', 'too-dear', 'pin', 'too-large', 'too-heavy', 'too-bulky', 'too-costly'))")
    op.execute("ALTER TABLE stock ADD CONSTRAINT stock_threshold_state_known CHECK (threshold_state IN ('open', 'short', 'extended', 'met', 'zero', 'partial', 'charged', 'released'))")
    op.execute("ALTER TABLE stock ADD CONSTRAINT stock_unmet_known CHECK (unmet IN ('zero', 'partial'))")
    op.execute("CREATE TRIGGER catch_weight_before_settlement BEFORE INSERT OR UPDATE ON public.catch_weight FOR EACH ROW EXECUTE FUNCTION catch_weight_before_settlement()")
    op.execute("CREATE TRIGGER credit_note_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.credit_note FOR EACH STATEMENT EXECUTE FUNCTION credit_note_stays()")
    op.execute("CREATE TRIGGER fair_share_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fair_share FOR EACH STATEMENT EXECUTE FUNCTION fair_share_stays()")
    op.execute("CREATE TRIGGER ledger_account_follows_postings BEFORE UPDATE ON public.ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_follows_postings()")
    op.execute("CREATE TRIGGER ledger_account_opens_empty BEFORE INSERT ON public.ledger_account FOR EACH ROW WHEN ((new.balance_minor <> 0)) EXECUTE FUNCTION ledger_account_opens_empty()")
    op.execute("CREATE TRIGGER ledger_account_stays BEFORE DELETE OR TRUNCATE ON public.ledger_account FOR EACH STATEMENT EXECUTE FUNCTION ledger_account_stays()")
    op.execute("CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON public.ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balanced()")
    op.execute("CREATE TRIGGER ledger_entry_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_stays()")
    op.execute("CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON public.ledger_posting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balanced()")
    op.execute("CREATE TRIGGER ledger_posting_moves_balances AFTER INSERT ON public.ledger_posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_moves_balances()")
    op.execute("CREATE TRIGGER ledger_posting_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_posting FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_stays()")
    op.execute("CREATE TRIGGER listing_stays_as_ordered BEFORE UPDATE ON public.listing FOR EACH ROW WHEN (((((((old.variant_id IS DISTINCT FROM new.variant_id) OR (old.pack IS DISTINCT FROM new.pack)) OR (old.weight_g IS DISTINCT FROM new.weight_g)) OR (old.tax_ppm IS DISTINCT FROM new.tax_ppm)) OR (old.case_packs IS DISTINCT FROM new.case_packs)) OR ((new.price_steps <> old.price_steps) AND (new.price_minor_per_1000 >= old.price_minor_per_1000)))) EXECUTE FUNCTION listing_stays_as_ordered()")
    op.execute("CREATE TRIGGER order_charge_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_charge FOR EACH STATEMENT EXECUTE FUNCTION order_charge_stays()")
    op.execute("CREATE TRIGGER order_cycle_stays_as_promised BEFORE UPDATE OF threshold_minor, unmet, extension_hours ON public.order_cycle FOR EACH ROW WHEN ((((old.stage)\\:\\:text <> 'draft'\\:\\:text) AND (((old.threshold_minor IS DISTINCT FROM new.threshold_minor) OR ((old.unmet)\\:\\:text IS DISTINCT FROM (new.unmet)\\:\\:text)) OR (old.extension_hours IS DISTINCT FROM new.extension_hours)))) EXECUTE FUNCTION order_cycle_stays_as_promised()")
    op.execute("CREATE TRIGGER order_cycle_threshold_state_moves BEFORE UPDATE OF threshold_state ON public.order_cycle FOR EACH ROW EXECUTE FUNCTION order_cycle_threshold_state_moves()")
    op.execute("CREATE TRIGGER pay_out_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pay_out FOR EACH STATEMENT EXECUTE FUNCTION pay_out_stays()")
    op.execute("CREATE TRIGGER payment_state_moves BEFORE UPDATE OF state ON public.payment FOR EACH ROW EXECUTE FUNCTION payment_state_moves()")
    op.execute("CREATE TRIGGER payment_stays_what_it_is BEFORE UPDATE ON public.payment FOR EACH ROW EXECUTE FUNCTION payment_stays_what_it_is()")
    op.execute("CREATE TRIGGER payment_refund_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payment_refund FOR EACH STATEMENT EXECUTE FUNCTION payment_refund_stays()")
    op.execute("CREATE TRIGGER payment_step_state_moves BEFORE UPDATE OF state ON public.payment_step FOR EACH ROW EXECUTE FUNCTION payment_step_state_moves()")
    op.execute("CREATE TRIGGER settled_cycle_is_done BEFORE INSERT ON public.settled_cycle FOR EACH ROW EXECUTE FUNCTION settled_cycle_is_done()")
    op.execute("CREATE TRIGGER settled_cycle_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.settled_cycle FOR EACH STATEMENT EXECUTE FUNCTION settled_cycle_stays()")
    op.execute("CREATE TRIGGER standing_order_state_moves BEFORE UPDATE OF state ON public.standing_order FOR EACH ROW EXECUTE FUNCTION standing_order_state_moves()")
    op.execute("CREATE TRIGGER standing_turn_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.standing_turn FOR EACH STATEMENT EXECUTE FUNCTION standing_turn_stays()")
    op.execute("CREATE TRIGGER statement_line_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statement_line FOR EACH STATEMENT EXECUTE FUNCTION statement_line_stays()")
    op.execute("CREATE TRIGGER stock_stays_as_ordered BEFORE UPDATE OF threshold, cap, unmet ON public.stock FOR EACH ROW WHEN (((old.reserved > 0) AND ((new.threshold > old.threshold) OR ((new.cap IS DISTINCT FROM old.cap) OR ((new.unmet)\\:\\:text IS DISTINCT FROM (old.unmet)\\:\\:text))))) EXECUTE FUNCTION stock_stays_as_ordered()")
    op.execute("CREATE TRIGGER stock_threshold_state_moves BEFORE UPDATE OF threshold_state ON public.stock FOR EACH ROW EXECUTE FUNCTION stock_threshold_state_moves()")
    op.execute("CREATE TRIGGER transfer_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.transfer FOR EACH STATEMENT EXECUTE FUNCTION transfer_stays()")


def downgrade() -> None:
    op.execute("DROP TRIGGER transfer_stays ON transfer")
    op.execute("DROP TRIGGER stock_threshold_state_moves ON stock")
    op.execute("DROP TRIGGER stock_stays_as_ordered ON stock")
    op.execute("DROP TRIGGER statement_line_stays ON statement_line")
    op.execute("DROP TRIGGER standing_turn_stays ON standing_turn")
    op.execute("DROP TRIGGER standing_order_state_moves ON standing_order")
    op.execute("DROP TRIGGER settled_cycle_stays ON settled_cycle")
    op.execute("DROP TRIGGER settled_cycle_is_done ON settled_cycle")
    op.execute("DROP TRIGGER payment_step_state_moves ON payment_step")
    op.execute("DROP TRIGGER payment_refund_stays ON payment_refund")
    op.execute("DROP TRIGGER payment_stays_what_it_is ON payment")
    op.execute("DROP TRIGGER payment_state_moves ON payment")
    op.execute("DROP TRIGGER pay_out_stays ON pay_out")
    op.execute("DROP TRIGGER order_cycle_threshold_state_moves ON order_cycle")
    op.execute("DROP TRIGGER order_cycle_stays_as_promised ON order_cycle")
    op.execute("DROP TRIGGER order_charge_stays ON order_charge")
    op.execute("DROP TRIGGER listing_stays_as_ordered ON listing")
    op.execute("DROP TRIGGER ledger_posting_stays ON ledger_posting")
    op.execute("DROP TRIGGER ledger_posting_moves_balances ON ledger_posting")
    op.execute("DROP TRIGGER ledger_posting_balanced ON ledger_posting")
    op.execute("DROP TRIGGER ledger_entry_stays ON ledger_entry")
    op.execute("DROP TRIGGER ledger_entry_balanced ON ledger_entry")
    op.execute("DROP TRIGGER ledger_account_stays ON ledger_account")
    op.execute("DROP TRIGGER ledger_account_opens_empty ON ledger_account")
    op.execute("DROP TRIGGER ledger_account_follows_postings ON ledger_account")
    op.execute("DROP TRIGGER fair_share_stays ON fair_share")
    op.execute("DROP TRIGGER credit_note_stays ON credit_note")
    op.execute("DROP TRIGGER catch_weight_before_settlement ON catch_weight")
    op.execute("ALTER TABLE stock DROP CONSTRAINT stock_unmet_known")
    op.execute("ALTER TABLE stock DROP CONSTRAINT stock_threshold_state_known")
    op.execute("ALTER TABLE shortfall DROP CONSTRAINT shortfall_reason_listed")
    op.execute("ALTER TABLE short_line DROP CONSTRAINT short_line_reason_listed")
    op.execute("ALTER TABLE person DROP CONSTRAINT person_named_by_somebody_has_no_sign_in")
    op.execute("ALTER TABLE order_line DROP CONSTRAINT order_line_swapped_for_something")
    op.execute("ALTER TABLE order_line DROP CONSTRAINT order_line_shortage_known")
    op.execute("ALTER TABLE order_line DROP CONSTRAINT order_line_reason_given")
    op.execute("ALTER TABLE order_line DROP CONSTRAINT order_line_packs_welcome")
    op.execute("ALTER TABLE order_cycle DROP CONSTRAINT order_cycle_unmet_known")
    op.execute("ALTER TABLE order_cycle DROP CONSTRAINT order_cycle_threshold_state_known")
    op.execute("ALTER TABLE order_cycle DROP CONSTRAINT order_cycle_extension_sane")
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute("ALTER TABLE listing DROP CONSTRAINT listing_case_holds_packs")
    op.execute("ALTER TABLE hand_out DROP CONSTRAINT hand_out_reason_listed")
    op.execute("ALTER TABLE consumer_order DROP CONSTRAINT consumer_order_reason_given")
    op.execute("ALTER TABLE consumer_order DROP CONSTRAINT consumer_order_gift_is_collected")
    op.execute("DROP FUNCTION transfer_stays()")
    op.execute("DROP FUNCTION stock_threshold_state_moves()")
    op.execute("DROP FUNCTION stock_stays_as_ordered()")
    op.execute("DROP FUNCTION statement_line_stays()")
    op.execute("DROP FUNCTION standing_turn_stays()")
    op.execute("DROP FUNCTION standing_order_state_moves()")
    op.execute("DROP FUNCTION settled_cycle_stays()")
    op.execute("DROP FUNCTION settled_cycle_is_done()")
    op.execute("DROP FUNCTION payment_step_state_moves()")
    op.execute("DROP FUNCTION payment_refund_stays()")
    op.execute("DROP FUNCTION payment_stays_what_it_is()")
    op.execute("DROP FUNCTION payment_state_moves()")
    op.execute("DROP FUNCTION pay_out_stays()")
    op.execute("DROP FUNCTION order_cycle_threshold_state_moves()")
    op.execute("DROP FUNCTION order_cycle_stays_as_promised()")
    op.execute("DROP FUNCTION order_charge_stays()")
    op.execute("DROP FUNCTION listing_stays_as_ordered()")
    op.execute("DROP FUNCTION ledger_posting_stays()")
    op.execute("DROP FUNCTION ledger_posting_moves_balances()")
    op.execute("DROP FUNCTION ledger_entry_stays()")
    op.execute("DROP FUNCTION ledger_entry_balanced()")
    op.execute("DROP FUNCTION ledger_account_stays()")
    op.execute("DROP FUNCTION ledger_account_opens_empty()")
    op.execute("DROP FUNCTION ledger_account_follows_postings()")
    op.execute("DROP FUNCTION fair_share_stays()")
    op.execute("DROP FUNCTION credit_note_stays()")
    op.execute("DROP FUNCTION catch_weight_before_settlement()")
    op.drop_column('stock', 'threshold_state')
    op.drop_column('stock', 'unmet')
    op.drop_constraint('person_named_by_fkey', 'person', type_='foreignkey')
    op.drop_index(op.f('ix_person_named_by'), table_name='person')
    op.drop_column('person', 'named_by')
    op.drop_constraint('order_line_in_place_of_fkey', 'order_line', type_='foreignkey')
    op.drop_index(op.f('ix_order_line_in_place_of'), table_name='order_line')
    op.drop_column('order_line', 'in_place_of')
    op.drop_column('order_line', 'substitutes')
    op.drop_column('order_line', 'shortage')
    op.drop_column('order_line', 'wanted_packs')
    op.drop_column('order_line', 'most_packs')
    op.drop_column('order_cycle', 'threshold_state')
    op.drop_column('order_cycle', 'unmet')
    op.drop_column('order_cycle', 'extension_hours')
    op.drop_column('listing', 'case_packs')
    op.drop_column('hand_out', 'balance_ppm')
    op.drop_index("consumer_order_once_a_cycle", table_name="consumer_order")
    op.create_index(
        "consumer_order_once_a_cycle",
        "consumer_order",
        ["cycle_id", "consumer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'placed'"),
    )
    op.drop_constraint('consumer_order_recipient_id_fkey', 'consumer_order', type_='foreignkey')
    op.drop_index(op.f('ix_consumer_order_recipient_id'), table_name='consumer_order')
    op.drop_index('consumer_order_once_a_recipient', table_name='consumer_order', postgresql_where=sa.text("state = 'placed' AND recipient_id IS NOT NULL"))
    op.drop_column('consumer_order', 'recipient_id')
    op.drop_index('statement_line_of_owner', table_name='statement_line')
    op.drop_index('statement_line_of_line', table_name='statement_line')
    op.drop_index('statement_line_of_cycle', table_name='statement_line')
    op.drop_index(op.f('ix_statement_line_order_id'), table_name='statement_line')
    op.drop_index(op.f('ix_statement_line_entry_id'), table_name='statement_line')
    op.drop_index(op.f('ix_statement_line_credit_note_id'), table_name='statement_line')
    op.drop_table('statement_line')
    op.drop_index(op.f('ix_credit_note_order_id'), table_name='credit_note')
    op.drop_index(op.f('ix_credit_note_line_id'), table_name='credit_note')
    op.drop_table('credit_note')
    op.drop_index(op.f('ix_catch_weight_cycle_id'), table_name='catch_weight')
    op.drop_table('catch_weight')
    op.drop_index(op.f('ix_standing_turn_order_id'), table_name='standing_turn')
    op.drop_index(op.f('ix_standing_turn_cycle_id'), table_name='standing_turn')
    op.drop_table('standing_turn')
    op.drop_index(op.f('ix_order_charge_cycle_id'), table_name='order_charge')
    op.drop_index(op.f('ix_order_charge_consumer_id'), table_name='order_charge')
    op.drop_table('order_charge')
    op.drop_index(op.f('ix_transfer_organisation_id'), table_name='transfer')
    op.drop_table('transfer')
    op.drop_table('settled_cycle')
    op.drop_index(op.f('ix_fair_share_region_id'), table_name='fair_share')
    op.drop_index(op.f('ix_fair_share_farm_id'), table_name='fair_share')
    op.drop_index(op.f('ix_fair_share_consumer_id'), table_name='fair_share')
    op.drop_table('fair_share')
    op.drop_index('standing_order_going_on', table_name='standing_order', postgresql_where=sa.text("state <> 'ended'"))
    op.drop_index(op.f('ix_standing_order_point_id'), table_name='standing_order')
    op.drop_index(op.f('ix_standing_order_hub_id'), table_name='standing_order')
    op.drop_index(op.f('ix_standing_order_consumer_id'), table_name='standing_order')
    op.drop_table('standing_order')
    op.drop_index(op.f('ix_pay_out_hub_id'), table_name='pay_out')
    op.drop_table('pay_out')
    op.drop_index('payment_step_one_look', table_name='payment_step', postgresql_where=sa.text("kind = 'look' AND state = 'waiting'"))
    op.drop_index('payment_step_once', table_name='payment_step', postgresql_where=sa.text("kind IN ('open', 'capture', 'cancel')"))
    op.drop_index('payment_step_due', table_name='payment_step', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table('payment_step')
    op.drop_index(op.f('ix_payment_refund_payment_id'), table_name='payment_refund')
    op.drop_table('payment_refund')
    op.drop_index('ledger_posting_of_account', table_name='ledger_posting')
    op.drop_table('ledger_posting')
    op.drop_table('bank_details')
    op.drop_index('payment_once', table_name='payment', postgresql_where=sa.text("state <> 'failed'"))
    op.drop_index('payment_about', table_name='payment')
    op.drop_table('payment')
    op.drop_index('ledger_entry_about', table_name='ledger_entry')
    op.drop_index(op.f('ix_ledger_entry_reverses'), table_name='ledger_entry')
    op.drop_table('ledger_entry')
    op.drop_index('ledger_account_of_owner', table_name='ledger_account')
    op.drop_table('ledger_account')
    op.execute("ALTER TABLE consumer_order ADD CONSTRAINT consumer_order_reason_given CHECK (((((state)\\:\\:text = 'cancelled'\\:\\:text) = (reason IS NOT NULL)) AND ((reason)\\:\\:text = ANY ((ARRAY['consumer'\\:\\:character varying, 'threshold'\\:\\:character varying, 'no-orders'\\:\\:character varying, 'planner'\\:\\:character varying])\\:\\:text[]))))")
    op.execute("ALTER TABLE hand_out ADD CONSTRAINT hand_out_reason_said CHECK (((btrim((reason)\\:\\:text) <> ''\\:\\:text) AND ((reason)\\:\\:text <> ALL ((ARRAY['not-collected'\\:\\:character varying, 'spoiled'\\:\\:character varying])\\:\\:text[]))))")
    op.execute("ALTER TABLE message ADD CONSTRAINT message_kind CHECK (((kind)\\:\\:text = ANY ((ARRAY['registration'\\:\\:character varying, 'known-address'\\:\\:character varying, 'password-reset'\\:\\:character varying, 'application'\\:\\:character varying, 'order'\\:\\:character varying, 'order-cancelled'\\:\\:character varying, 'lines-dropped'\\:\\:character varying, 'question'\\:\\:character varying, 'question-withdrawn'\\:\\:character varying, 'silence'\\:\\:character varying, 'standby'\\:\\:character varying, 'harvest-failed'\\:\\:character varying, 'plan-degraded'\\:\\:character varying, 'shortage'\\:\\:character varying, 'nothing-served'\\:\\:character varying, 'invitation'\\:\\:character varying, 'answered-for'\\:\\:character varying])\\:\\:text[])))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_reason_given CHECK (((((state)\\:\\:text = 'cancelled'\\:\\:text) = (reason IS NOT NULL)) AND ((reason)\\:\\:text = ANY ((ARRAY['consumer'\\:\\:character varying, 'threshold'\\:\\:character varying, 'no-orders'\\:\\:character varying, 'planner'\\:\\:character varying])\\:\\:text[]))))")
    op.execute("ALTER TABLE short_line ADD CONSTRAINT short_line_reason_said CHECK ((btrim((reason)\\:\\:text) <> ''\\:\\:text))")
