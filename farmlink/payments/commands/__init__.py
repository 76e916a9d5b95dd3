"""What changes in payments."""

from farmlink.payments.commands.after import collect, refund, top_up
from farmlink.payments.commands.bulk import lower_many, release_many, settle_many
from farmlink.payments.commands.start import start
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
    "collect",
    "done",
    "hear",
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
    "take_steps",
    "top_up",
]
