"""Claims as they stand, and what can still be claimed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from farmlink.claims import rules
from farmlink.claims.tables import ClaimPicture, ClaimRow
from farmlink.claims.values import Claim, Claimable, ClaimId, Kind, State, Step
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries as dispatch
from farmlink.network.values import PlaceId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import PersonId
from farmlink.policy import queries as policy
from farmlink.policy.values import PolicyVersion, Service
from farmlink.store.pictures import PictureId
from farmlink.store.pipeline import among, uuids
from farmlink.store.transaction import Transaction


def claim(tx: Transaction, claim_id: ClaimId) -> Claim:
    """One claim."""
    return claim_value(tx, [tx.get(ClaimRow, claim_id)])[0]


def are_claims(tx: Transaction, ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these ids are claims': the credit note of a claim has its id."""
    found = tx.execute("SELECT id FROM claim WHERE id = ANY(CAST(:ids AS uuid[]))", {"ids": uuids(ids)})
    return frozenset(found.scalars())


def accepted_of(tx: Transaction, line_id: OrderLineId) -> int:
    """What was granted of a line so far."""
    granted = "SELECT coalesce(sum(accepted), 0)::bigint FROM claim WHERE line_id = :line"
    quantity: int = tx.execute(granted, {"line": line_id}).scalar_one()
    return quantity


def claimable_lines(tx: Transaction, order_id: OrderId) -> dict[OrderLineId, Claimable]:
    """What of each line of an order can still be claimed; lines of which nothing was handed out are left out."""
    window = timedelta(hours=service_of(tx, orders.order(tx, order_id).cycle_id).claim_window_h)
    claimed = defaultdict[OrderLineId, list[int]](list)
    for row in tx.session.exec(select(ClaimRow).where(ClaimRow.order_id == order_id)):
        claimed[OrderLineId(row.line_id)].append(row.quantity)
    return {
        end.line_id: rules.claimable(end.line_id, end.handed_out, end.ended_at, claimed[end.line_id], window)
        for end in dispatch.hand_outs(tx, order_id)
        if end.handed_out
    }


def service_of(tx: Transaction, cycle_id: CycleId) -> Service:
    """What the policy that a cycle pinned lets its consumers count on."""
    version = cycles.cycle(tx, cycle_id).policy_version
    assert version is not None, "a cycle that was opened has pinned its policy; the database checks it"
    return policy.at(tx, PolicyVersion(version)).document.service


def claim_value(tx: Transaction, rows: Sequence[ClaimRow]) -> list[Claim]:
    """Claims' rows as values, each with its photos in the order in which they were sent."""
    pictures = _pictures(tx, [row.id for row in rows])
    return [
        Claim(
            id=ClaimId(row.id),
            order_id=OrderId(row.order_id),
            line_id=OrderLineId(row.line_id),
            cycle_id=CycleId(row.cycle_id),
            place_id=PlaceId(row.place_id),
            claimant_id=PersonId(row.claimant_id),
            kind=Kind(row.kind),
            quantity=row.quantity,
            note=row.note,
            state=State(row.state),
            made_at=row.made_at,
            answer_by=row.answer_by,
            word=row.word,
            passed_on_at=row.passed_on_at,
            accepted=row.accepted,
            reason=row.reason,
            blame=None if row.blame is None else Step(row.blame),
            decided_at=row.decided_at,
            pictures=tuple(pictures[row.id]),
        )
        for row in rows
    ]


def _pictures(tx: Transaction, claim_ids: Iterable[UUID]) -> dict[UUID, list[PictureId]]:
    found: dict[UUID, list[PictureId]] = defaultdict(list)
    chosen = select(ClaimPicture).where(among(col(ClaimPicture.claim_id), claim_ids))
    for one in tx.session.exec(chosen.order_by(col(ClaimPicture.picture_id))):
        found[one.claim_id].append(PictureId(one.picture_id))
    return found
