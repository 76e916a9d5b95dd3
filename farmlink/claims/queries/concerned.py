"""Whom a claim concerns: who made it, whose order it is, the point's leader and the hub's planners; nobody else."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import col, select

from farmlink.claims.queries.made import claim, claim_value
from farmlink.claims.tables import ClaimRow
from farmlink.claims.values import Claim, ClaimId, State
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.kernel.pictures import Picture
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderId
from farmlink.people.values import PersonId, Principal, Role
from farmlink.planning.queries import is_planner
from farmlink.store import pictures
from farmlink.store.pages import fetched
from farmlink.store.pictures import PictureId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def require_claimant(tx: Transaction, principal: Principal, order_id: OrderId) -> Order:
    """Refuse who neither ordered it nor collects it as a gift, as if the order did not exist."""
    found = orders.order(tx, order_id)
    if principal.person_id not in {found.consumer_id, found.recipient_id}:
        raise MissingError(noun="consumer order", id=order_id)
    return found


def claims_of(tx: Transaction, order_id: OrderId) -> list[Claim]:
    """The claims about an order, as they were made."""
    chosen = select(ClaimRow).where(ClaimRow.order_id == order_id).order_by(col(ClaimRow.id))
    return claim_value(tx, list(tx.session.exec(chosen)))


def claims_at(tx: Transaction, point_id: PointId, paging: Paging, state: State | None = None) -> Page[Claim]:
    """The claims about what a point handed out, as they were made."""
    chosen = select(ClaimRow).where(ClaimRow.place_id == point_id)
    if state is not None:
        chosen = chosen.where(ClaimRow.state == state)
    rows = fetched(tx, chosen, col(ClaimRow.id), paging)
    return page(claim_value(tx, rows), paging, lambda one: one.id)


def past_at(tx: Transaction, point_id: PointId, most: int) -> list[Claim]:
    """The last claims at a point that do not wait for its leader any more, the latest first."""
    chosen = select(ClaimRow).where(ClaimRow.place_id == point_id, ClaimRow.state != State.OPEN)
    return claim_value(tx, list(tx.session.exec(chosen.order_by(col(ClaimRow.id).desc()).limit(most))))


def passed_on(
    tx: Transaction, principal: Principal, paging: Paging, cycle_ids: Collection[CycleId] | None = None
) -> Page[Claim]:
    """Claims that wait for those who plan the cycle they are about, as they were made."""
    chosen = select(ClaimRow.cycle_id).where(ClaimRow.state == State.PASSED_ON).distinct()
    waiting = [CycleId(one) for one in tx.session.exec(chosen) if cycle_ids is None or one in cycle_ids]
    own = [cycle_id for cycle_id in waiting if is_planner(tx, principal, cycle_id)]
    mine = select(ClaimRow).where(ClaimRow.state == State.PASSED_ON, among(col(ClaimRow.cycle_id), own))
    rows = fetched(tx, mine, col(ClaimRow.id), paging)
    return page(claim_value(tx, rows), paging, lambda one: one.id)


def claim_for(tx: Transaction, principal: Principal, claim_id: ClaimId) -> Claim:
    """One claim for whom it concerns; for others it does not exist."""
    found = claim(tx, claim_id)
    order = orders.order(tx, found.order_id)
    own = principal.person_id in _parties(found, order)
    if not own and not _leads(tx, principal, found) and not is_planner(tx, principal, found.cycle_id):
        raise MissingError(noun="claim", id=claim_id)
    return found


def answers_as(tx: Transaction, principal: Principal, claim_id: ClaimId) -> State:
    """In which state of a claim somebody answers it: the leader first, then a planner; for others it does not exist.

    Of a claim that has ended it is the state in which it was answered, so that an answer can be repeated.
    """
    found = claim(tx, claim_id)
    answers = _answers(tx, principal, found)
    if not answers:
        raise MissingError(noun="claim", id=claim_id)
    turn = State.OPEN if found.passed_on_at is None else State.PASSED_ON
    return turn if turn in answers else answers[-1]


def require_answering(tx: Transaction, principal: Principal, claim_id: ClaimId, state: State) -> None:
    """Refuse who does not answer claims in this state, as if this one did not exist."""
    if state not in _answers(tx, principal, claim(tx, claim_id)):
        raise MissingError(noun="claim", id=claim_id)


def picture_for(tx: Transaction, principal: Principal, claim_id: ClaimId, picture_id: PictureId) -> Picture:
    """A photo of a claim for whom the claim concerns."""
    if picture_id not in claim_for(tx, principal, claim_id).pictures:
        raise MissingError(noun="picture", id=picture_id)
    return pictures.picture(tx, picture_id)


def is_own(tx: Transaction, principal: Principal, found: Claim) -> bool:
    """Tell whether somebody made a claim, or ordered or collected what it is about: others answer it."""
    return principal.person_id in _parties(found, orders.order(tx, found.order_id))


def _parties(found: Claim, order: Order) -> set[PersonId | None]:
    return {found.claimant_id, order.consumer_id, order.recipient_id}


def _answers(tx: Transaction, principal: Principal, found: Claim) -> list[State]:
    """In which states of a claim somebody answers it; nobody answers one about their own order."""
    if is_own(tx, principal, found):
        return []
    answers = {State.OPEN: _leads(tx, principal, found), State.PASSED_ON: is_planner(tx, principal, found.cycle_id)}
    return [state for state, answering in answers.items() if answering]


def _leads(tx: Transaction, principal: Principal, found: Claim) -> bool:
    """Tell whether somebody leads the point that handed it out; nobody leads a home."""
    point = network.points_by_id(tx, [PointId(found.place_id)]).get(PointId(found.place_id))
    return point is not None and point.organisation_id in principal.organisations(Role.LEADER)
