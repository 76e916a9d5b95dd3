"""What a credit note takes back, and from whom."""

from __future__ import annotations

from farmlink.kernel.bounds import MOST, within
from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked
from farmlink.kernel.money import divide_half_up
from farmlink.ledger.values import Account, AccountKind
from farmlink.settlement.rules.refusals import CreditAboveChargeError, MoreCratesError, NoteDiffersError
from farmlink.settlement.values import Bearer, CreditNote, Item, NewCreditNote, Part, Reversible

LONGEST_REASON = 200


def check_note(note: NewCreditNote) -> None:
    """Refuse a credit note that can never be right."""
    within("amount_minor", note.amount_minor, 1, MOST)
    if not 0 < len(note.reason.strip()) <= LONGEST_REASON:
        raise InvalidError(field="reason", reason=marked("Say why, in at most 200 characters."))


def require_same_note(made: CreditNote, note: NewCreditNote) -> None:
    """A key that was used means what it meant."""
    said = (made.order_id, made.line_id, made.amount_minor, made.bearer, made.reason)
    if said != (note.order_id, note.line_id, note.amount_minor, note.bearer, note.reason.strip()):
        raise NoteDiffersError(credited_minor=made.amount_minor, currency=made.currency)


def taken_back(line: Reversible, amount_minor: int, bearer: Bearer, spread: Account) -> tuple[Part, ...]:
    """The parts of a line that a credit note reverses: tax always by its share, the others theirs, or the hub all.

    Rounding looks at all notes together, so that a line that is taken back wholly is taken back to the cent.
    """
    left = line.charged_minor - line.credited_minor
    if amount_minor > left:
        raise CreditAboveChargeError(left_minor=left, amount_minor=amount_minor, currency=spread.currency)
    parts: list[Part] = []
    for part in line.parts:
        if part.item is Item.SPREAD or (bearer is Bearer.HUB and part.item not in {Item.SALE, Item.TAX}):
            continue
        before = line.credited_minor if part.item in {Item.SALE, Item.TAX} else line.shared_minor
        back = divide_half_up(part.minor * (before + amount_minor), line.charged_minor) - line.reversed.get(part, 0)
        parts.append(_turned(part, -back))
    rest = -sum(part.minor for part in parts)
    sale = next(part for part in line.parts if part.item is Item.SALE)
    parts.append(Part(item=Item.SPREAD, account=spread, minor=rest, line_id=sale.line_id))
    return tuple(part for part in parts if part.minor)


def deposit_back(consumer: Account, crates: int, out: int, deposit_minor: int) -> tuple[Part, ...]:
    """What is given back for crates that came back; `consumer` is what they owe."""
    within("crates", crates, 1, MOST)
    if crates > out:
        raise MoreCratesError(crates=crates, out=out)
    kept = Account(AccountKind.DEPOSIT, consumer.owner_id, consumer.currency)
    minor = crates * deposit_minor
    return (
        Part(item=Item.DEPOSIT, account=consumer, minor=minor),
        Part(item=Item.DEPOSIT, account=kept, minor=-minor, quantity=-crates),
    )


def _turned(part: Part, minor: int) -> Part:
    return Part(item=part.item, account=part.account, minor=minor, line_id=part.line_id, lot_id=part.lot_id)
