"""What was shared at the cut-off, reckoned again by anybody from nothing but what is published of it."""

from __future__ import annotations

from uuid import UUID

from farmlink.orders.values import CutClaim, CutKind, CutShare
from farmlink.policy.rules.sharing import Claim, share, share_as_agreed


def reckoned(shared: CutShare) -> dict[UUID, int]:
    """What each line gets, in base units."""
    return _in_part(shared) if shared.kind is CutKind.PARTIAL else _in_cases(shared)


def _in_part(shared: CutShare) -> dict[UUID, int]:
    claims = [_claim(one, one.wanted, whole=one.all_or_nothing) for one in shared.claims]
    got = share_as_agreed(shared.rule, claims, shared.available, seed=shared.seed)
    assert {one.line_id for one in shared.claims if not one.left_it} == set(got)
    return {one.line_id: got.get(one.line_id, 0) for one in shared.claims}


def _in_cases(shared: CutShare) -> dict[UUID, int]:
    assert shared.case_quantity is not None
    asking, left = list(shared.claims), dict[UUID, int]()
    while any(one.left_it for one in asking):
        kept = _cut(shared, asking, sum(one.ordered for one in asking) // shared.case_quantity * shared.case_quantity)
        torn = [one for one in asking if one.all_or_nothing and 0 < kept[one.line_id] < one.ordered]
        gone = min(torn, key=lambda one: (one.ordered, one.line_id))
        assert gone.left_it, "it leaves, and nobody else does"
        asking.remove(gone)
        left[gone.line_id] = 0
    ordered = sum(one.ordered for one in asking)
    if shared.available < ordered:
        assert ordered - shared.available == ordered % shared.case_quantity, "no more is cut than makes no case"
        return left | _cut(shared, asking, shared.available)
    more = [_claim(one, one.extra, extra=one.extra) for one in asking]
    extras = share(shared.rule, more, shared.available - ordered, seed=_seed(shared, asking))
    return left | {one.line_id: one.ordered + extra for one, extra in zip(asking, extras, strict=True)}


def _cut(shared: CutShare, asking: list[CutClaim], whole: int) -> dict[UUID, int]:
    claims = [_claim(one, one.ordered) for one in asking]
    kept = share(shared.rule, claims, whole, seed=_seed(shared, asking))
    return {one.line_id: got for one, got in zip(asking, kept, strict=True)}


def _claim(one: CutClaim, wanted: int, extra: int = 0, *, whole: bool = False) -> Claim:
    return Claim(one.line_id, wanted, one.pack, extra, one.balance_ppm, whole=whole, whose=one.whose)


def _seed(shared: CutShare, asking: list[CutClaim]) -> str:
    return f"{shared.seed}/{sum(one.ordered // one.pack for one in asking)}"
