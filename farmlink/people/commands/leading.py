"""Who leads a pick-up point shares that with others by their address, ends their part, and leaves it to them."""

from __future__ import annotations

from farmlink.people import queries
from farmlink.people.commands.invitations import invite
from farmlink.people.commands.organisations import grant, revoke
from farmlink.people.rules.leading import require_another
from farmlink.people.values import OrganisationId, PersonId, Role
from farmlink.store import locks
from farmlink.store.transaction import Transaction


def share_lead(tx: Transaction, organisation_id: OrganisationId, name: str, email: str, language: str) -> PersonId:
    """Have whoever has this address lead too; who cannot sign in yet is sent the way to a password."""
    person_id = invite(tx, name, email, language)
    grant(tx, person_id, Role.LEADER, organisation_id)
    return person_id


def stop_leading(tx: Transaction, organisation_id: OrganisationId, person_id: PersonId) -> None:
    """Leave to the others what somebody led together with them; twice changes nothing.

    Raises
    ------
    LastLeaderError
        Nobody else who leads it can sign in; of two who leave at once, one is the last.
    """
    locks.exclude(tx, organisation_id)
    leaders = queries.member_ids(tx, organisation_id, Role.LEADER)
    if person_id in leaders:
        require_another([one for one in leaders if queries.signs_in(tx, one)], person_id)
        revoke(tx, person_id, Role.LEADER, organisation_id)
