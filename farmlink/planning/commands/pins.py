"""What the next plan must keep: promises of farms, and the wish for a new plan."""

from collections.abc import Iterable

from sqlmodel import col, select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.demand.values import DemandClosed
from farmlink.kernel.ids import uuid7
from farmlink.planning import rules
from farmlink.planning.commands.runs import make_way
from farmlink.planning.tables import Pin, PlanRun, PlanWish
from farmlink.planning.values import PinChange, RunId
from farmlink.store import locks
from farmlink.store.transaction import Transaction


def wish_plan(
    tx: Transaction, cycle_id: CycleId, cause: str, seed: int | None = None, *, publish: bool = True
) -> RunId:
    """Ask for a (new) plan; the next tick starts the run of this id, and again until its wish is granted.

    Who asks while another's wish of the same kind waits gets the same run: it answers both. A plan that is only
    looked at and one that shall hold are two kinds, and what if gives way to the latter. A planner's seed other than 1
    is not made another by joining.
    """
    locks.exclude(tx, cycle_id)
    cycle = cycles.cycle(tx, cycle_id)
    rules.require_plannable(cycle.stage)
    wished_at = tx.execute("SELECT clock_timestamp()").scalar_one()  # under the lock: see `begin_run`
    wish = tx.session.get(PlanWish, (cycle_id, publish), populate_existing=True)
    if wish is None:
        wish = PlanWish(cycle_id=cycle_id, run_id=uuid7(), cause=cause, seed=rules.ANY_SEED, publish=publish)
    elif tx.find(PlanRun, wish.run_id) is not None:
        wish.run_id, wish.seed = uuid7(), rules.ANY_SEED
    wish.cause, wish.seed = rules.joined_cause(wish.cause, cause), rules.joined_seed(wish.seed, seed)
    wish.wished_at = wished_at
    tx.add(wish)
    tx.record("planning.wish", cycle_id, run_id=wish.run_id, cause=cause, publish=publish)
    if publish:
        make_way(tx, cycle.region_id)
    return RunId(wish.run_id)


def plan_closed(tx: Transaction, closed: DemandClosed) -> None:
    """Plan what the cut-off made, unless that was wished for or begun before; a plan to look at is not enough."""
    locks.exclude(tx, closed.cycle_id)
    begun = select(PlanRun.id).where(PlanRun.cycle_id == closed.cycle_id, PlanRun.publish)
    if tx.session.exec(begun.limit(1)).first() is not None:
        return
    waits = tx.session.get(PlanWish, (closed.cycle_id, True)) is not None
    if not waits and cycles.cycle(tx, closed.cycle_id).stage in rules.PLANNABLE:
        wish_plan(tx, closed.cycle_id, "cut-off")


def set_pins(tx: Transaction, cycle_id: CycleId, changes: Iterable[PinChange]) -> bool:
    """Write what farms promised or refused; whether that changed anything: the same answer twice does not."""
    wanted = {change.lot_id: change for change in changes}
    chosen = select(Pin).where(Pin.cycle_id == cycle_id, col(Pin.lot_id).in_(wanted)).with_for_update()
    held = {pin.lot_id: pin for pin in tx.session.exec(chosen)}
    changed = False
    for lot_id, change in sorted(wanted.items()):
        pin = held.get(lot_id)
        if pin is None:
            pin = Pin(cycle_id=cycle_id, lot_id=lot_id, at_least=change.at_least, at_most=change.at_most)
        elif (pin.at_least, pin.at_most) == (change.at_least, change.at_most):
            continue
        pin.at_least, pin.at_most = change.at_least, change.at_most
        tx.session.add(pin)
        changed = True
    tx.session.flush()
    return changed
