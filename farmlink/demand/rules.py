"""When there is too little demand to go on, and how far it has come: pure."""

from __future__ import annotations

from farmlink.cycles.rules.thresholds import due_at, is_overdue
from farmlink.cycles.values import Cycle, Stage, ThresholdState
from farmlink.demand.values import MoreTime, Progress
from farmlink.orders.values import CancelReason, Ordered


def refuse_too_few(ordered: Ordered, threshold_minor: int) -> CancelReason | None:
    """Say why a cycle is not worth delivering, if so; the threshold is met when it is reached exactly."""
    if ordered.orders == 0:
        return CancelReason.NO_ORDERS
    return CancelReason.THRESHOLD if ordered.served == 0 or ordered.total_minor < threshold_minor else None


def more_time(cycle: Cycle, ordered: Ordered) -> MoreTime | None:
    """Say why a cycle still takes orders although it was to close, if so: too few had joined, and more may yet."""
    if cycle.stage is not Stage.OPEN or cycle.threshold_state is not ThresholdState.EXTENDED:
        return None
    return MoreTime(
        until=cycle.closes_at,
        reason=refuse_too_few(ordered, cycle.threshold_minor),
        total_minor=ordered.total_minor,
        threshold_minor=cycle.threshold_minor,
        to_go_minor=max(0, cycle.threshold_minor - ordered.total_minor),
        currency=cycle.currency,
    )


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
        overdue=is_overdue(cycle.threshold_state, cycle.hand_out_on, cycle.time_zone, cycle.server_at),
    )
