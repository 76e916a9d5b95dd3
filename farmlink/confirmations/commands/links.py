"""Answering by the link in a message: no password, and the first device that answers owns it."""

from farmlink.confirmations import queries, rules
from farmlink.confirmations.commands.answer import answer
from farmlink.confirmations.values import Answer, RequestId, RequestView
from farmlink.people import commands as people
from farmlink.people.values import Principal
from farmlink.store.transaction import Transaction


def make_answer_link(tx: Transaction, principal: Principal, request_id: RequestId) -> str:
    """Make the token of a question's link; it outlives the deadline by some days.

    Whoever makes it holds it: what is answered by a planner's link was answered for the farm.
    """
    request = queries.request_for(tx, principal, request_id)
    tx.record("confirmation.link", request_id, person_id=principal.person_id)
    until = request.due_at + rules.LINK_OUTLIVES
    return people.make_link(tx, rules.LINK_PURPOSE, request_id, principal.person_id, until)


def answer_by_link(tx: Transaction, token: str, device: str, given: Answer) -> RequestView:
    """Answer the question behind a link, and bind the link to this device."""
    link = people.use_link(tx, rules.LINK_PURPOSE, token, device)
    return answer(tx, queries.request_of_holder(tx, link).id, given, link.person_id)
