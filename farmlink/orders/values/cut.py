"""How too little was shared at the cut-off: all that the shortage rule looked at, for anybody to reckon again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from farmlink.orders.values.wanted import CancelReason, OrderLineId
from farmlink.policy.values import ShortageRule


class CutKind(StrEnum):
    """What was shared: the whole cases of a listing, or what the lots hold of goods that come in part."""

    CASE = "case"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutClaim:
    """What a line claimed and what it got, in base units, in whole packs.

    `extra` is the part that was only welcome to fill a case, and is none where cases were cut. `whose` is the lowest
    line of the same person in these goods: by it they draw, once for all their lines. `all_or_nothing` left it to the
    others where it would have got a part: then `left_it`. `balance_ppm` is what the fairness ledger owed its consumer.
    `welcome` is what the line would have taken beyond what it ordered, as far as its place had space, to fill a case.
    """

    line_id: OrderLineId
    whose: OrderLineId
    wanted: int
    pack: int
    extra: int
    all_or_nothing: bool
    balance_ppm: int
    got: int
    left_it: bool = False
    welcome: int | None = 0

    @property
    def ordered(self) -> int:
        """What was ordered of it."""
        return self.wanted - self.extra


@dataclass(frozen=True, slots=True, kw_only=True)
class CutShare:
    """How something was shared at the cut-off, over which claims; quantities in base units.

    Of goods that come in part, `id` is their stock: all that is `available` is shared over all claims, as agreed.
    Of cases of `case_quantity`, it is their listing: where enough is available for all that was ordered, they were
    filled, and what is more is shared over the extras; else what was ordered is cut to whole cases. While that tears
    what somebody wants whole, the smallest of it leaves, and the cases are counted anew: each time the seed is
    followed by a slash and the packs that those who stay ordered.

    `spare` is what was left of the stock then beyond all that was ordered of it: cases are filled where what is missing
    is to spare and welcome, and else cut. Of cuts from before that was kept, neither is known.
    """

    id: UUID
    kind: CutKind
    rule: ShortageRule
    seed: str
    available: int
    case_quantity: int | None
    spare: int | None
    claims: tuple[CutClaim, ...]


@dataclass(frozen=True, slots=True)
class CalledOff:
    """So many orders that were cancelled for one reason, and what they had come to at the prices of then."""

    reason: CancelReason
    orders: int
    total_minor: int
