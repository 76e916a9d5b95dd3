"""When there is too little demand to go on, and how far it has come: pure."""

from __future__ import annotations

from farmlink.cycles.rules.thresholds import due_at
from farmlink.cycles.values import Cycle
from farmlink.demand.values import Progress
from farmlink.orders.values import CancelReason, Ordered


def refuse_too_few(ordered: Ordered, threshold_minor: int) -> CancelReason | None:
    """Say why a cycle is not worth delivering, if so; the threshold is met when it is reached exactly."""
    if ordered.orders == 0:
        return CancelReason.NO_ORDERS
    return CancelReason.THRESHOLD if ordered.served == 0 or ordered.total_minor < threshold_minor else None


def progress_of(cycle: Cycle, ordered: Ordered) -> Progress:
    """Say how far a cycle has come towards its threshold."""
    return Progress(
        cycle_id=cycle.id,
        orders=ordered.orders,
        total_minor=ordered.total_minor,
        currency=cycle.currency,
        threshold_minor=cycle.threshold_minor,
        to_go_minor=max(0, cycle.threshold_minor - ordered.total_minor),
        state=cycle.threshold_state,
        unmet=cycle.unmet,
        extension_hours=cycle.extension_hours,
        due_at=due_at(cycle.threshold_state, cycle.closes_at, cycle.hand_out_on, cycle.time_zone),
    )
