"""When a cycle was to open and close stays beside when it did; who answers for a farm is told from the farm."""

import sqlalchemy as sa
from alembic import op

revision = "0024_planned_and_happened"
down_revision = "0023_counted_and_never_undone"

MOMENTS = ("extended_from_at", "opened_at", "closed_at")
CYCLE_CHECKS = {
    "order_cycle_opened_once": "(stage = 'draft') = (opened_at IS NULL)",
    "order_cycle_closed_once": "(stage IN ('draft', 'open')) = (closed_at IS NULL)",
    "order_cycle_extended_to_later": "extended_from_at < closes_at",
}
FINAL = ("open accepted", "open declined", "open lapsed", "open reduced", "open superseded")
FROM_ANSWER_TO_ANSWER = (
    *("accepted declined", "accepted reduced", "declined accepted"),
    *("declined reduced", "reduced accepted", "reduced declined"),
)
CHANGED = "OLD.state <> 'open' AND OLD IS DISTINCT FROM NEW"
BUT_BY_THE_FARM = (
    " AND NOT (OLD.on_behalf AND NOT NEW.on_behalf AND (OLD.quantity, OLD.floor) = (NEW.quantity, NEW.floor))"
)
KINDS = (
    *("registration", "known-address", "password-reset", "application", "order", "order-cancelled", "lines-dropped"),
    *("question", "question-withdrawn", "silence", "standby", "harvest-failed", "plan-degraded", "shortage"),
    *("nothing-served", "invitation"),
)


def upgrade() -> None:
    for moment in MOMENTS:
        op.add_column("order_cycle", sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
    # What was planned had been overwritten by what happened earlier.
    op.execute("UPDATE order_cycle SET opened_at = opens_at WHERE stage <> 'draft'")
    op.execute("UPDATE order_cycle SET closed_at = closes_at WHERE stage NOT IN ('draft', 'open')")
    for name, condition in CYCLE_CHECKS.items():
        op.create_check_constraint(name, "order_cycle", condition)
    op.add_column(
        "confirmation_request", sa.Column("on_behalf", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("confirmation_request", "on_behalf", server_default=None)
    op.create_check_constraint(
        "confirmation_request_somebody_answered",
        "confirmation_request",
        "NOT on_behalf OR (state IN ('accepted', 'reduced', 'declined') AND NOT standing)",
    )
    _keep_answers(CHANGED + BUT_BY_THE_FARM)
    _allow_moves(*FROM_ANSWER_TO_ANSWER, *FINAL)
    _limit_kinds(*KINDS, "answered-for")


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE kind = 'answered-for'")
    _limit_kinds(*KINDS)
    _allow_moves(*FINAL)
    _keep_answers(CHANGED)
    op.drop_constraint("confirmation_request_somebody_answered", "confirmation_request", type_="check")
    op.drop_column("confirmation_request", "on_behalf")
    for name in CYCLE_CHECKS:
        op.drop_constraint(name, "order_cycle", type_="check")
    op.execute("UPDATE order_cycle SET opens_at = least(opens_at, opened_at), closes_at = least(closes_at, closed_at)")
    for moment in MOMENTS:
        op.drop_column("order_cycle", moment)


def _keep_answers(when: str) -> None:
    op.execute("DROP TRIGGER confirmation_request_answer_stays ON confirmation_request")
    op.execute(
        "CREATE TRIGGER confirmation_request_answer_stays BEFORE UPDATE ON confirmation_request"
        f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION confirmation_request_answer_stays()"
    )


def _allow_moves(*moves: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION confirmation_request_state_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.state IS DISTINCT FROM OLD.state"
        f" AND (OLD.state::text || ' ' || NEW.state::text) <> ALL (ARRAY[{_quoted(tuple(sorted(moves)))}]::text[]) THEN"
        " RAISE EXCEPTION 'confirmation_request.state cannot move from % to %', OLD.state, NEW.state"
        " USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )


def _limit_kinds(*kinds: str) -> None:
    op.drop_constraint("message_kind", "message", type_="check")
    op.create_check_constraint("message_kind", "message", f"kind IN ({_quoted(kinds)})")


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
