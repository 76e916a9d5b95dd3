"""What a cycle that is done comes to, and who was favoured."""

import sqlalchemy as sa
from alembic import op

revision = "0030_settlement_and_fair_shares"
down_revision = "0029_ledger_and_payments"


def upgrade() -> None:
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
    op.execute("""CREATE OR REPLACE FUNCTION public.order_charge_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'order_charge is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.pay_out_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'pay_out is never changed' USING ERRCODE = 'check_violation'; END $function$
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
    op.execute("""CREATE OR REPLACE FUNCTION public.statement_line_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'statement_line is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.transfer_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'transfer is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("CREATE TRIGGER catch_weight_before_settlement BEFORE INSERT OR UPDATE ON public.catch_weight FOR EACH ROW EXECUTE FUNCTION catch_weight_before_settlement()")
    op.execute("CREATE TRIGGER credit_note_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.credit_note FOR EACH STATEMENT EXECUTE FUNCTION credit_note_stays()")
    op.execute("CREATE TRIGGER fair_share_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fair_share FOR EACH STATEMENT EXECUTE FUNCTION fair_share_stays()")
    op.execute("CREATE TRIGGER order_charge_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.order_charge FOR EACH STATEMENT EXECUTE FUNCTION order_charge_stays()")
    op.execute("CREATE TRIGGER pay_out_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pay_out FOR EACH STATEMENT EXECUTE FUNCTION pay_out_stays()")
    op.execute("CREATE TRIGGER settled_cycle_is_done BEFORE INSERT ON public.settled_cycle FOR EACH ROW EXECUTE FUNCTION settled_cycle_is_done()")
    op.execute("CREATE TRIGGER settled_cycle_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.settled_cycle FOR EACH STATEMENT EXECUTE FUNCTION settled_cycle_stays()")
    op.execute("CREATE TRIGGER statement_line_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statement_line FOR EACH STATEMENT EXECUTE FUNCTION statement_line_stays()")
    op.execute("CREATE TRIGGER transfer_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.transfer FOR EACH STATEMENT EXECUTE FUNCTION transfer_stays()")


def downgrade() -> None:
    op.execute("DROP TRIGGER transfer_stays ON transfer")
    op.execute("DROP TRIGGER statement_line_stays ON statement_line")
    op.execute("DROP TRIGGER settled_cycle_stays ON settled_cycle")
    op.execute("DROP TRIGGER settled_cycle_is_done ON settled_cycle")
    op.execute("DROP TRIGGER pay_out_stays ON pay_out")
    op.execute("DROP TRIGGER order_charge_stays ON order_charge")
    op.execute("DROP TRIGGER fair_share_stays ON fair_share")
    op.execute("DROP TRIGGER credit_note_stays ON credit_note")
    op.execute("DROP TRIGGER catch_weight_before_settlement ON catch_weight")
    op.execute("DROP FUNCTION transfer_stays()")
    op.execute("DROP FUNCTION statement_line_stays()")
    op.execute("DROP FUNCTION settled_cycle_stays()")
    op.execute("DROP FUNCTION settled_cycle_is_done()")
    op.execute("DROP FUNCTION pay_out_stays()")
    op.execute("DROP FUNCTION order_charge_stays()")
    op.execute("DROP FUNCTION fair_share_stays()")
    op.execute("DROP FUNCTION credit_note_stays()")
    op.execute("DROP FUNCTION catch_weight_before_settlement()")
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
    op.drop_index(op.f('ix_pay_out_hub_id'), table_name='pay_out')
    op.drop_table('pay_out')
    op.drop_table('bank_details')
