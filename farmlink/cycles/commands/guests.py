"""Guests of a private cycle, invited by their address."""

from __future__ import annotations

from farmlink.cycles.commands.draft import invite
from farmlink.cycles.queries import cycle
from farmlink.cycles.rules.refusals import OpenToAllError
from farmlink.cycles.values import CycleId
from farmlink.people import commands as people
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction


def invite_guest(tx: Transaction, cycle_id: CycleId, name: str, email: str, language: str) -> PersonId:
    """Let whoever has this address order in a private cycle; who cannot sign in yet is sent the way to a password."""
    if not cycle(tx, cycle_id).private:
        raise OpenToAllError(cycle_id=cycle_id)
    person_id = people.invite(tx, name, email, language)
    invite(tx, cycle_id, [person_id])
    return person_id
