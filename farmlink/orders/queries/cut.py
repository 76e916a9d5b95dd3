"""How too little was shared at the cut-off, as it was kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from uuid import UUID

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, Paging, page
from farmlink.orders.tables import CutClaimRow, CutShareRow
from farmlink.orders.values import CutClaim, CutKind, CutShare
from farmlink.policy.values import ShortageRule
from farmlink.store.pages import fetched
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction

CLAIM = [field.name for field in fields(CutClaim)]


def cut_shares(tx: Transaction, cycle_id: CycleId, paging: Paging) -> Page[CutShare]:
    """What was shared at the cut-off of a cycle, by id, with the claims of each by line."""
    chosen = select(CutShareRow).where(CutShareRow.cycle_id == cycle_id)
    rows = fetched(tx, chosen, col(CutShareRow.id), paging)
    claims = defaultdict[UUID, list[CutClaim]](list)
    claimed = select(CutClaimRow).where(among(col(CutClaimRow.share_id), (row.id for row in rows)))
    for claim in tx.session.exec(claimed.order_by(col(CutClaimRow.line_id))):
        claims[claim.share_id].append(CutClaim(**{name: getattr(claim, name) for name in CLAIM}))
    shares = [
        CutShare(
            id=row.id,
            kind=CutKind(row.kind),
            rule=ShortageRule(row.rule),
            seed=row.seed,
            available=row.available,
            case_quantity=row.case_quantity,
            spare=row.spare,
            claims=tuple(claims[row.id]),
        )
        for row in rows
    ]
    return page(shares, paging, lambda one: one.id)
