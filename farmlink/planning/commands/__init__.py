"""What changes in planning."""

from farmlink.planning.commands.pins import plan_closed, remember_answers, set_pins, wish_plan
from farmlink.planning.commands.plans import point_to, store_plan
from farmlink.planning.commands.runs import (
    ask_cancel,
    begin_run,
    end_run,
    fail_run,
    hand_back,
    renew_lease,
    report_progress,
)

__all__ = [
    "ask_cancel",
    "begin_run",
    "end_run",
    "fail_run",
    "hand_back",
    "plan_closed",
    "point_to",
    "remember_answers",
    "renew_lease",
    "report_progress",
    "set_pins",
    "store_plan",
    "wish_plan",
]
