"""How a threshold moves, and until when each of its steps lasts: pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from farmlink.cycles.rules import require_cut_off_before_collection
from farmlink.cycles.values import ThresholdState, Unmet
from farmlink.kernel.bounds import within
from farmlink.kernel.clock import day_of, start_of_day

ENDS: Final = frozenset({ThresholdState.CHARGED, ThresholdState.RELEASED})
SERVED: Final = frozenset({ThresholdState.MET, ThresholdState.PARTIAL})
"""What was judged to come: it waits for the end of its cycle."""
JUDGED: Final = frozenset({ThresholdState.MET, ThresholdState.ZERO, ThresholdState.PARTIAL})
STEPS: Final[dict[ThresholdState, frozenset[ThresholdState]]] = {
    ThresholdState.OPEN: frozenset({ThresholdState.MET, ThresholdState.SHORT, ThresholdState.RELEASED}),
    ThresholdState.SHORT: frozenset({ThresholdState.EXTENDED, ThresholdState.ZERO, ThresholdState.PARTIAL}),
    ThresholdState.EXTENDED: JUDGED | {ThresholdState.RELEASED},
    ThresholdState.MET: ENDS,
    ThresholdState.PARTIAL: ENDS,
    ThresholdState.ZERO: frozenset({ThresholdState.RELEASED}),
    ThresholdState.CHARGED: frozenset(),
    ThresholdState.RELEASED: frozenset(),
}
"""Nothing leads back to `short`, so that nothing is extended twice."""
LONGEST_EXTENSION_HOURS: Final = 240
CHARGED_WITHIN_DAYS: Final = 1
"""After the day of hand-out; by then everybody is charged or released."""


def judged(
    state: ThresholdState, unmet: Unmet, *, short: bool, wanted: bool, extends: bool
) -> tuple[ThresholdState, ...]:
    """Name the steps that a threshold takes at the cut-off; of what nobody wanted there is nothing to share."""
    if not short:
        return () if extends else (ThresholdState.MET,)
    first = (ThresholdState.SHORT,) if state is ThresholdState.OPEN else ()
    if extends:
        return (*first, ThresholdState.EXTENDED)
    return (*first, ThresholdState.PARTIAL if wanted and unmet is Unmet.PARTIAL else ThresholdState.ZERO)


def lets_go(state: ThresholdState, unmet: Unmet, threshold: int, ordered: int) -> bool:
    """Tell whether goods are let go: as judged, or because whole cases left less of what was met than its threshold."""
    fell = state is ThresholdState.MET and unmet is Unmet.ZERO and ordered < threshold
    return fell or state is ThresholdState.ZERO


def ended(state: ThresholdState, *, charged: bool) -> tuple[ThresholdState, ...]:
    """Name the step that ends a threshold; one that has ended stays as it is, and unmet goods are never charged."""
    if state in ENDS:
        return ()
    return (ThresholdState.CHARGED if charged and ThresholdState.CHARGED in STEPS[state] else ThresholdState.RELEASED,)


def extended_to(state: ThresholdState, closes_at: datetime, hours: int, now: datetime) -> datetime | None:
    """Say until when the cut-off is put off, if it still can be: once, as declared, to a moment that has not passed."""
    until = closes_at + timedelta(hours=hours)
    return until if hours and state is ThresholdState.OPEN and until > now else None


def require_extension(hours: int, closes_at: datetime, collect_on: date, zone: str) -> None:
    """Refuse to declare an extension that lasts into the days after the collection."""
    within("extension_hours", hours, 0, LONGEST_EXTENSION_HOURS)
    until = closes_at + timedelta(hours=hours)
    require_cut_off_before_collection("extension_hours", day_of(until, zone), collect_on)


def due_at(state: ThresholdState, closes_at: datetime, hand_out_on: date, zone: str) -> datetime | None:
    """Say by when a threshold takes its next step; what has ended takes none."""
    if state in ENDS:
        return None
    return _end_due_at(hand_out_on, zone) if state in SERVED else closes_at


def is_overdue(state: ThresholdState, hand_out_on: date, zone: str, now: datetime) -> bool:
    """Tell whether everybody was to be charged or released by now, and nobody ended what was to come."""
    return state in SERVED and _end_due_at(hand_out_on, zone) <= now


def _end_due_at(hand_out_on: date, zone: str) -> datetime:
    return start_of_day(hand_out_on + timedelta(days=1 + CHARGED_WITHIN_DAYS), zone)
