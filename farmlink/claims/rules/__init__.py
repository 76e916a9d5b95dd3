"""What may be claimed, who answers, and until when: pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from farmlink.claims.rules.blame import blame_of, came_short
from farmlink.claims.rules.refusals import (
    AllClaimedError,
    ClaimDecidedError,
    ClaimedOftenEnoughError,
    ClaimTooLateError,
    MoreThanHandedOutError,
    NothingHandedOutError,
    NotYourTurnError,
    PartOfClaimError,
)
from farmlink.claims.values import Claim, Claimable, Granted, State
from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked
from farmlink.orders.values import OrderLineId

__all__ = [
    "ARROWS",
    "LONGEST",
    "MOST_PICTURES",
    "AllClaimedError",
    "ClaimDecidedError",
    "ClaimTooLateError",
    "ClaimedOftenEnoughError",
    "MoreThanHandedOutError",
    "NotYourTurnError",
    "NothingHandedOutError",
    "PartOfClaimError",
    "blame_of",
    "came_short",
    "claimable",
    "judge",
    "judge_part",
    "require_turn",
    "said",
]
ENDS: Final = frozenset({State.ACCEPTED.value, State.DECLINED.value})
ARROWS: Final = {
    State.OPEN.value: frozenset({State.ACCEPTED.value, State.PASSED_ON.value}),
    State.PASSED_ON.value: ENDS,
    State.ACCEPTED.value: frozenset[str](),
    State.DECLINED.value: frozenset[str](),
}
MOST_PICTURES: Final = 3
MOST_CLAIMS: Final = 10
"""About one line; each may bring its photos."""
LONGEST: Final = 1000


def claimable(
    line_id: OrderLineId, handed_out: int | None, ended_at: datetime | None, claimed: Sequence[int], window: timedelta
) -> Claimable:
    """What can be claimed of a line beside what was, and until when; refuses one of which nobody got anything."""
    if ended_at is None or not handed_out:
        raise NothingHandedOutError
    left = handed_out - sum(claimed)
    return Claimable(line_id=line_id, handed_out=handed_out, left=left, times=len(claimed), until=ended_at + window)


def judge(found: Claimable, quantity: int, now: datetime) -> None:
    """Refuse a claim that comes too late or is of more than somebody got."""
    if now > found.until:
        raise ClaimTooLateError(until=found.until)
    if found.left <= 0:
        raise AllClaimedError
    if found.times >= MOST_CLAIMS:
        raise ClaimedOftenEnoughError(most=MOST_CLAIMS)
    if not 1 <= quantity <= found.left:
        raise MoreThanHandedOutError(field="quantity", left=found.left)


def said(field: str, text: str, *, needed: bool = False) -> str:
    """What somebody wrote, without the blanks around it; refuses what nobody reads, or nothing where it is needed."""
    clean = text.strip()
    if len(clean) > LONGEST:
        raise InvalidError(field=field, reason=marked("Write at most 1000 characters."))
    if needed and not clean:
        raise InvalidError(field=field, reason=marked("Say it in a few words."))
    return clean


def require_turn(claim: Claim, seen: State) -> None:
    """Refuse who decides what has moved on since they saw it."""
    if claim.state in ENDS:
        raise ClaimDecidedError
    if claim.state is not seen:
        raise NotYourTurnError


def judge_part(claim: Claim, granted: Granted) -> None:
    """Refuse to grant what was not claimed; the point grants all, and less has a reason."""
    if not 1 <= granted.quantity <= claim.quantity:
        raise PartOfClaimError(field="quantity", claimed=claim.quantity)
    if granted.quantity < claim.quantity:
        if granted.seen is State.OPEN:
            raise NotYourTurnError
        said("reason", granted.reason, needed=True)
