"""Claims: told to the leaders who answer them first, and how they ended to whoever made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.rules import amount
from farmlink.claims import queries as claims
from farmlink.claims.values import Claim, ClaimId, Kind, State
from farmlink.cycles import queries as cycles
from farmlink.kernel.errors import MissingError
from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.notify import rules
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind as Letter
from farmlink.notify.values import Reader, Written
from farmlink.orders import queries as orders
from farmlink.people import queries as people
from farmlink.people.values import Role
from farmlink.settlement import queries as settlement
from farmlink.settlement.values import CreditNoteId
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

KINDS: Final[Mapping[Kind, str]] = {
    Kind.MISSING: marked("missing"),
    Kind.DAMAGED: marked("damaged"),
    Kind.SPOILT: marked("spoilt"),
    Kind.OTHER: marked("not what was ordered"),
}
MADE: Final[rules.Text] = (
    marked("A claim at {point}: {product}"),
    marked("Somebody who fetched their order on {day} says of {quantity} of {product}: {kind}."),
    marked("Please accept it or pass it on by {answer_by}; after that the hub's planners decide:"),
    "{link}",
)
ACCEPTED: Final[rules.Text] = (
    marked("Your claim is accepted: {product}"),
    marked("Of {claimed} of {product} that you claimed, {accepted} are accepted. {credited} are given back."),
    marked("What you have not paid yet is asked less; what you paid comes back the way you paid, or as credit."),
)
WHY: Final = marked("Why not all of it: {reason}")
DECLINED: Final[rules.Text] = (
    marked("Your claim is declined: {product}"),
    marked("Your claim of {claimed} of {product} is declined. Why: {reason}"),
    marked("If you see it otherwise, write to your pick-up point."),
)


def say_claims_made(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell the leaders of the point that handed it out; what was brought home goes to planners, who see a list."""
    points = network.points_by_id(tx, {PointId(one.event.place_id) for one in announced})
    leaders = people.members_by_organisation(tx, {point.organisation_id for point in points.values()}, Role.LEADER)
    told = [
        (one.event_id, leader, one.event.claim_id)
        for one in announced
        if (point := points.get(PointId(one.event.place_id)))
        for leader in leaders.get(point.organisation_id, ())
    ]
    tell_many(tx, Letter.CLAIM_MADE, told)


def say_claims_decided(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell whoever made a claim what became of it."""
    told = [(one.event_id, one.event.claimant_id, one.event.claim_id) for one in announced]
    tell_many(tx, Letter.CLAIM_DECIDED, told)


def write_claim_made(tx: Transaction, claim_id: ClaimId, reader: Reader) -> Written | None:
    """Write what is claimed, and until when the leader answers; nothing if that is over."""
    found = claims.claim(tx, claim_id)
    if found.state is not State.OPEN:
        return None
    facts = _facts(tx, found, reader.language)
    facts |= {
        "point": network.point(tx, PointId(found.place_id)).name,
        "kind": render(KINDS[found.kind], reader.language),
        "answer_by": found.answer_by,
        "link": f"{reader.public_url}/lead/points/{found.place_id}/claims",
    }
    return rules.write(MADE, reader.language, facts, cycles.cycle(tx, found.cycle_id).time_zone)


def write_claim_decided(tx: Transaction, claim_id: ClaimId, reader: Reader) -> Written:
    """Write how a claim ended, and what comes back; of a claim that is still open there is nothing to write."""
    found = claims.claim(tx, claim_id)
    if found.decided_at is None:
        raise MissingError(noun="claim", id=claim_id)
    zone = cycles.cycle(tx, found.cycle_id).time_zone
    facts = _facts(tx, found, reader.language) | {"reason": found.reason}
    if found.accepted is None:
        return rules.write(DECLINED, reader.language, facts, zone)
    note = settlement.credit_note(tx, CreditNoteId(found.id))
    facts["credited"] = Money(note.amount_minor, note.currency)
    text = ACCEPTED if not found.reason else (*ACCEPTED[:2], WHY, *ACCEPTED[2:])
    return rules.write(text, reader.language, facts, zone)


def _facts(tx: Transaction, found: Claim, language: str) -> dict[str, object]:
    line = next(one for one in orders.lines_of(tx, [found.order_id])[found.order_id] if one.id == found.line_id)
    product = catalogue.product_card(tx, line.product_id)
    quantities = {"quantity": found.quantity, "claimed": found.quantity, "accepted": found.accepted or 0}
    said = {word: amount(quantity, product.base_unit, language) for word, quantity in quantities.items()}
    day = cycles.cycle(tx, found.cycle_id).hand_out_on
    return {"product": rules.named(product.name, language), "day": day, **said}
