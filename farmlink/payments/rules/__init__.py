"""What a payment may become: pure; every rule answers with a turn, the same one when nothing changes."""

from farmlink.payments.rules.after import collect, refund
from farmlink.payments.rules.arrows import ARROWS, OPEN, SETTLED, STEP_ARROWS
from farmlink.payments.rules.before import (
    begin,
    follows,
    lower,
    make_room,
    outgrown,
    release,
    replace_open,
    settle,
    takes,
)
from farmlink.payments.rules.heard import called_off, give_up, opened, refused, seen, watched
from farmlink.payments.rules.waiting import gives_up, wait_after

__all__ = [
    "ARROWS",
    "OPEN",
    "SETTLED",
    "STEP_ARROWS",
    "begin",
    "called_off",
    "collect",
    "follows",
    "give_up",
    "gives_up",
    "lower",
    "make_room",
    "opened",
    "outgrown",
    "refund",
    "refused",
    "release",
    "replace_open",
    "seen",
    "settle",
    "takes",
    "wait_after",
    "watched",
]
