"""Where something went wrong, told from what was counted on the way: nobody is asked, and nobody is believed.

A count is a witness between two steps. What the dock counted in is charged to nobody else; what the point counted had
come through farm and hub; what nobody counted is nobody's fault but unknown. Farms that share a batch stand together:
none of them is told from the counts while the lot of another may have come whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from farmlink.claims.values import Counted, Kind, Step, Trail


def blame_of(kind: Kind, trail: Trail) -> Step:
    """The step at which it went wrong, as far as the counts say."""
    if kind is Kind.MISSING:
        return _lost(trail)
    if trail.arrival is not None and _came_good(kind, trail.arrival):
        return Step.POINT
    if trail.all_short is None:
        return Step.UNKNOWN
    if trail.all_short:  # the dock took less in than was promised: the rest of those lots is doubtful
        return Step.FARM
    return Step.UNKNOWN if trail.arrival is None else _came_bad(kind, trail.arrival)


def came_short(lots: Iterable[tuple[int, int | None]]) -> bool | None:
    """Whether of each lot less came in than was promised; nothing if one was not counted.

    A lot is what its farm promised and what the dock counted; one of which nothing was promised brings nothing.
    """
    due = [(promised, received) for promised, received in lots if promised]
    if any(received is None for _, received in due):
        return None
    return bool(due) and all(received is not None and received < promised for promised, received in due)


def _lost(trail: Trail) -> Step:
    """Where goods were lost that the dock had counted: farms are paid for what came in, and are out of it."""
    stayed = trail.received > trail.sent
    if trail.arrival is None:
        return Step.HUB if stayed else Step.UNKNOWN
    if not trail.arrival.missing:
        return Step.POINT
    return Step.HUB if stayed else Step.ROAD


def _came_good(kind: Kind, arrival: Counted) -> bool:
    """Whether the point's own count witnesses that it came as it should; of rot inside no count does."""
    if kind is Kind.OTHER:
        return not arrival.missing
    return kind is Kind.DAMAGED and arrival.counted > 0 and not arrival.damaged


def _came_bad(kind: Kind, arrival: Counted) -> Step:
    """What the point's own count says of goods that came otherwise: mixed up at the hub, or bad from the road."""
    if kind is Kind.OTHER:
        return Step.HUB  # something else was loaded in the place of what is missing
    return Step.ROAD if arrival.damaged else Step.UNKNOWN  # rot shows later, and nobody saw where it began
