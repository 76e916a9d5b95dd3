"""Weighing what is sold by weight, many lines at once, until the cycle is settled."""

from __future__ import annotations

from collections.abc import Sequence

from farmlink.cycles.values import CycleId
from farmlink.settlement import queries, rules
from farmlink.settlement.values import Weight
from farmlink.store.locks import exclude
from farmlink.store.pipeline import uuids, wholes
from farmlink.store.transaction import Transaction

WEIGH = """
INSERT INTO catch_weight (line_id, cycle_id, quantity, weight_g, weighed_at)
SELECT t.line_id, :cycle, t.quantity, t.weight_g, :now
FROM unnest(CAST(:lines AS uuid[]), CAST(:quantities AS bigint[]), CAST(:weights AS bigint[]))
  t(line_id, quantity, weight_g)
ON CONFLICT (line_id) DO UPDATE
SET quantity = excluded.quantity, weight_g = excluded.weight_g, weighed_at = excluded.weighed_at
"""


def weigh(tx: Transaction, cycle_id: CycleId, weights: Sequence[Weight]) -> int:
    """Keep what lines weigh that are priced by weight; weighing again corrects it. The number of lines that changed."""
    exclude(tx, cycle_id)
    require_unsettled(tx, cycle_id)
    found = rules.weighed(weights, queries.to_weigh(tx, cycle_id, [one.line_id for one in weights]))
    if found:
        named = {
            "cycle": cycle_id,
            "now": tx.now,
            "lines": uuids(found),
            "quantities": wholes(one.quantity for one in found.values()),
            "weights": wholes(one.weight_g for one in found.values()),
        }
        tx.execute(WEIGH, named)
        tx.record("settlement.weigh", cycle_id, lines=len(found))
    return len(found)


def require_unsettled(tx: Transaction, cycle_id: CycleId) -> None:
    """Refuse what would change a cycle that is settled."""
    if queries.settled(tx, cycle_id) is not None:
        raise rules.CycleSettledError(cycle_id=cycle_id)
