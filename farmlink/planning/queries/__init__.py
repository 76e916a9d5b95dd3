"""What is read of planning."""

from farmlink.planning.queries.beside import crowd, held_beside
from farmlink.planning.queries.bringing import delivered_by, leaving, passed_hubs
from farmlink.planning.queries.due import due_to_plan
from farmlink.planning.queries.fetching import fetched_at
from farmlink.planning.queries.holding import may_hold
from farmlink.planning.queries.holds import get_hold, holds
from farmlink.planning.queries.planners import hold_for, is_planner, plan_for, require_planner, run_for
from farmlink.planning.queries.plans import (
    all_allocations,
    allocated_lots,
    allocations,
    blobs,
    expected_declines_ppm,
    explaining,
    get_plan,
    pins,
    plans,
    published_plan,
    routes,
    routes_page,
    shortfalls,
    shortfalls_page,
    standby,
    standby_lot,
    standby_page,
)
from farmlink.planning.queries.runs import assumptions, get_run, runs
from farmlink.planning.queries.season import planned_shares
from farmlink.planning.queries.serving import arrives_at, is_sent, serving
from farmlink.planning.queries.snapshot import snapshot

__all__ = [
    "all_allocations",
    "allocated_lots",
    "allocations",
    "arrives_at",
    "assumptions",
    "blobs",
    "crowd",
    "delivered_by",
    "due_to_plan",
    "expected_declines_ppm",
    "explaining",
    "fetched_at",
    "get_hold",
    "get_plan",
    "get_run",
    "held_beside",
    "hold_for",
    "holds",
    "is_planner",
    "is_sent",
    "leaving",
    "may_hold",
    "passed_hubs",
    "pins",
    "plan_for",
    "planned_shares",
    "plans",
    "published_plan",
    "require_planner",
    "routes",
    "routes_page",
    "run_for",
    "runs",
    "serving",
    "shortfalls",
    "shortfalls_page",
    "snapshot",
    "standby",
    "standby_lot",
    "standby_page",
]
