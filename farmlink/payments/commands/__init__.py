"""What changes in payments."""

from farmlink.payments.commands.after import collect, refund, top_up
from farmlink.payments.commands.bulk import lower_many, release_many, settle_many
from farmlink.payments.commands.given_back import come_back, go_on, stick, take_given_back
from farmlink.payments.commands.reconciled import claim_books, keep_reconciled, leave_books
from farmlink.payments.commands.start import follow, start
from farmlink.payments.commands.steps import (
    called_off,
    done,
    hear,
    look_again,
    opened,
    put_off,
    refuse,
    see,
    take_steps,
)

__all__ = [
    "called_off",
    "claim_books",
    "collect",
    "come_back",
    "done",
    "follow",
    "go_on",
    "hear",
    "keep_reconciled",
    "leave_books",
    "look_again",
    "lower_many",
    "opened",
    "put_off",
    "refund",
    "refuse",
    "release_many",
    "see",
    "settle_many",
    "start",
    "stick",
    "take_given_back",
    "take_steps",
    "top_up",
]
