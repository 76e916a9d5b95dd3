"""Goods whose threshold was missed and that come in part: what is there is shared by the declared rule; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farmlink.orders.values import OrderLineId, Shortage
from farmlink.policy.rules.sharing import Claim, share_as_agreed
from farmlink.policy.values import ShortageRule


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialLine:
    """A standing line of goods that come in part: packs of `pack` base units; `balance_ppm` is what it is owed."""

    id: OrderLineId
    packs: int
    pack: int
    shortage: Shortage = Shortage.LESS
    balance_ppm: int = 0


def shared_packs(rule: ShortageRule, lines: Sequence[PartialLine], held: int, *, seed: str) -> dict[OrderLineId, int]:
    """How many packs each line gets of so many base units; lines that get all they ordered are left out.

    Who wants all or nothing and would get a part gets nothing.
    """
    claims = [
        Claim(
            one.id,
            one.packs * one.pack,
            one.pack,
            balance_ppm=one.balance_ppm,
            whole=one.shortage is Shortage.CANCEL,
        )
        for one in sorted(lines, key=lambda line: line.id)
    ]
    shares = share_as_agreed(rule, claims, held, seed=seed)
    got = {one.id: shares.get(one.id, 0) // one.pack for one in lines}
    return {one.id: got[one.id] for one in lines if got[one.id] != one.packs}
