"""What waits for a plan: cycles, and planners who ask what if."""

from farmlink.cycles import queries as cycles
from farmlink.planning import rules
from farmlink.planning.values import DuePlan, RunId, WhatIfId
from farmlink.store.transaction import Transaction

DUE = """
SELECT w.cycle_id, w.run_id, w.cause, w.seed, w.publish, (
  SELECT p.id FROM plan p JOIN plan_run r ON r.id = p.run_id
  WHERE w.publish AND r.publish AND p.cycle_id = w.cycle_id AND r.started_at >= w.wished_at
  ORDER BY p.version DESC LIMIT 1
) AS ready FROM plan_wish w
WHERE NOT EXISTS (
  SELECT FROM plan_run r
  WHERE r.cycle_id = w.cycle_id AND r.publish = w.publish AND r.state = 'failed' AND r.ended_at > :since
    AND r.started_at >= w.wished_at
) ORDER BY w.wished_at, w.cycle_id, w.publish
"""
WHAT_IFS = """
SELECT w.id, w.cycle_id, w.seed FROM what_if w
WHERE NOT EXISTS (
  SELECT FROM plan_run r WHERE r.what_if_id = w.id
    AND (r.state IN ('done', 'failed', 'cancelled') OR r.state = 'running' AND r.leased_until_at >= :now)
) ORDER BY w.asked_at, w.id
"""


def due_to_plan(tx: Transaction) -> list[DuePlan]:
    """Cycles that wait for a plan and can have one, the longest waiting first; none that failed just now.

    What planners suppose comes after what shall be; each question is asked once, and begun anew only when whoever
    worked on it was told to stop or fell silent.
    """
    waiting = tx.execute(DUE, {"since": tx.now - rules.PAUSE_AFTER_FAILURE})
    found = [(row, cycles.cycle(tx, row.cycle_id)) for row in waiting]
    wished = [
        DuePlan(cycle.id, cycle.region_id, RunId(row.run_id), row.cause, row.seed, row.publish, row.ready)
        for row, cycle in found
        if cycle.stage in rules.PLANNABLE
    ]
    asked = [(row, cycles.cycle(tx, row.cycle_id)) for row in tx.execute(WHAT_IFS, {"now": tx.now})]
    return wished + [
        DuePlan(
            cycle.id,
            cycle.region_id,
            RunId(row.id),
            rules.PLANNER,
            row.seed,
            publish=False,
            ready=None,
            what_if_id=WhatIfId(row.id),
        )
        for row, cycle in asked
        if cycle.stage in rules.PLANNABLE
    ]
