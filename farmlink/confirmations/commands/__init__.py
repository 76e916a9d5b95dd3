"""What changes in confirmations."""

from farmlink.confirmations.commands.answer import answer, end_answers, lapse
from farmlink.confirmations.commands.harvest import drop_failed_lot
from farmlink.confirmations.commands.links import answer_by_link, make_answer_link
from farmlink.confirmations.commands.publish import publish
from farmlink.confirmations.commands.remind import claim_reminders

__all__ = [
    "answer",
    "answer_by_link",
    "claim_reminders",
    "drop_failed_lot",
    "end_answers",
    "lapse",
    "make_answer_link",
    "publish",
]
