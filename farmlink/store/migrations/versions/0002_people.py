"""People."""

import sqlalchemy as sa
from alembic import op

revision = "0002_people"
down_revision = "0001_store"


def upgrade() -> None:
    op.create_table('link_binding',
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('device_hash', sa.LargeBinary(), nullable=False),
    sa.Column('bound_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('octet_length(device_hash) = 32', name='link_binding_device_hashed'),
    sa.PrimaryKeyConstraint('link_id')
    )
    op.create_index(op.f('ix_link_binding_expires_at'), 'link_binding', ['expires_at'], unique=False)
    op.create_table('organisation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('founded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('platform', 'farm', 'point', 'hub')", name='organisation_kind'),
    sa.CheckConstraint('char_length(name) BETWEEN 1 AND 200', name='organisation_name_given'),
    sa.CheckConstraint('revision >= 1', name='organisation_revision_counted'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('organisation_one_platform', 'organisation', ['kind'], unique=True, postgresql_where=sa.text("kind = 'platform'"))
    op.create_table('person',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("erased_at IS NULL OR (name = '' AND email IS NULL AND phone IS NULL AND password_hash IS NULL)", name='person_erased_empty'),
    sa.CheckConstraint('char_length(name) <= 200', name='person_name_short'),
    sa.CheckConstraint('email = lower(email)', name='person_email_lower'),
    sa.CheckConstraint('password_hash IS NULL OR email IS NOT NULL', name='person_password_needs_email'),
    sa.CheckConstraint('revision >= 1', name='person_revision_counted'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email')
    )
    op.create_table('registration',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('email = lower(email)', name='registration_email_lower'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_registration_email'), 'registration', ['email'], unique=False)
    op.create_index(op.f('ix_registration_expires_at'), 'registration', ['expires_at'], unique=False)
    op.create_table('sign_in_failure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email_hash', sa.LargeBinary(), nullable=False),
    sa.Column('network', sa.String(), nullable=False),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_sign_in_failure_failed_at'), 'sign_in_failure', ['failed_at'], unique=False)
    op.create_index('sign_in_failure_recent', 'sign_in_failure', ['email_hash', 'failed_at'], unique=False)
    op.create_table('signing_key',
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('octet_length(secret) = 32', name='signing_key_long'),
    sa.PrimaryKeyConstraint('purpose')
    )
    op.create_table('application',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('organisation_name', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(stage = 'approved') = (organisation_id IS NOT NULL)", name='application_approved_founds'),
    sa.CheckConstraint("(stage = 'asked') = (decided_at IS NULL)", name='application_decided_once'),
    sa.CheckConstraint("role IN ('farmer', 'leader')", name='application_role'),
    sa.CheckConstraint("stage IN ('asked', 'approved', 'declined')", name='application_stage'),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], ),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('application_one_open', 'application', ['person_id', 'role'], unique=True, postgresql_where=sa.text("stage = 'asked'"))
    op.create_index(op.f('ix_application_decided_by'), 'application', ['decided_by'], unique=False)
    op.create_index(op.f('ix_application_organisation_id'), 'application', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_application_person_id'), 'application', ['person_id'], unique=False)
    op.create_table('membership',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("role IN ('consumer', 'farmer', 'leader', 'dock', 'driver', 'planner', 'admin')", name='membership_role'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('person_id', 'role', 'organisation_id', name='membership_once')
    )
    op.create_index(op.f('ix_membership_organisation_id'), 'membership', ['organisation_id'], unique=False)
    op.create_table('password_reset',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_password_reset_person_id'), 'password_reset', ['person_id'], unique=False)
    op.create_table('sign_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("carrier IN ('cookie', 'bearer')", name='sign_in_carrier'),
    sa.CheckConstraint('expires_at > signed_in_at', name='sign_in_lasts'),
    sa.CheckConstraint('octet_length(token_hash) = 32', name='sign_in_token_hashed'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index(op.f('ix_sign_in_person_id'), 'sign_in', ['person_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.application_stage_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.stage IS DISTINCT FROM OLD.stage AND (OLD.stage\\:\\:text || ' ' || NEW.stage\\:\\:text) <> ALL (ARRAY['asked approved', 'asked declined']\\:\\:text[]) THEN RAISE EXCEPTION 'application.stage cannot move from % to %', OLD.stage, NEW.stage USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("CREATE TRIGGER application_stage_moves BEFORE UPDATE OF stage ON public.application FOR EACH ROW EXECUTE FUNCTION application_stage_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER application_stage_moves ON application")
    op.execute("DROP FUNCTION application_stage_moves()")
    op.drop_index(op.f('ix_sign_in_person_id'), table_name='sign_in')
    op.drop_table('sign_in')
    op.drop_index(op.f('ix_password_reset_person_id'), table_name='password_reset')
    op.drop_table('password_reset')
    op.drop_index(op.f('ix_membership_organisation_id'), table_name='membership')
    op.drop_table('membership')
    op.drop_index(op.f('ix_application_person_id'), table_name='application')
    op.drop_index(op.f('ix_application_organisation_id'), table_name='application')
    op.drop_index(op.f('ix_application_decided_by'), table_name='application')
    op.drop_index('application_one_open', table_name='application', postgresql_where=sa.text("stage = 'asked'"))
    op.drop_table('application')
    op.drop_table('signing_key')
    op.drop_index('sign_in_failure_recent', table_name='sign_in_failure')
    op.drop_index(op.f('ix_sign_in_failure_failed_at'), table_name='sign_in_failure')
    op.drop_table('sign_in_failure')
    op.drop_index(op.f('ix_registration_expires_at'), table_name='registration')
    op.drop_index(op.f('ix_registration_email'), table_name='registration')
    op.drop_table('registration')
    op.drop_table('person')
    op.drop_index('organisation_one_platform', table_name='organisation', postgresql_where=sa.text("kind = 'platform'"))
    op.drop_table('organisation')
    op.drop_index(op.f('ix_link_binding_expires_at'), table_name='link_binding')
    op.drop_table('link_binding')
