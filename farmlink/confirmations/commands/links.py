"""Answering by the link in a message: no password, and the first device that answers owns it."""

from farmlink.confirmations import queries, rules
from farmlink.confirmations.commands.answer import answer
from farmlink.confirmations.values import Answer, RequestId, RequestView
from farmlink.network import queries as network
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction


def make_answer_link(tx: Transaction, principal: Principal, request_id: RequestId) -> str:
    """Make the token of a question's link, for the farm's first farmer; it outlives the deadline by some days."""
    request = queries.request_for(tx, principal, request_id)
    farmers = persons.member_ids(tx, network.farm(tx, request.farm_id).organisation_id, Role.FARMER)
    person_id = farmers[0] if farmers else principal.person_id
    return people.make_link(tx, rules.LINK_PURPOSE, request_id, person_id, request.due_at + rules.LINK_OUTLIVES)


def answer_by_link(tx: Transaction, token: str, device: str, given: Answer) -> RequestView:
    """Answer the question behind a link, and bind the link to this device."""
    link = people.use_link(tx, rules.LINK_PURPOSE, token, device)
    return answer(tx, queries.request_of_holder(tx, link).id, given, link.person_id)
