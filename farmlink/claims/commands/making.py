"""Saying what was not right, and forgetting who said it."""

from __future__ import annotations

from datetime import timedelta

from farmlink.claims import queries, rules
from farmlink.claims.tables import ClaimPicture, ClaimRow
from farmlink.claims.values import Claimable, ClaimId, ClaimMade, NewClaim, State
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderLineId
from farmlink.people import queries as people
from farmlink.people.values import PersonErased, PersonId, Role
from farmlink.store import pictures
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

WITHOUT_WORDS = """
UPDATE claim SET note = '', word = '', reason = CASE state WHEN 'declined' THEN '…' ELSE '' END
WHERE claimant_id = :person
"""
"""What is declined keeps a mark in the place of its reason: that one was given is a rule, which one is forgotten."""


def make(tx: Transaction, wanted: NewClaim, claimant_id: PersonId) -> ClaimId:
    """Claim a part of a line that was handed out, within the time that the cycle's policy grants.

    The point's leader answers first; what was brought home goes to the hub's planners at once, and so does what is
    about an order of somebody who leads the point.
    """
    exclude(tx, wanted.order_id)  # two claims at once are not to count the same goods
    order, note = orders.order(tx, wanted.order_id), rules.said("note", wanted.note)
    rules.judge(_claimable(tx, order, wanted.line_id), wanted.quantity, tx.now)
    at_once = order.at_home or _is_of_leader(tx, order, claimant_id)
    answered_in = timedelta(hours=queries.service_of(tx, order.cycle_id).claim_answer_h)
    row = ClaimRow(
        order_id=order.id,
        line_id=wanted.line_id,
        cycle_id=order.cycle_id,
        place_id=order.place_id,
        claimant_id=claimant_id,
        kind=wanted.kind.value,
        quantity=wanted.quantity,
        note=note,
        made_at=tx.now,
        answer_by=None if at_once else tx.now + answered_in,
        state=(State.PASSED_ON if at_once else State.OPEN).value,
        passed_on_at=tx.now if at_once else None,
    )
    claim_id = ClaimId(tx.add(row).id)
    for picture_id in pictures.keep(tx, wanted.pictures, claimant_id):
        tx.add(ClaimPicture(claim_id=claim_id, picture_id=picture_id))
    tx.announce(ClaimMade(claim_id, order.id, order.place_id))
    tx.record("claims.make", claim_id, order_id=order.id, kind=wanted.kind.value, quantity=wanted.quantity)
    return claim_id


def forget_of_erased(tx: Transaction, event: PersonErased) -> None:
    """Forget the photos that an erased person sent, and what they and those who answered wrote of their claims."""
    pictures.forget_pictures_of(tx, event.person_id)
    tx.execute(WITHOUT_WORDS, {"person": event.person_id})


def _is_of_leader(tx: Transaction, order: Order, claimant_id: PersonId) -> bool:
    """Tell whether somebody who leads the point ordered it, collected it or claims it."""
    point = network.point(tx, PointId(order.place_id))
    leaders = people.member_ids(tx, point.organisation_id, Role.LEADER)
    return not {claimant_id, order.consumer_id, order.recipient_id}.isdisjoint(leaders)


def _claimable(tx: Transaction, order: Order, line_id: OrderLineId) -> Claimable:
    if line_id not in {line.id for line in order.lines}:
        raise MissingError(noun="order line", id=line_id)
    found = queries.claimable_lines(tx, order.id).get(line_id)
    if found is None:
        raise rules.NothingHandedOutError
    return found
