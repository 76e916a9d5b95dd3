"""Goods whose threshold was missed and that come in part: what is there is shared by the declared rule; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from farmlink.cycles.values import StockId
from farmlink.orders.values import CutClaim, CutKind, CutShare
from farmlink.policy.rules.sharing import Claim, share_as_agreed
from farmlink.policy.values import ShortageRule


def shared_in_part(
    rule: ShortageRule, stock_id: StockId, claims: Sequence[CutClaim], held: int, *, seed: str
) -> CutShare:
    """What each claim gets of so many base units of some goods.

    Who wants all or nothing and would get a part gets nothing.
    """
    own, ordered = f"{seed}/{stock_id}", sorted(claims, key=lambda claim: claim.line_id)
    shares = share_as_agreed(rule, [_asks(one) for one in ordered], held, seed=own)
    return CutShare(
        id=stock_id,
        kind=CutKind.PARTIAL,
        rule=rule,
        seed=own,
        available=held,
        case_quantity=None,
        spare=None,
        claims=tuple(
            replace(one, got=shares.get(one.line_id, 0), left_it=one.line_id not in shares) for one in ordered
        ),
    )


def _asks(one: CutClaim) -> Claim:
    return Claim(
        one.line_id, one.wanted, one.pack, balance_ppm=one.balance_ppm, whole=one.all_or_nothing, whose=one.whose
    )
