"""What is asked, what an answer means, and what silence means."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from farmlink.confirmations.values import Answer, DeclineReason, Question, Reply, RequestView
from farmlink.kernel.errors import ForbiddenError, InvalidError, RefusedError
from farmlink.supply.values import LotCard, LotId, LotState

LINK_PURPOSE: Final = "answer"
LINK_OUTLIVES: Final = timedelta(days=3)
"""A late opener sees what became of the question, instead of an error."""
REMINDED_BEFORE: Final = timedelta(hours=1)
"""So long before the deadline, at the latest, a farm is reminded: time enough to look at what is ripe."""
ANSWERS: Final = frozenset({"accepted", "reduced", "declined"})
FINAL: Final = ANSWERS | {"lapsed"}
ARROWS: Final = {"open": FINAL | {"superseded"}} | {state: ANSWERS - {state} for state in ANSWERS}
"""From one answer to another only a farm goes for which somebody else had answered; the table sees to that."""


class LinkHolderGoneError(ForbiddenError):
    """A link is worth what its holder may do: nothing, once they neither farm there nor plan the cycle."""

    code = "link-holder-gone"
    message = "Whoever got this link no longer answers for this farm. Ask the planner for a new one."


class AnsweredOtherwiseError(RefusedError):
    """Another final answer was given, perhaps on another device."""

    code = "answered-otherwise"
    message = "This was answered already: {state}, {answered} base units. Call the planner if that has to change."


class QuestionWithdrawnError(RefusedError):
    """The plan changed; the farm is asked for another quantity, or for none."""

    code = "question-withdrawn"
    message = "The plan has changed and this question no longer stands. Open the newest one."


class QuestionLapsedError(RefusedError):
    """The deadline passed and silence was taken as the cycle's rule says."""

    code = "question-lapsed"
    message = "The answer was due by {due_at} ({zone}). Call the planner if you can still send it."


class PartOutOfRangeError(InvalidError):
    """A part is less than all that is asked and more than what was promised before."""

    code = "part-out-of-range"
    message = "{field}: a part must be more than {floor} and less than {quantity} base units."


class PartNotInPacksError(InvalidError):
    """Goods leave a farm in whole packs."""

    code = "part-not-in-packs"
    message = "{field}: goods go in packs of {pack} base units; the nearest smaller part is {nearest}."


class ReasonMissingError(InvalidError):
    """A planner can only help, and explain to the consumers, who know why."""

    code = "reason-missing"
    message = "{field}: say why: weather, pest, unripe, sold, labour or other."


class QuantityNotAskedError(InvalidError):
    """Only a part answer names a quantity."""

    code = "quantity-not-asked"
    message = "{field}: only a part answer names a quantity. Leave it out, or answer with a part."


def outdated(taken: Mapping[LotId, int], released: Mapping[LotId, int], held: Mapping[LotId, LotCard]) -> list[LotId]:
    """Lots that are gone, or of which a farm or another cycle has left less than a plan takes, by lot id."""
    return [
        lot_id
        for lot_id, quantity in sorted(taken.items())
        if held[lot_id].state is not LotState.OFFERED
        or held[lot_id].allocated - released.get(lot_id, 0) + quantity > held[lot_id].quantity
    ]


def questions(taken: Mapping[LotId, int], promised: Mapping[LotId, int]) -> list[Question]:
    """One question per lot of which a plan takes more than is promised, by lot id."""
    return [
        Question(lot_id, quantity, promised.get(lot_id, 0))
        for lot_id, quantity in sorted(taken.items())
        if quantity > promised.get(lot_id, 0)
    ]


def still_stands(asked: RequestView | None, question: Question) -> bool:
    """Tell whether an open question already asks for just this, so that nobody is asked twice."""
    return asked is not None and (asked.quantity, asked.floor) == (question.quantity, question.floor)


def remind_at(asked_at: datetime, due_at: datetime) -> datetime | None:
    """When half the time is over, and at least an hour before its end; never where there is no more than that."""
    moment = min(asked_at + (due_at - asked_at) / 2, due_at - REMINDED_BEFORE)
    return moment if moment > asked_at else None


def promised_by(answer: Answer, quantity: int, floor: int, pack: int) -> tuple[int, str | None]:
    """What an answer promises in all, and its reason; refuses an answer that does not fit the question."""
    reason = answer.reason.value if answer.reason else None
    if answer.reply is not Reply.REDUCED:
        if answer.quantity is not None:
            raise QuantityNotAskedError(field="quantity")
        if answer.reply is Reply.ACCEPTED:
            return quantity, None
        if reason is None:
            raise ReasonMissingError(field="reason")
        return floor, reason
    part = answer.quantity
    if part is None or not floor < part < quantity:
        raise PartOutOfRangeError(field="quantity", floor=floor, quantity=quantity)
    if part % pack:
        raise PartNotInPacksError(field="quantity", pack=pack, nearest=part - part % pack)
    return part, reason or DeclineReason.OTHER.value


def promised_by_silence(quantity: int, floor: int, *, standing_yes: bool, farm_choice: bool) -> tuple[str, int]:
    """Silence is no, unless the cycle lets farms choose and this one chose a standing yes."""
    return ("accepted", quantity) if standing_yes and farm_choice else ("lapsed", floor)


def may_object(*, newest: bool, plannable: bool, promised: int, taken: int) -> bool:
    """A farm's own word counts above what was said for it, unless the lot was asked for again or the goods move.

    It takes back whatever it likes, and gives no more than the plan that holds still takes of the lot.
    """
    return newest and plannable and promised <= taken


def limits(promised: int, asked: int, offered: int) -> tuple[int, int]:
    """What the next plan may send of a lot: no less than promised; more only if the farm gave all it was asked for."""
    return promised, max(promised, offered) if promised == asked else promised
