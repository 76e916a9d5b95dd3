"""Thresholds, cases, what a shortage does to a line, standing orders and gifts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031_promises"
down_revision = "0030_settlement_and_fair_shares"
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


def upgrade() -> None:
    op.execute("ALTER TABLE short_line DROP CONSTRAINT short_line_reason_said")
    op.execute("ALTER TABLE order_line DROP CONSTRAINT order_line_reason_given")
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute("ALTER TABLE hand_out DROP CONSTRAINT hand_out_reason_said")
    op.execute("ALTER TABLE consumer_order DROP CONSTRAINT consumer_order_reason_given")
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
    op.add_column('order_cycle', sa.Column('cut_seed', sa.String(), nullable=True))
    op.add_column('order_cycle', sa.Column('threshold_state', sa.String(), server_default='open', nullable=False))
    op.add_column('order_line', sa.Column('most_packs', sa.BigInteger(), nullable=True))
    op.add_column('order_line', sa.Column('wanted_packs', sa.BigInteger(), nullable=True))
    op.add_column('order_line', sa.Column('shortage', sa.String(), server_default='less', nullable=False))
    op.add_column('order_line', sa.Column('substitutes', sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('order_line', sa.Column('in_place_of', sa.Uuid(), nullable=True))
    op.add_column('order_line', sa.Column('price_before_minor_per_1000', sa.BigInteger(), nullable=True))
    op.add_column('order_line', sa.Column('swapped_from', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_order_line_swapped_from'), 'order_line', ['swapped_from'], unique=False)
    op.create_foreign_key('order_line_swapped_from_fkey', 'order_line', 'order_line', ['swapped_from'], ['id'])
    op.create_index(op.f('ix_order_line_in_place_of'), 'order_line', ['in_place_of'], unique=False)
    op.create_foreign_key('order_line_in_place_of_fkey', 'order_line', 'order_line', ['in_place_of'], ['id'])
    op.add_column('person', sa.Column('named_by', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_person_named_by'), 'person', ['named_by'], unique=False)
    op.create_foreign_key('person_named_by_fkey', 'person', 'person', ['named_by'], ['id'])
    op.add_column('stock', sa.Column('unmet', sa.String(), server_default='zero', nullable=False))
    op.add_column('stock', sa.Column('threshold_state', sa.String(), server_default='open', nullable=False))
    op.execute(CYCLES_SO_FAR)
    op.execute(STOCKS_SO_FAR)
    op.execute("""CREATE OR REPLACE FUNCTION public.listing_stays_as_ordered()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF EXISTS (SELECT FROM stock WHERE id = OLD.stock_id AND reserved > 0) THEN RAISE EXCEPTION 'listing % stays as it was ordered', OLD.id USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
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
    op.execute("ALTER TABLE consumer_order ADD CONSTRAINT consumer_order_gift_is_collected CHECK (recipient_id IS NULL OR NOT at_home)")
    op.execute("ALTER TABLE consumer_order ADD CONSTRAINT consumer_order_reason_given CHECK ((state = 'cancelled') = (reason IS NOT NULL) AND reason IN ('consumer', 'planner', 'threshold', 'case-not-full', 'not-enough'))")
    op.execute("ALTER TABLE hand_out ADD CONSTRAINT hand_out_reason_listed CHECK (reason IN ('no-supply', 'grade', 'freshness', 'sold-out', 'minimum-visit', 'whole-packs', 'share-cap', 'hub-throughput', 'vehicle-capacity', 'cold-chain', 'no-hub', 'unreachable', 'too-dear', 'pin', 'too-large', 'too-heavy', 'too-bulky', 'too-costly', 'not-planned', 'not-received', 'not-whole', 'swapped'))")
    op.execute("ALTER TABLE listing ADD CONSTRAINT listing_case_holds_packs CHECK (case_packs > 0)")
    op.execute("ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN ('registration', 'known-address', 'password-reset', 'application', 'order', 'order-cancelled', 'lines-dropped', 'order-adjusted', 'standing', 'order-stands', 'cut-off-moved', 'too-few', 'question', 'question-withdrawn', 'silence', 'standby', 'harvest-failed', 'plan-degraded', 'shortage', 'nothing-served', 'invitation', 'answered-for', 'final-price', 'credited', 'payment', 'bank-details', 'refund-credited'))")
    op.execute("ALTER TABLE order_cycle ADD CONSTRAINT order_cycle_extension_sane CHECK (extension_hours BETWEEN 0 AND 240)")
    op.execute("ALTER TABLE order_cycle ADD CONSTRAINT order_cycle_threshold_state_known CHECK (threshold_state IN ('open', 'short', 'extended', 'met', 'zero', 'partial', 'charged', 'released'))")
    op.execute("ALTER TABLE order_cycle ADD CONSTRAINT order_cycle_unmet_known CHECK (unmet IN ('zero', 'partial'))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_price_fell CHECK (price_before_minor_per_1000 > price_minor_per_1000)")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_packs_welcome CHECK (wanted_packs > 0 AND most_packs >= packs)")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_reason_given CHECK ((state = 'cancelled' OR packs < coalesce(wanted_packs, packs)) = (reason IS NOT NULL) AND reason IN ('consumer', 'planner', 'threshold', 'case-not-full', 'not-enough'))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_shortage_known CHECK (shortage IN ('less', 'swap', 'cancel'))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_swapped_for_something CHECK ((shortage = 'swap') = (cardinality(substitutes) > 0))")
    op.execute("ALTER TABLE person ADD CONSTRAINT person_named_by_somebody_has_no_sign_in CHECK (named_by IS NULL OR (email IS NULL AND erased_at IS NULL))")
    op.execute("ALTER TABLE short_line ADD CONSTRAINT short_line_reason_listed CHECK (reason IN ('no-supply', 'grade', 'freshness', 'sold-out', 'minimum-visit', 'whole-packs', 'share-cap', 'hub-throughput', 'vehicle-capacity', 'cold-chain', 'no-hub', 'unreachable', 'too-dear', 'pin', 'too-large', 'too-heavy', 'too-bulky', 'too-costly', 'not-planned', 'not-received', 'not-whole', 'swapped'))")
    op.execute("ALTER TABLE shortfall ADD CONSTRAINT shortfall_reason_listed CHECK (reason IN ('no-supply', 'grade', 'freshness', 'sold-out', 'minimum-visit', 'whole-packs', 'share-cap', 'hub-throughput', 'vehicle-capacity', 'cold-chain', 'no-hub', 'unreachable', 'too-dear', 'pin', 'too-large', 'too-heavy', 'too-bulky', 'too-costly'))")
    op.execute("ALTER TABLE stock ADD CONSTRAINT stock_threshold_state_known CHECK (threshold_state IN ('open', 'short', 'extended', 'met', 'zero', 'partial', 'charged', 'released'))")
    op.execute("ALTER TABLE stock ADD CONSTRAINT stock_unmet_known CHECK (unmet IN ('zero', 'partial'))")
    op.execute("CREATE TRIGGER listing_stays_as_ordered BEFORE UPDATE ON public.listing FOR EACH ROW WHEN (((((((old.variant_id IS DISTINCT FROM new.variant_id) OR (old.pack IS DISTINCT FROM new.pack)) OR (old.weight_g IS DISTINCT FROM new.weight_g)) OR (old.tax_ppm IS DISTINCT FROM new.tax_ppm)) OR (old.case_packs IS DISTINCT FROM new.case_packs)) OR ((new.price_steps <> old.price_steps) AND (new.price_minor_per_1000 >= old.price_minor_per_1000)))) EXECUTE FUNCTION listing_stays_as_ordered()")
    op.execute("CREATE TRIGGER order_cycle_stays_as_promised BEFORE UPDATE OF threshold_minor, unmet, extension_hours ON public.order_cycle FOR EACH ROW WHEN ((((old.stage)\\:\\:text <> 'draft'\\:\\:text) AND (((old.threshold_minor IS DISTINCT FROM new.threshold_minor) OR ((old.unmet)\\:\\:text IS DISTINCT FROM (new.unmet)\\:\\:text)) OR (old.extension_hours IS DISTINCT FROM new.extension_hours)))) EXECUTE FUNCTION order_cycle_stays_as_promised()")
    op.execute("CREATE TRIGGER order_cycle_threshold_state_moves BEFORE UPDATE OF threshold_state ON public.order_cycle FOR EACH ROW EXECUTE FUNCTION order_cycle_threshold_state_moves()")
    op.execute("CREATE TRIGGER standing_order_state_moves BEFORE UPDATE OF state ON public.standing_order FOR EACH ROW EXECUTE FUNCTION standing_order_state_moves()")
    op.execute("CREATE TRIGGER standing_turn_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.standing_turn FOR EACH STATEMENT EXECUTE FUNCTION standing_turn_stays()")
    op.execute("CREATE TRIGGER stock_stays_as_ordered BEFORE UPDATE OF threshold, cap, unmet ON public.stock FOR EACH ROW WHEN (((old.reserved > 0) AND ((new.threshold > old.threshold) OR ((new.cap IS DISTINCT FROM old.cap) OR ((new.unmet)\\:\\:text IS DISTINCT FROM (old.unmet)\\:\\:text))))) EXECUTE FUNCTION stock_stays_as_ordered()")
    op.execute("CREATE TRIGGER stock_threshold_state_moves BEFORE UPDATE OF threshold_state ON public.stock FOR EACH ROW EXECUTE FUNCTION stock_threshold_state_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER stock_threshold_state_moves ON stock")
    op.execute("DROP TRIGGER stock_stays_as_ordered ON stock")
    op.execute("DROP TRIGGER standing_turn_stays ON standing_turn")
    op.execute("DROP TRIGGER standing_order_state_moves ON standing_order")
    op.execute("DROP TRIGGER order_cycle_threshold_state_moves ON order_cycle")
    op.execute("DROP TRIGGER order_cycle_stays_as_promised ON order_cycle")
    op.execute("DROP TRIGGER listing_stays_as_ordered ON listing")
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
    op.execute("DROP FUNCTION stock_threshold_state_moves()")
    op.execute("DROP FUNCTION stock_stays_as_ordered()")
    op.execute("DROP FUNCTION standing_turn_stays()")
    op.execute("DROP FUNCTION standing_order_state_moves()")
    op.execute("DROP FUNCTION order_cycle_threshold_state_moves()")
    op.execute("DROP FUNCTION order_cycle_stays_as_promised()")
    op.execute("DROP FUNCTION listing_stays_as_ordered()")
    op.drop_column('stock', 'threshold_state')
    op.drop_column('stock', 'unmet')
    op.drop_constraint('person_named_by_fkey', 'person', type_='foreignkey')
    op.drop_index(op.f('ix_person_named_by'), table_name='person')
    op.drop_column('person', 'named_by')
    op.drop_constraint('order_line_in_place_of_fkey', 'order_line', type_='foreignkey')
    op.drop_index(op.f('ix_order_line_in_place_of'), table_name='order_line')
    op.drop_constraint('order_line_swapped_from_fkey', 'order_line', type_='foreignkey')
    op.drop_index(op.f('ix_order_line_swapped_from'), table_name='order_line')
    op.drop_column('order_line', 'swapped_from')
    op.drop_column('order_line', 'price_before_minor_per_1000')
    op.drop_column('order_line', 'in_place_of')
    op.drop_column('order_line', 'substitutes')
    op.drop_column('order_line', 'shortage')
    op.drop_column('order_line', 'wanted_packs')
    op.drop_column('order_line', 'most_packs')
    op.drop_column('order_cycle', 'threshold_state')
    op.drop_column('order_cycle', 'cut_seed')
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
    op.drop_index(op.f('ix_standing_turn_order_id'), table_name='standing_turn')
    op.drop_index(op.f('ix_standing_turn_cycle_id'), table_name='standing_turn')
    op.drop_table('standing_turn')
    op.drop_index('standing_order_going_on', table_name='standing_order', postgresql_where=sa.text("state <> 'ended'"))
    op.drop_index(op.f('ix_standing_order_point_id'), table_name='standing_order')
    op.drop_index(op.f('ix_standing_order_hub_id'), table_name='standing_order')
    op.drop_index(op.f('ix_standing_order_consumer_id'), table_name='standing_order')
    op.drop_table('standing_order')
    op.execute("ALTER TABLE consumer_order ADD CONSTRAINT consumer_order_reason_given CHECK (((((state)\\:\\:text = 'cancelled'\\:\\:text) = (reason IS NOT NULL)) AND ((reason)\\:\\:text = ANY ((ARRAY['consumer'\\:\\:character varying, 'threshold'\\:\\:character varying, 'no-orders'\\:\\:character varying, 'planner'\\:\\:character varying])\\:\\:text[]))))")
    op.execute("ALTER TABLE hand_out ADD CONSTRAINT hand_out_reason_said CHECK (((btrim((reason)\\:\\:text) <> ''\\:\\:text) AND ((reason)\\:\\:text <> ALL ((ARRAY['not-collected'\\:\\:character varying, 'spoiled'\\:\\:character varying])\\:\\:text[]))))")
    op.execute("ALTER TABLE message ADD CONSTRAINT message_kind CHECK (((kind)\\:\\:text = ANY ((ARRAY['registration'\\:\\:character varying, 'known-address'\\:\\:character varying, 'password-reset'\\:\\:character varying, 'application'\\:\\:character varying, 'order'\\:\\:character varying, 'order-cancelled'\\:\\:character varying, 'lines-dropped'\\:\\:character varying, 'question'\\:\\:character varying, 'question-withdrawn'\\:\\:character varying, 'silence'\\:\\:character varying, 'standby'\\:\\:character varying, 'harvest-failed'\\:\\:character varying, 'plan-degraded'\\:\\:character varying, 'shortage'\\:\\:character varying, 'nothing-served'\\:\\:character varying, 'invitation'\\:\\:character varying, 'answered-for'\\:\\:character varying])\\:\\:text[])))")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_reason_given CHECK (((((state)\\:\\:text = 'cancelled'\\:\\:text) = (reason IS NOT NULL)) AND ((reason)\\:\\:text = ANY ((ARRAY['consumer'\\:\\:character varying, 'threshold'\\:\\:character varying, 'no-orders'\\:\\:character varying, 'planner'\\:\\:character varying])\\:\\:text[]))))")
    op.execute("ALTER TABLE short_line ADD CONSTRAINT short_line_reason_said CHECK ((btrim((reason)\\:\\:text) <> ''\\:\\:text))")
