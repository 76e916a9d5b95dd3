"""Money that is held longer than was promised, told to those who can finish the cycle: once, at its deadline."""

from __future__ import annotations

from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.cycles.rules.thresholds import is_overdue
from farmlink.cycles.values import CycleId
from farmlink.kernel.locale import marked
from farmlink.network import queries as network
from farmlink.notify import rules
from farmlink.notify.commands.reactions import planners_of, tell_many
from farmlink.notify.values import Kind
from farmlink.store.transaction import Transaction

OVERDUE: Final[rules.Text] = (
    marked("{hub}, {day}: everybody was to be charged or released by now"),
    marked("What was ordered at {hub} for {day} has not been finished. What is held for the orders stays held."),
    marked(
        "Count what came in, share it out, hand it out and finish the cycle:"
        " then everybody pays for what they got, and the rest goes back."
    ),
)


def say_overdue(tx: Transaction, cycle_id: CycleId) -> None:
    """Tell the region's planners, once a cycle; nobody does without it, for others' money is held."""
    planners = planners_of(tx, cycles.cycle(tx, cycle_id).region_id)
    tell_many(tx, Kind.OVERDUE, [(cycle_id, planner, cycle_id) for planner in planners])


def write_overdue(tx: Transaction, cycle_id: CycleId, language: str) -> tuple[str, str] | None:
    """Write to a planner that a cycle was to end; nothing while it need not, and once it has."""
    cycle = cycles.cycle(tx, cycle_id)
    if not is_overdue(cycle.threshold_state, cycle.hand_out_on, cycle.time_zone, tx.now):
        return None
    facts = {"hub": network.hub(tx, cycle.hub_id).name, "day": cycle.hand_out_on}
    return rules.write(OVERDUE, language, facts, cycle.time_zone)
