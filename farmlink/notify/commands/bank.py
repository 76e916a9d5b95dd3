"""Where an organisation is paid was changed: the text, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from farmlink.kernel.locale import marked
from farmlink.notify import rules
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind
from farmlink.people import queries as people
from farmlink.people.values import OrganisationId, PersonId, Role
from farmlink.settlement import queries as settlement
from farmlink.settlement.rules import ending
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

TEXT: Final = (
    marked("{organisation} is paid to another account from now on"),
    marked("What {organisation} is owed goes to the account that ends in {ending} from now on."),
    marked("If none of you changed that, tell your hub at once, before it pays out, and choose new passwords."),
)


def say_bank_details_changed(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell every member of an organisation, so that nobody has its money paid to themselves unnoticed."""
    keepers = {one.event.organisation_id for one in announced}
    members = {keeper: set[PersonId]() for keeper in keepers}
    for role in Role:
        for keeper, found in people.members_by_organisation(tx, keepers, role).items():
            members[keeper].update(found)
    told = [
        (one.event_id, member, one.event.organisation_id)
        for one in announced
        for member in sorted(members[one.event.organisation_id])
    ]
    tell_many(tx, Kind.BANK_DETAILS, told)


def write_bank_details(tx: Transaction, organisation_id: OrganisationId, language: str) -> tuple[str, str]:
    """Write how the account ends to which an organisation is paid now, and what to do if that is wrong."""
    kept = settlement.bank_details(tx, [organisation_id])[organisation_id]
    facts = {"organisation": people.organisation(tx, organisation_id).name, "ending": ending(kept)}
    return rules.write(TEXT, language, facts)
