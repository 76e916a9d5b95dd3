"""What farms are asked, reminded of and told about their answers: the texts, and who is reminded."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from farmlink.confirmations import commands as asking
from farmlink.confirmations import queries as confirmations
from farmlink.confirmations import rules as answering
from farmlink.confirmations.values import RequestId, RequestState, RequestView
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Silence
from farmlink.kernel.locale import marked
from farmlink.network import queries as network
from farmlink.notify import queries, rules
from farmlink.notify.commands.reactions import tell_farmers
from farmlink.notify.values import Kind, Reader, Written
from farmlink.people import commands as people
from farmlink.store.transaction import Transaction

ANSWER_SOON: Final[rules.Text] = (
    marked("{product} for {day}: nobody has answered yet"),
    marked("Until {due_at} you can still say whether {farm} sends {quantity} of {product} ({grade}) on {day}."),
    marked("Please say yes, a part or no here:"),
    "{link}",
)


def remind(tx: Transaction, cycle_id: CycleId) -> None:
    """Remind the farmers of questions that wait for their answer: once, and only while they wait."""
    claimed = asking.claim_reminders(tx, cycle_id)
    tell_farmers(tx, Kind.ANSWER_SOON, [(request_id, farm_id, request_id) for request_id, farm_id in claimed])


def write_question(tx: Transaction, request_id: UUID, reader: Reader) -> Written | None:
    """Ask a farm; nothing once it has answered."""
    asked = confirmations.request(tx, RequestId(request_id))
    if asked.state != RequestState.OPEN:
        return None
    text = rules.question(promised=asked.floor > 0, silent_yes=_silent_yes(tx, asked))
    return _with_link(tx, asked, text, reader)


def write_answer_soon(tx: Transaction, request_id: UUID, reader: Reader) -> Written | None:
    """Remind a farm, with the link to the same answer; nothing once it has answered, or its time is over."""
    asked = confirmations.request(tx, RequestId(request_id))
    if asked.state != RequestState.OPEN or tx.now >= asked.due_at:
        return None
    silence = rules.SILENT_YES if _silent_yes(tx, asked) else rules.SILENT_NO
    return _with_link(tx, asked, (*ANSWER_SOON, silence), reader)


def write_answered_for(tx: Transaction, request_id: UUID, reader: Reader) -> Written | None:
    """Tell a farm what was answered for it, and until when it may object."""
    asked = confirmations.request(tx, RequestId(request_id))
    if not asked.on_behalf:
        return None  # the farm has given its own answer since
    return _with_link(tx, asked, rules.TEXTS[Kind.ANSWERED_FOR], reader)


def write_question_withdrawn(tx: Transaction, request_id: UUID, reader: Reader) -> Written:
    """Tell a farm that nobody waits for its answer any more."""
    asked = confirmations.request(tx, RequestId(request_id))
    return _about(tx, asked, rules.TEXTS[Kind.QUESTION_WITHDRAWN], reader.language)


def write_silence(tx: Transaction, request_id: UUID, reader: Reader) -> Written:
    """Tell a farm what its silence was taken for."""
    asked = confirmations.request(tx, RequestId(request_id))
    return _about(tx, asked, rules.COUNTED_YES if asked.standing else rules.COUNTED_NO, reader.language)


def _about(tx: Transaction, asked: RequestView, text: rules.Text, language: str) -> Written:
    zone = cycles.cycle(tx, asked.cycle_id).time_zone
    return rules.write(text, language, queries.asked_facts(tx, asked, language), zone)


def _with_link(tx: Transaction, asked: RequestView, text: rules.Text, reader: Reader) -> Written:
    until = asked.due_at + answering.LINK_OUTLIVES
    token = people.make_link(tx, answering.LINK_PURPOSE, asked.id, reader.person_id, until)
    facts = queries.asked_facts(tx, asked, reader.language) | {"link": f"{reader.public_url}/answers/{token}"}
    return rules.write(text, reader.language, facts, cycles.cycle(tx, asked.cycle_id).time_zone)


def _silent_yes(tx: Transaction, asked: RequestView) -> bool:
    chosen = cycles.cycle(tx, asked.cycle_id).silence is Silence.FARM_CHOICE
    return chosen and network.farm(tx, asked.farm_id).standing_yes
