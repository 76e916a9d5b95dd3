"""The cut-off: orders become batches, or everybody is let go."""

from __future__ import annotations

from collections.abc import Mapping

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.rules import require_arrow
from farmlink.cycles.values import Cycle, CycleId, Stage, ThresholdState, Unmet
from farmlink.demand.queries import closing
from farmlink.demand.rules import refuse_too_few
from farmlink.demand.values import Closing, DemandClosed
from farmlink.orders import commands as orders
from farmlink.orders import queries as order_queries
from farmlink.orders.values import CancelReason
from farmlink.people.values import PersonId
from farmlink.store.bulk import NEW_ID
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

POOL = f"""
INSERT INTO batch (id, cycle_id, product_id, grade, place_id, quantity, worth_minor)
SELECT {NEW_ID}, cycle_id, product_id, grade, place_id, sum(quantity), sum(total_minor)
FROM order_line WHERE cycle_id = :cycle AND state = 'placed' GROUP BY cycle_id, product_id, grade, place_id
"""  # noqa: S608  # an expression of our own


def close(tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int] | None = None) -> Closing:
    """Close an open cycle now: pool its orders into batches, or let all go if too few joined. Twice changes nothing.

    Where too few joined and more time was declared for that, the cycle stays open until then instead. `owed_ppm` is
    what the fairness ledger owes consumers: it weighs where somebody is cut.
    """
    exclude(tx, cycle_id)
    cycle = cycle_queries.cycle(tx, cycle_id)
    if cycle.stage not in {Stage.DRAFT, Stage.OPEN}:
        return closing(tx, cycle_id)
    require_arrow(cycle.stage, Stage.CLOSED)
    # Judged by what everybody saw as its progress: a price that falls because many joined sends nobody away.
    ordered = order_queries.ordered(tx, cycle_id)
    reason = refuse_too_few(ordered, cycle.threshold_minor)
    short, wanted = reason is not None, ordered.served > 0
    verdict = cycles.judge(tx, cycle_id, ordered.total_minor, short=short, wanted=wanted)
    if verdict is ThresholdState.EXTENDED:
        return closing(tx, cycle_id)
    if reason is not None and verdict is ThresholdState.ZERO:
        return _let_go(tx, cycle_id, reason)
    orders.drop_unmet_listings(tx, cycle_id)
    seen = {listing.id: listing.ordered for listing in cycle_queries.listings(tx, cycle_id)}
    left_nothing = _cut(tx, cycle_id, owed_ppm, cycle)
    if left_nothing is not None:
        return _let_go(tx, cycle_id, left_nothing)
    orders.settle_prices(tx, cycle_id, seen)
    return _pool(tx, cycle_id)


def close_due(tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int] | None = None) -> Closing:
    """Close a cycle if its cut-off has come by the database's clock; one that was extended meanwhile stays open."""
    exclude(tx, cycle_id)
    cycle = cycle_queries.cycle(tx, cycle_id)
    if cycle.stage is Stage.OPEN and cycle.closes_at > tx.now:
        return closing(tx, cycle_id)
    return close(tx, cycle_id, owed_ppm)


def _cut(
    tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int] | None, cycle: Cycle
) -> CancelReason | None:
    """Cut what is not there and what makes no whole case; why what is left is not worth delivering, if so."""
    cycles.refresh_available(tx, cycle_id)  # no case is filled with what was withdrawn a moment ago
    short = orders.share_partial(tx, cycle_id, owed_ppm)
    uncased = orders.fill_cases(tx, cycle_id, owed_ppm)
    if not short + uncased:
        return None
    orders.drop_unmet_listings(tx, cycle_id)
    left = order_queries.ordered(tx, cycle_id)
    if not left.orders:
        return CancelReason.CASE_NOT_FULL if uncased else CancelReason.NOT_ENOUGH
    return refuse_too_few(left, cycle.threshold_minor) if cycle.unmet is Unmet.ZERO else None


def _let_go(tx: Transaction, cycle_id: CycleId, reason: CancelReason) -> Closing:
    orders.cancel_cycle(tx, cycle_id, reason)
    return closing(tx, cycle_id)


def _pool(tx: Transaction, cycle_id: CycleId) -> Closing:
    cycles.move(tx, cycle_id, Stage.CLOSED)
    tx.execute(POOL, {"cycle": cycle_id})
    orders.batch_lines(tx, cycle_id)
    closed = closing(tx, cycle_id)
    tx.announce(DemandClosed(cycle_id, closed.batches))
    tx.record("demand.close", cycle_id, batches=closed.batches, lines=closed.lines)
    return closed
