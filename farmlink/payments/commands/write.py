"""Turns as rows and entries, many in one statement each. Lock order: payments, their steps, the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import msgspec

from farmlink.kernel.ids import uuid7
from farmlink.ledger import commands as ledger
from farmlink.payments.values import Payment, PaymentId, StepKind, StepState, Turn
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

CHANGED: Final = (
    "state",
    "most_minor",
    "held_minor",
    "charged_minor",
    "captured_minor",
    "due_minor",
    "collected_minor",
    "refunded_minor",
    "credited_minor",
    "point_id",
    "reference",
    "pay_with",
)
UPSERT: Final = f"""
INSERT INTO payment SELECT * FROM jsonb_populate_recordset(NULL::payment, CAST(:rows AS jsonb))
ON CONFLICT (id) DO UPDATE SET ({", ".join(CHANGED)}) = ({", ".join(f"EXCLUDED.{name}" for name in CHANGED)})
"""  # noqa: S608  # our own column names
DROP = """
UPDATE payment_step SET state = 'refused', ended_at = transaction_timestamp()
WHERE payment_id = ANY(CAST(:ids AS uuid[])) AND state = 'waiting'
"""
ADD_STEPS = """
INSERT INTO payment_step (id, payment_id, place, kind, amount_minor, state, attempts, asked_at, due_at)
SELECT id, t.payment_id, coalesce(before, 0) + place, kind, amount_minor, :state, 0,
  transaction_timestamp(), transaction_timestamp()
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) t(id uuid, payment_id uuid, place bigint, kind text, amount_minor bigint)
LEFT JOIN (
  SELECT payment_id, max(place) AS before FROM payment_step
  WHERE payment_id = ANY(CAST(:ids AS uuid[])) GROUP BY payment_id
) s ON s.payment_id = t.payment_id
ON CONFLICT (payment_id) WHERE kind = 'look' AND state = 'waiting'
DO UPDATE SET due_at = transaction_timestamp(), attempts = payment_step.attempts + 1
"""


def write_turns(tx: Transaction, turns: Sequence[tuple[Payment | None, Turn]]) -> list[Payment]:
    """Write what rules made of payments that were locked before, or are new; what did not change costs nothing."""
    changed = [turn.payment for before, turn in turns if turn.payment != before]
    if changed:
        tx.execute(UPSERT, {"rows": _json([asdict(payment) for payment in changed])})
    dropped = [turn.payment.id for _, turn in turns if turn.drops]
    if dropped:
        tx.execute(DROP, {"ids": uuids(dropped)})
    add_steps(tx, [(turn.payment.id, step.kind, step.amount_minor) for _, turn in turns for step in turn.steps])
    entries = [entry for _, turn in turns for entry in turn.entries]
    if entries:
        ledger.post_many(tx, entries)
    return [turn.payment for _, turn in turns]


def add_steps(tx: Transaction, steps: Sequence[tuple[PaymentId, StepKind, int]]) -> None:
    """Put steps behind those that their payments have; a look that waits already is due now."""
    if not steps:
        return
    places: dict[PaymentId, int] = {}
    rows = []
    for payment_id, kind, amount_minor in steps:
        places[payment_id] = places.get(payment_id, 0) + 1
        rows.append(
            {
                "id": uuid7(),
                "payment_id": payment_id,
                "place": places[payment_id],
                "kind": kind.value,
                "amount_minor": amount_minor,
            }
        )
    tx.execute(ADD_STEPS, {"rows": _json(rows), "ids": uuids(places), "state": StepState.WAITING.value})


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
