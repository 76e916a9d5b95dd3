"""Saying what was not right, and forgetting who said it."""

from __future__ import annotations

from datetime import timedelta

from farmlink.claims import queries, rules
from farmlink.claims.tables import ClaimPicture, ClaimRow
from farmlink.claims.values import Claimable, ClaimId, ClaimMade, NewClaim, State
from farmlink.kernel.errors import MissingError
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderLineId
from farmlink.people.values import PersonErased, PersonId
from farmlink.store import pictures
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

WITHOUT_WORDS = "UPDATE claim SET note = '' WHERE claimant_id = :person AND note <> ''"


def make(tx: Transaction, wanted: NewClaim, claimant_id: PersonId) -> ClaimId:
    """Claim a part of a line that was handed out, within the time that the cycle's policy grants.

    The point's leader answers first; what was brought home goes to the hub's planners at once.
    """
    exclude(tx, wanted.order_id)  # two claims at once are not to count the same goods
    order, note = orders.order(tx, wanted.order_id), rules.said("note", wanted.note)
    rules.judge(_claimable(tx, order, wanted.line_id), wanted.quantity, tx.now)
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
        answer_by=None if order.at_home else tx.now + answered_in,
        state=(State.PASSED_ON if order.at_home else State.OPEN).value,
        passed_on_at=tx.now if order.at_home else None,
    )
    claim_id = ClaimId(tx.add(row).id)
    for picture_id in pictures.keep(tx, wanted.pictures, claimant_id):
        tx.add(ClaimPicture(claim_id=claim_id, picture_id=picture_id))
    tx.announce(ClaimMade(claim_id, order.id, order.place_id))
    tx.record("claims.make", claim_id, order_id=order.id, kind=wanted.kind.value, quantity=wanted.quantity)
    return claim_id


def forget_of_erased(tx: Transaction, event: PersonErased) -> None:
    """Forget the photos that an erased person sent, and what they wrote of their claims."""
    pictures.forget_pictures_of(tx, event.person_id)
    tx.execute(WITHOUT_WORDS, {"person": event.person_id})


def _claimable(tx: Transaction, order: Order, line_id: OrderLineId) -> Claimable:
    if line_id not in {line.id for line in order.lines}:
        raise MissingError(noun="order line", id=line_id)
    found = queries.claimable_lines(tx, order.id).get(line_id)
    if found is None:
        raise rules.NothingHandedOutError
    return found
