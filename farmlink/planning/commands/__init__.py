"""What changes in planning."""

from farmlink.planning.commands.asked import suppose
from farmlink.planning.commands.edited import keep_edited
from farmlink.planning.commands.holds import hold_farm, hold_route, hold_stop, release
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
    "hold_farm",
    "hold_route",
    "hold_stop",
    "keep_edited",
    "plan_closed",
    "point_to",
    "release",
    "renew_lease",
    "report_progress",
    "set_pins",
    "stop_planning",
    "store_plan",
    "suppose",
    "wish_plan",
]
