"""Accepting a claim: what it is of is given back in the same transaction."""

from __future__ import annotations

from typing import Final

from farmlink.claims import commands as claims
from farmlink.claims import queries as claim_queries
from farmlink.claims.values import Claim, Granted, Kind
from farmlink.dispatch import queries as dispatch
from farmlink.kernel.locale import marked, render
from farmlink.orders import queries as orders
from farmlink.people import queries as people
from farmlink.settlement import queries
from farmlink.settlement.commands.credit import credit, hold_charge
from farmlink.settlement.rules import claiming
from farmlink.settlement.values import CreditNote, NewCreditNote
from farmlink.store.transaction import Transaction

REASONS: Final = {
    Kind.MISSING: marked("Claim: some of it was missing."),
    Kind.DAMAGED: marked("Claim: some of it was damaged."),
    Kind.SPOILT: marked("Claim: some of it was spoilt."),
    Kind.OTHER: marked("Claim: some of it was not what was ordered."),
}
"""Why money goes back, written in the language of who gets it."""


def accept_claim(tx: Transaction, granted: Granted) -> CreditNote:
    """Accept a claim, wholly or in part, and give back what that part was charged; its credit note has its id."""
    seen = claim_queries.claim(tx, granted.claim_id)
    hold_charge(tx, seen.order_id)
    before = claim_queries.accepted_of(tx, seen.line_id)
    return credit(tx, _note(tx, claims.grant(tx, granted), before))


def _note(tx: Transaction, found: Claim, before: int) -> NewCreditNote:
    assert found.accepted is not None, "it was granted just now"
    assert found.blame is not None, "it was decided just now"
    line = queries.reversible(tx, found.order_id, found.line_id)
    (end,) = (one for one in dispatch.hand_outs(tx, found.order_id) if one.line_id == found.line_id)
    assert end.handed_out, "nothing else can be claimed"
    payer = orders.order(tx, found.order_id).consumer_id
    return NewCreditNote(
        key=found.id,
        order_id=found.order_id,
        line_id=found.line_id,
        amount_minor=claiming.given_back_minor(line, end.handed_out, before, found.accepted),
        reason=render(REASONS[found.kind], people.contact(tx, payer).language),
        bearer=claiming.bearer_of(found.blame),
    )
