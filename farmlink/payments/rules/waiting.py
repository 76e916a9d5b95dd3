"""How long a provider and a payer are waited for."""

from datetime import date, datetime, timedelta
from typing import Final

from farmlink.payments.values import StepKind

FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=15)
LONGEST_LOOK: Final = timedelta(seconds=30)
"""Somebody may be standing there with a phone in hand, and the provider's call was lost."""
HOLD_WATCHED_EVERY: Final = timedelta(hours=6)
"""A provider whose call was lost is asked so often whether it still holds what it held."""
REFUND_WATCHED_EVERY: Final = timedelta(days=1)
REFUND_WATCHED_FOR: Final = timedelta(days=35)
"""Refunds come back from a payer's bank within thirty days."""
CHARGED_WITHIN_DAYS: Final = 1
"""After the day of hand-out, as cycles say; a hold is counted on until that day has ended."""
PATIENCE: Final = timedelta(minutes=30)
"""A payer who has not paid by then starts anew, or pays at pick-up."""


def wait_after(attempts: int, kind: StepKind) -> timedelta:
    """Wait twice as long after every attempt, up to a quarter of an hour, and never give money up."""
    longest = LONGEST_LOOK if kind is StepKind.LOOK else LONGEST_WAIT
    return min(longest, FIRST_WAIT * (1 << min(max(attempts - 1, 0), 16)))


def outlasts(today: date, hold_days: int, hand_out_on: date) -> bool:
    """Tell whether what is held today is still held when everybody is charged at the latest."""
    return today + timedelta(days=hold_days) > hand_out_on + timedelta(days=CHARGED_WITHIN_DAYS)


def gives_up(asked_at: datetime, now: datetime) -> bool:
    """Tell whether a payer was waited for long enough."""
    return now - asked_at >= PATIENCE
