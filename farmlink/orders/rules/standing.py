"""What a standing order may say, and what it comes to in a cycle: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid5

from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.bounds import within
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.orders.rules import gather
from farmlink.orders.values import (
    Goods,
    LeftOut,
    Missed,
    Order,
    Shortage,
    StandingId,
    StandingLine,
    StandingState,
    StandingTerms,
    WantedLine,
)

LONGEST_RHYTHM: Final = 52
EACH_CYCLE: Final = UUID("7a4be0ee-52a5-5cf1-8f0a-3f7d1d0c9f6b")
"""Namespace of the keys of what standing orders order: once in each cycle."""


class StandingEndedError(RefusedError):
    """What has ended stays so; a new one can be made."""

    code = "standing-ended"
    message = "This standing order has ended. Make a new one."


def require_standing(terms: StandingTerms) -> None:
    """Refuse what could be ordered in no cycle."""
    within("every", terms.every, 1, LONGEST_RHYTHM)
    goods = [line.goods for line in terms.lines]
    if len(set(goods)) < len(goods):
        raise InvalidError(field="lines", reason=marked("Name each pack of a product and grade once."))
    for one in named_goods(terms.lines):
        within("grade", one.grade, 1, 5)
    # An order of the same lines, in a cycle that sells all of it.
    known = {one: ListingId(UUID(int=number)) for number, one in enumerate(sorted(set(named_goods(terms.lines))))}
    gather(wanted_of(terms.lines, known))


def named_goods(lines: Sequence[StandingLine]) -> list[Goods]:
    """All goods that lines name, those that may come instead too."""
    return [goods for line in lines for goods in (line.goods, *line.substitutes)]


def require_going_on(state: StandingState) -> None:
    """Refuse to change what has ended."""
    if state is StandingState.ENDED:
        raise StandingEndedError


def wanted_of(lines: Sequence[StandingLine], sold: Mapping[Goods, ListingId]) -> tuple[WantedLine, ...]:
    """What of a standing order a cycle sells, as lines of an order; who would swap for nothing it sells takes less."""
    wanted = []
    for line in lines:
        if line.goods in sold:
            substitutes = tuple(sold[goods] for goods in line.substitutes if goods in sold)
            shortage = Shortage.LESS if line.substitutes and not substitutes else line.shortage
            wanted.append(WantedLine(sold[line.goods], line.packs, line.most, shortage, substitutes))
    return tuple(wanted)


def missed(lines: Sequence[StandingLine], sold: Mapping[Goods, ListingId], order: Order | None) -> tuple[Missed, ...]:
    """What was left out: what the cycle does not sell, and what was sold out when the order was placed."""
    had = {line.listing_id for line in order.lines} if order else set(sold.values())
    return tuple(
        Missed(line.goods, LeftOut.SOLD_OUT if line.goods in sold else LeftOut.NOT_SOLD)
        for line in lines
        if sold.get(line.goods) not in had
    )


def key_of(standing_id: StandingId, cycle_id: CycleId) -> UUID:
    """Under which key a standing order orders in a cycle: it happens once."""
    return uuid5(EACH_CYCLE, f"{standing_id}|{cycle_id}")
