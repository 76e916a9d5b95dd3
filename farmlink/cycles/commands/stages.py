"""The thread of a cycle: open it, pause it, extend it, move it on; each does nothing the second time."""

from __future__ import annotations

from datetime import datetime

from farmlink.cycles.commands.listings import refresh_available
from farmlink.cycles.commands.points import refresh_points
from farmlink.cycles.queries.due import due_to_open
from farmlink.cycles.rules import (
    answers_due_at,
    moment_at,
    require_arrow,
    require_cut_off_before_collection,
    require_cut_off_to_come,
    require_days,
    require_in_calendar,
    require_pausable,
)
from farmlink.cycles.rules.refusals import (
    CycleEmptyError,
    CycleOpenedError,
    CyclePlacelessError,
    ExtendedAlreadyError,
    NotLaterError,
)
from farmlink.cycles.rules.thresholds import require_extension
from farmlink.cycles.tables import OrderCycle
from farmlink.cycles.values import CycleExtended, CycleId, CycleMoved, CyclePaused, Stage, ThresholdState
from farmlink.kernel.clock import day_of
from farmlink.policy import queries as policy
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

SOLD_SOMEWHERE = """
SELECT EXISTS (SELECT FROM listing l JOIN stock s ON s.id = l.stock_id WHERE s.cycle_id = :id) AS sells,
       EXISTS (SELECT FROM cycle_place WHERE cycle_id = :id)
         OR (SELECT home_range_m IS NOT NULL FROM order_cycle WHERE id = :id) AS hands_out
"""


def move(tx: Transaction, cycle_id: CycleId, stage: Stage) -> bool:
    """Bring a cycle to another stage, alone with it; False if it is there already."""
    exclude(tx, cycle_id)
    cycle = tx.lock(OrderCycle, cycle_id)
    return _move(tx, cycle, stage)


def open_cycle(tx: Transaction, cycle_id: CycleId) -> bool:
    """Open a draft for orders: its policy version is pinned and its listings are filled from the lots behind them."""
    exclude(tx, cycle_id)
    cycle = tx.lock(OrderCycle, cycle_id)
    if cycle.stage == Stage.OPEN:
        return False
    require_arrow(Stage(cycle.stage), Stage.OPEN)
    require_cut_off_to_come(cycle.closes_at, tx.now, cycle.time_zone)
    require_days(day_of(cycle.closes_at, cycle.time_zone), cycle.collect_on, cycle.hand_out_on)
    require_extension(cycle.extension_hours, cycle.closes_at, cycle.collect_on, cycle.time_zone)
    found = tx.execute(SOLD_SOMEWHERE, {"id": cycle_id}).one()
    if not found.sells:
        raise CycleEmptyError(cycle_id=cycle_id)
    if not found.hands_out:
        raise CyclePlacelessError(cycle_id=cycle_id)
    refresh_points(tx, cycle_id)
    refresh_available(tx, cycle_id)
    cycle.policy_version = policy.current(tx).version
    cycle.opened_at = tx.now
    return _move(tx, cycle, Stage.OPEN)


def open_due(tx: Transaction, cycle_id: CycleId) -> bool:
    """Open a draft if its opening has come; one that was put off or emptied meanwhile stays a draft."""
    exclude(tx, cycle_id)
    return cycle_id in due_to_open(tx) and open_cycle(tx, cycle_id)


def pause(tx: Transaction, cycle_id: CycleId) -> bool:
    """Stop ordering for a while; the cut-off stays."""
    return _pause(tx, cycle_id, paused=True)


def resume(tx: Transaction, cycle_id: CycleId) -> bool:
    """Let ordering go on."""
    return _pause(tx, cycle_id, paused=False)


def extend(tx: Transaction, cycle_id: CycleId, revision: int, closes: datetime) -> datetime:
    """Move the cut-off of an open cycle to later, so that its threshold may still be met.

    What was declared for too few may follow; once it has, the cut-off stays.
    """
    exclude(tx, cycle_id)
    cycle = tx.lock_as_seen(OrderCycle, cycle_id, revision)
    if cycle.stage != Stage.OPEN:
        raise CycleOpenedError(cycle_id=cycle_id)
    if cycle.threshold_state == ThresholdState.EXTENDED:
        raise ExtendedAlreadyError(closes_at=cycle.closes_at, zone=cycle.time_zone)
    require_in_calendar("closes", closes.date())
    closes_at = moment_at(closes, cycle.time_zone)
    if closes_at <= max(cycle.closes_at, tx.now):
        raise NotLaterError(closes_at=max(cycle.closes_at, tx.now), zone=cycle.time_zone)
    require_cut_off_before_collection("closes", day_of(closes_at, cycle.time_zone), cycle.collect_on)
    require_extension(cycle.extension_hours, closes_at, cycle.collect_on, cycle.time_zone)
    cycle.extended_from_at = cycle.extended_from_at or cycle.closes_at
    cycle.closes_at = closes_at
    cycle.revision += 1
    tx.announce(CycleExtended(cycle_id, closes_at))
    tx.record("cycle.extend", cycle_id, closes_at=closes_at)
    return closes_at


def _pause(tx: Transaction, cycle_id: CycleId, *, paused: bool) -> bool:
    exclude(tx, cycle_id)
    cycle = tx.lock(OrderCycle, cycle_id)
    require_pausable(Stage(cycle.stage))
    if cycle.paused == paused:
        return False
    cycle.paused = paused
    cycle.revision += 1
    tx.announce(CyclePaused(cycle_id, paused))
    tx.record("cycle.pause" if paused else "cycle.resume", cycle_id)
    return True


def _move(tx: Transaction, cycle: OrderCycle, stage: Stage) -> bool:
    old = Stage(cycle.stage)
    if old is stage:
        return False
    require_arrow(old, stage)
    cycle.stage = stage.value
    cycle.revision += 1
    if old is Stage.OPEN:
        cycle.paused = False
        # The clock is read under the lock, so that every order it let in came before the moment that it leaves.
        cycle.closed_at = tx.execute("SELECT clock_timestamp()").scalar_one()
    if stage is Stage.CONFIRMING:
        cycle.answers_due_at = answers_due_at(tx.now, cycle.answer_hours, cycle.collect_on, cycle.time_zone)
    tx.announce(CycleMoved(CycleId(cycle.id), old, stage))
    tx.record("cycle.move", cycle.id, old=old.value, new=stage.value)
    tx.session.flush()
    return True
