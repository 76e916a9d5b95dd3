"""What was shared at the cut-off, reckoned again by anybody from nothing but what is published of it."""

from __future__ import annotations

from uuid import UUID

from farmlink.orders.values import CutClaim, CutKind, CutShare
from tests.farmlink.policy.plainly import Wish, shared_as_agreed
from tests.farmlink.policy.plainly import shared as plainly_shared


def reckoned(shared: CutShare) -> dict[UUID, int]:
    """What each line gets, in base units."""
    return _in_part(shared) if shared.kind is CutKind.PARTIAL else _in_cases(shared)


def _in_part(shared: CutShare) -> dict[UUID, int]:
    wishes = [_wish(one, one.wanted, whole=one.all_or_nothing) for one in shared.claims]
    got = shared_as_agreed(shared.rule, wishes, shared.available, shared.seed)
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
    assert (shared.available >= ordered) is _could_be_filled(shared, asking), "filled where it can be, else cut"
    if shared.available < ordered:
        assert ordered - shared.available == ordered % shared.case_quantity, "no more is cut than makes no case"
        return left | _cut(shared, asking, shared.available)
    more = [_wish(one, one.extra, tolerated=one.extra) for one in asking]
    extras = plainly_shared(shared.rule, more, shared.available - ordered, _seed(shared, asking))
    return left | {one.line_id: one.ordered + extras[one.line_id] for one in asking}


def _could_be_filled(shared: CutShare, asking: list[CutClaim]) -> bool:
    """By what was to spare and welcome when it was decided."""
    assert shared.spare is not None
    assert shared.case_quantity is not None
    missing = -sum(one.ordered for one in asking) % shared.case_quantity
    return missing <= min(shared.spare, sum(one.welcome or 0 for one in asking))


def _cut(shared: CutShare, asking: list[CutClaim], whole: int) -> dict[UUID, int]:
    return dict(plainly_shared(shared.rule, [_wish(one, one.ordered) for one in asking], whole, _seed(shared, asking)))


def _wish(one: CutClaim, wanted: int, tolerated: int = 0, *, whole: bool = False) -> Wish:
    return Wish(one.line_id, one.whose, wanted, one.pack, tolerated, one.balance_ppm, whole)


def _seed(shared: CutShare, asking: list[CutClaim]) -> str:
    return f"{shared.seed}/{sum(one.ordered // one.pack for one in asking)}"
