"""Where something went wrong, told from what was counted on the way: nobody is asked, and nobody is believed.

A count is a witness between two steps. What the dock counted in is charged to nobody else; what the point counted had
come through farm and hub; what nobody counted is nobody's fault but unknown.
"""

from __future__ import annotations

from farmlink.claims.values import Counted, Kind, Step, Trail


def blame_of(kind: Kind, trail: Trail) -> Step:
    """The step at which it went wrong, as far as the counts say."""
    if kind is Kind.MISSING:
        return _lost(trail)
    if trail.received < trail.confirmed:  # the dock took less in than was promised: the rest of that lot is doubtful
        return Step.FARM
    return Step.UNKNOWN if trail.arrival is None else _seen_at_point(kind, trail.arrival)


def _lost(trail: Trail) -> Step:
    """Where goods were lost that the dock had counted: farms are paid for what came in, and are out of it."""
    stayed = trail.received > trail.sent
    if trail.arrival is None:
        return Step.HUB if stayed else Step.UNKNOWN
    if not trail.arrival.missing:
        return Step.POINT
    return Step.HUB if stayed else Step.ROAD


def _seen_at_point(kind: Kind, arrival: Counted) -> Step:
    """What the point's own count says of goods that came: bad already, mixed up before, or good until then."""
    if kind is Kind.OTHER:
        return Step.HUB if arrival.missing else Step.POINT  # something else was loaded in its place
    if arrival.damaged:
        return Step.ROAD
    whole = kind is Kind.DAMAGED and arrival.counted > 0
    return Step.POINT if whole else Step.UNKNOWN  # rot inside shows later, and nobody saw where it began
