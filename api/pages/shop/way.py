"""The way of an order, from the first promise to the last bag: seven steps, each with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from farmlink.cycles.values import Cycle, Stage
from farmlink.dispatch.values import HandOutView
from farmlink.kernel.locale import marked

HELD: Final = marked("Held, nothing is charged")
CONFIRMED: Final = marked("Confirmed at the cut-off")
ALLOCATED: Final = marked("Shared among the farms")
COLLECTED: Final = marked("Collected from the farms")
ON_THE_ROAD: Final = marked("On the road")
READY: Final = marked("Ready for you")
HANDED_OUT: Final = marked("Handed out")
WAY: Final = (HELD, CONFIRMED, ALLOCATED, COLLECTED, ON_THE_ROAD, READY, HANDED_OUT)
REACHED: Final = {
    Stage.OPEN: 0,
    Stage.CLOSED: 1,
    Stage.PLANNED: 1,
    Stage.CONFIRMING: 2,
    Stage.CONFIRMED: 2,
    Stage.MOVING: 3,
    Stage.DONE: 4,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name, when it was or will be as far as that is known, and done, now or later."""

    name: str
    at: datetime | None
    state: str


def steps(
    cycle: Cycle, placed_at: datetime, hand_outs: list[HandOutView], arrives_at: datetime | None, now: datetime
) -> list[Step]:
    """How far an order has come; when the truck arrives is the published plan's word."""
    ended = [one.ended_at for one in hand_outs if one.ended_at is not None]
    reached = REACHED.get(cycle.stage, 0)
    if hand_outs:
        there = arrives_at is not None and arrives_at <= now
        today = now.astimezone(ZoneInfo(cycle.time_zone)).date()
        reached = 5 if there or (arrives_at is None and today >= cycle.hand_out_on) else 4
    over = bool(hand_outs) and len(ended) == len(hand_outs)
    if over:
        reached = 6
    known = {
        HELD: placed_at,
        CONFIRMED: cycle.closed_at or cycle.closes_at,
        READY: arrives_at,
        HANDED_OUT: max(ended) if over else None,
    }
    return [
        Step(name, known.get(name), "done" if place < reached or over else "now" if place == reached else "later")
        for place, name in enumerate(WAY)
    ]
