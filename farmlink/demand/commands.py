"""The cut-off: orders become batches, or everybody is let go."""

from __future__ import annotations

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.rules import require_arrow
from farmlink.cycles.values import CycleId, Stage
from farmlink.demand.queries import closing
from farmlink.demand.rules import refuse_too_few
from farmlink.demand.values import Closing, DemandClosed
from farmlink.orders import commands as orders
from farmlink.orders import queries as order_queries
from farmlink.store.bulk import NEW_ID
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

POOL = f"""
INSERT INTO batch (id, cycle_id, product_id, grade, place_id, quantity, worth_minor)
SELECT {NEW_ID}, cycle_id, product_id, grade, place_id, sum(quantity), sum(total_minor)
FROM order_line WHERE cycle_id = :cycle AND state = 'placed' GROUP BY cycle_id, product_id, grade, place_id
"""  # noqa: S608  # an expression of our own


def close(tx: Transaction, cycle_id: CycleId) -> Closing:
    """Close an open cycle now: pool its orders into batches, or let all go if too few joined. Twice changes nothing."""
    exclude(tx, cycle_id)
    cycle = cycle_queries.cycle(tx, cycle_id)
    if cycle.stage not in {Stage.DRAFT, Stage.OPEN}:
        return closing(tx, cycle_id)
    require_arrow(cycle.stage, Stage.CLOSED)
    orders.drop_unmet_listings(tx, cycle_id)
    # Judged by what everybody saw as its progress: a price that falls because many joined sends nobody away.
    reason = refuse_too_few(order_queries.ordered(tx, cycle_id), cycle.threshold_minor)
    if reason:
        orders.cancel_cycle(tx, cycle_id, reason)
        return closing(tx, cycle_id)
    orders.settle_prices(tx, cycle_id)
    cycles.move(tx, cycle_id, Stage.CLOSED)
    tx.execute(POOL, {"cycle": cycle_id})
    orders.batch_lines(tx, cycle_id)
    closed = closing(tx, cycle_id)
    tx.announce(DemandClosed(cycle_id, closed.batches))
    tx.record("demand.close", cycle_id, batches=closed.batches, lines=closed.lines)
    return closed


def close_due(tx: Transaction, cycle_id: CycleId) -> Closing:
    """Close a cycle if its cut-off has come by the database's clock; one that was extended meanwhile stays open."""
    exclude(tx, cycle_id)
    cycle = cycle_queries.cycle(tx, cycle_id)
    if cycle.stage is Stage.OPEN and cycle.closes_at > tx.now:
        return closing(tx, cycle_id)
    return close(tx, cycle_id)
