"""Holds lapse at their provider, refunds come back after they were done, and books that differ are told of."""

import sqlalchemy as sa
from alembic import op

revision = "0033_holds_lapse"
down_revision = "0032_cuts_reckoned_again"


def upgrade() -> None:
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.create_index('payment_step_given_back', 'payment_step', ['ended_at'], unique=False, postgresql_where=sa.text("kind = 'refund' AND state = 'done'"))
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['authorising due', 'authorising failed', 'authorising held', 'authorising released', 'captured due', 'captured released', 'collected due', 'due captured', 'due collected', 'due released', 'held captured', 'held due', 'held failed', 'held released', 'promised due', 'promised failed', 'promised released']\\:\\:text[]) THEN RAISE EXCEPTION 'payment.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_step_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['done refused', 'waiting done', 'waiting refused']\\:\\:text[]) THEN RAISE EXCEPTION 'payment_step.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN ('registration', 'known-address', 'password-reset', 'application', 'order', 'order-cancelled', 'lines-dropped', 'order-adjusted', 'standing', 'order-stands', 'cut-off-moved', 'too-few', 'question', 'question-withdrawn', 'silence', 'standby', 'harvest-failed', 'plan-degraded', 'shortage', 'nothing-served', 'invitation', 'answered-for', 'final-price', 'credited', 'payment', 'bank-details', 'refund-credited', 'books-differ'))")


def downgrade() -> None:
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute("DELETE FROM message WHERE kind = 'books-differ'")  # a word that the earlier schema does not have
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['authorising due', 'authorising failed', 'authorising held', 'authorising released', 'captured due', 'captured released', 'collected due', 'due captured', 'due collected', 'due released', 'held captured', 'held due', 'held released', 'promised due', 'promised failed', 'promised released']\\:\\:text[]) THEN RAISE EXCEPTION 'payment.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.payment_step_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['waiting done', 'waiting refused']\\:\\:text[]) THEN RAISE EXCEPTION 'payment_step.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.drop_index('payment_step_given_back', table_name='payment_step', postgresql_where=sa.text("kind = 'refund' AND state = 'done'"))
    op.execute("ALTER TABLE message ADD CONSTRAINT message_kind CHECK (((kind)\\:\\:text = ANY ((ARRAY['registration'\\:\\:character varying, 'known-address'\\:\\:character varying, 'password-reset'\\:\\:character varying, 'application'\\:\\:character varying, 'order'\\:\\:character varying, 'order-cancelled'\\:\\:character varying, 'lines-dropped'\\:\\:character varying, 'order-adjusted'\\:\\:character varying, 'standing'\\:\\:character varying, 'order-stands'\\:\\:character varying, 'cut-off-moved'\\:\\:character varying, 'too-few'\\:\\:character varying, 'question'\\:\\:character varying, 'question-withdrawn'\\:\\:character varying, 'silence'\\:\\:character varying, 'standby'\\:\\:character varying, 'harvest-failed'\\:\\:character varying, 'plan-degraded'\\:\\:character varying, 'shortage'\\:\\:character varying, 'nothing-served'\\:\\:character varying, 'invitation'\\:\\:character varying, 'answered-for'\\:\\:character varying, 'final-price'\\:\\:character varying, 'credited'\\:\\:character varying, 'payment'\\:\\:character varying, 'bank-details'\\:\\:character varying, 'refund-credited'\\:\\:character varying])\\:\\:text[])))")
