"""What changes in planning."""

from farmlink.planning.commands.pins import plan_closed, set_pins, wish_plan
from farmlink.planning.commands.plans import point_to, store_plan
from farmlink.planning.commands.runs import (
    ask_cancel,
    begin_run,
    end_run,
    fail_run,
    hand_back,
    renew_lease,
    report_progress,
    stop_planning,
)

__all__ = [
    "ask_cancel",
    "begin_run",
    "end_run",
    "fail_run",
    "hand_back",
    "plan_closed",
    "point_to",
    "renew_lease",
    "report_progress",
    "set_pins",
    "stop_planning",
    "store_plan",
    "wish_plan",
]
