"""When there is too little demand to go on: pure."""

from __future__ import annotations

from farmlink.orders.values import CancelReason, Ordered


def refuse_too_few(ordered: Ordered, threshold_minor: int) -> CancelReason | None:
    """Say why a cycle is not worth delivering, if so; the threshold is met when it is reached exactly."""
    if ordered.orders == 0:
        return CancelReason.NO_ORDERS
    return CancelReason.THRESHOLD if ordered.total_minor < threshold_minor else None
