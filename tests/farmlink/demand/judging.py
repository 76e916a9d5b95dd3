"""Cut-offs that come, and the steps that thresholds took there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, Stage, ThresholdState
from farmlink.demand import commands
from tests.farmlink.cycles.builders import Market

OPEN, SHORT, EXTENDED = ThresholdState.OPEN, ThresholdState.SHORT, ThresholdState.EXTENDED
MET, ZERO, PARTIAL = ThresholdState.MET, ThresholdState.ZERO, ThresholdState.PARTIAL
CHARGED, RELEASED = ThresholdState.CHARGED, ThresholdState.RELEASED


def steps(market: Market, *, of_cycle: bool = True) -> list[str]:
    """The steps that were told of the cycle's threshold, or of that of its goods, one after the other."""
    told = "SELECT payload FROM outbox_event WHERE name = 'cycle.threshold-moved.v1'"
    rows = market.store.read(lambda tx: list(tx.execute(told).scalars()))
    follow = [(row["old"], row["new"]) for row in rows if (row["stock_id"] is None) == of_cycle]
    after, path = dict(follow), [OPEN.value]
    assert len(after) == len(follow), "a step was taken twice"
    while path[-1] in after:
        path.append(after.pop(path[-1]))
    assert not after
    return path[1:]


def state(market: Market, cycle_id: CycleId) -> ThresholdState:
    return market.cycle(cycle_id).threshold_state


def at_its_cut_off(market: Market, cycle_id: CycleId) -> Stage:
    """Let the clock come to the cut-off, and what is due be done."""
    market.close_in(cycle_id, -1)
    return market.store.run(commands.close_due, cycle_id).stage


def two_grades(
    market: Market, few: Mapping[str, Any] = MappingProxyType({}), **changed: Any
) -> tuple[CycleId, ListingId, ListingId]:
    """Sell bags of a good grade, and of a lesser one of which 20 kg must be wanted."""
    market.lot(50_000, grade=3)
    cycle = market.draft(**changed)
    bags, _ = market.list_apples(cycle.id)
    lesser, _ = market.list_apples(cycle.id, grade=3, threshold=20_000, **few)
    market.store.run(cycles.open_cycle, cycle.id)
    return cycle.id, bags, lesser
