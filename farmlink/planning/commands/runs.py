"""The life of a run: begun under a lease, kept alive by its progress, ended once. Lock order: cycle, region, run."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, CycleMoved
from farmlink.kernel.ids import uuid7
from farmlink.network.values import RegionId
from farmlink.planning import rules
from farmlink.planning.queries import published_plan
from farmlink.planning.queries.runs import ANSWERED, questions
from farmlink.planning.tables import PlanRun, PlanWish, WhatIf
from farmlink.planning.values import Progress, RunId, WhatIfId
from farmlink.store import locks
from farmlink.store.transaction import Transaction

LONGEST_ERROR = 4000
GRANT = "DELETE FROM plan_wish WHERE cycle_id = :cycle AND wished_at <= :begun AND publish = :publish"


def begin_run(
    tx: Transaction,
    cycle_id: CycleId,
    cause: str,
    seed: int,
    run_id: RunId | None = None,
    *,
    publish: bool,
    what_if_id: WhatIfId | None = None,
) -> RunId:
    """Start the one live run of a region; a dead run's place is taken over, and a wished run id is used once."""
    locks.exclude(tx, cycle_id)
    cycle = cycles.cycle(tx, cycle_id)
    rules.require_plannable(cycle.stage)
    locks.exclude(tx, cycle.region_id)
    if what_if_id is not None and tx.session.exec(ANSWERED.where(PlanRun.what_if_id == what_if_id)).first():
        raise rules.RunEndedError(run_id=what_if_id)
    live = tx.session.exec(
        select(PlanRun).where(PlanRun.region_id == cycle.region_id, PlanRun.state == "running").with_for_update()
    ).one_or_none()
    if live is not None:
        if not rules.is_dead(live.leased_until_at, tx.now):
            raise rules.RunLiveError(run_id=live.id)
        _end(tx, live, "failed", "its process went silent")
    # Read under the lock, so that a wish is granted exactly by runs that began after it was there to be seen.
    begun_at = tx.execute("SELECT clock_timestamp()").scalar_one()
    run = tx.add(
        PlanRun(
            id=uuid7() if run_id is None or tx.find(PlanRun, run_id) else run_id,
            cycle_id=cycle_id,
            region_id=cycle.region_id,
            cause=cause,
            seed=seed,
            publish=publish,
            progress=asdict(Progress("starting")),
            started_at=begun_at,
            leased_until_at=begun_at + rules.LEASE,
            what_if_id=what_if_id,
        )
    )
    tx.record("planning.begin", run.id, cycle_id=cycle_id, cause=cause)
    return RunId(run.id)


def report_progress(tx: Transaction, run_id: RunId, progress: Progress) -> bool:
    """Keep a run's lease alive; the answer is whether it should go on."""
    run = _live(tx, run_id)
    run.leased_until_at = tx.now + rules.LEASE
    run.progress = asdict(rules.furthest(Progress(**run.progress), progress))
    tx.session.add(run)
    return not run.cancel_asked


def renew_lease(tx: Transaction, run_id: RunId) -> None:
    """Keep a run alive that has nothing to say: its snapshot is read, or its plan is judged."""
    run = _live(tx, run_id)
    run.leased_until_at = tx.now + rules.LEASE
    tx.session.add(run)


def ask_cancel(tx: Transaction, run_id: RunId) -> None:
    """Ask a live run to stop and keep its best plan so far, or take back one that waits; twice it stops once."""
    wish = tx.session.exec(select(PlanWish).where(PlanWish.run_id == run_id)).first()
    if wish is not None:
        locks.exclude(tx, wish.cycle_id)  # nothing begins it from here on
        if tx.find(PlanRun, run_id) is None:
            _take_back(tx, CycleId(wish.cycle_id), run_id)
            return
    elif (asked := tx.find(WhatIf, run_id)) is not None:
        locks.exclude(tx, asked.cycle_id)
        if tx.find(PlanRun, run_id) is None:
            _drop(tx, asked)
            return
    _stop(tx, _live(tx, run_id))


def make_way(tx: Transaction, region_id: RegionId) -> None:
    """Ask a region's live run to stop where it only answers what if: a plan that shall hold does not wait for it."""
    answering = select(PlanRun).where(
        PlanRun.region_id == region_id, PlanRun.state == "running", col(PlanRun.what_if_id).is_not(None)
    )
    for run in tx.session.exec(answering.with_for_update().execution_options(populate_existing=True)).all():
        _stop(tx, run)


def fail_run(tx: Transaction, run_id: RunId, error: str) -> None:
    """End a run that made no plan at all; a plan that shall hold stays wished for, one to look at does not.

    Where its cycle was cancelled under it, or its goods are on the way, it is cancelled too.
    """
    run = _live(tx, run_id)
    plannable = cycles.cycle(tx, CycleId(run.cycle_id)).stage in rules.PLANNABLE
    _end(tx, run, "failed" if plannable else "cancelled", error[:LONGEST_ERROR])
    if not run.publish and run.what_if_id is None:
        grant(tx, CycleId(run.cycle_id), run.started_at, publish=False)
    tx.record("planning.fail", run_id, error=error[:200])


def stop_planning(tx: Transaction, moved: CycleMoved) -> None:
    """End what would still plan a cycle that cannot be planned any more: a run that waits, and a live one soon."""
    locks.exclude(tx, moved.cycle_id)
    if cycles.cycle(tx, moved.cycle_id).stage in rules.PLANNABLE:
        return
    for wish in tx.session.exec(select(PlanWish).where(PlanWish.cycle_id == moved.cycle_id)).all():
        if tx.find(PlanRun, wish.run_id) is None:
            _end_unbegun(tx, wish)
        else:
            tx.session.delete(wish)
    for asked in tx.session.exec(questions(moved.cycle_id)).all():
        _drop(tx, asked)
    tx.session.flush()
    live = select(PlanRun.id).where(PlanRun.cycle_id == moved.cycle_id, PlanRun.state == "running")
    for run_id in tx.session.exec(live).all():
        ask_cancel(tx, RunId(run_id))


def hand_back(tx: Transaction, run_id: RunId) -> None:
    """End a run whose process is told to stop; its wish still stands, and whoever looks next begins anew."""
    _end(tx, _live(tx, run_id), "stopped", None)
    tx.record("planning.hand-back", run_id)


def end_run(tx: Transaction, run_id: RunId) -> PlanRun:
    """End a run whose plan is being stored in the same transaction; a run that ended stores nothing."""
    run = _live(tx, run_id)
    _end(tx, run, "cancelled" if run.cancel_asked else "done", None)
    return run


def grant(tx: Transaction, cycle_id: CycleId, begun_at: datetime, *, publish: bool) -> None:
    """Let go of the wish, for a plan that holds or for one to look at, that was there when a run began."""
    tx.execute(GRANT, {"cycle": cycle_id, "begun": begun_at, "publish": publish})


def _take_back(tx: Transaction, cycle_id: CycleId, run_id: RunId) -> None:
    """End a run before it began; it stays to be seen."""
    wish = tx.session.exec(
        select(PlanWish).where(PlanWish.run_id == run_id).execution_options(populate_existing=True)
    ).first()
    if wish is None:
        raise rules.RunEndedError(run_id=run_id)
    if wish.publish and (wish.cause != rules.PLANNER or published_plan(tx, cycle_id) is None):
        raise rules.RunNeededError(run_id=run_id)
    _end_unbegun(tx, wish)


def _end_unbegun(tx: Transaction, wish: PlanWish) -> None:
    _cancelled(tx, RunId(wish.run_id), CycleId(wish.cycle_id), cause=wish.cause, seed=wish.seed, publish=wish.publish)
    tx.session.delete(wish)


def _drop(tx: Transaction, asked: WhatIf) -> None:
    """End the run of what was supposed before it began; the question stays to be seen."""
    _cancelled(
        tx,
        RunId(asked.id),
        CycleId(asked.cycle_id),
        cause=rules.PLANNER,
        seed=asked.seed,
        publish=False,
        what_if_id=asked.id,
    )


def _cancelled(tx: Transaction, run_id: RunId, cycle_id: CycleId, **known: Any) -> None:
    tx.add(
        PlanRun(
            id=run_id,
            cycle_id=cycle_id,
            region_id=cycles.cycle(tx, cycle_id).region_id,
            state="cancelled",
            progress=asdict(Progress("waiting")),
            cancel_asked=True,
            started_at=tx.now,
            leased_until_at=tx.now,
            ended_at=tx.now,
            **known,
        )
    )
    tx.record("planning.take-back", run_id, cycle_id=cycle_id)


def _stop(tx: Transaction, run: PlanRun) -> None:
    if run.cancel_asked:
        return
    run.cancel_asked = True
    tx.session.add(run)
    tx.record("planning.cancel", run.id)


def _live(tx: Transaction, run_id: RunId) -> PlanRun:
    run = tx.lock(PlanRun, run_id)
    if run.state != "running":
        raise rules.RunEndedError(run_id=run_id)
    return run


def _end(tx: Transaction, run: PlanRun, state: str, error: str | None) -> None:
    run.state, run.error, run.ended_at = state, error, tx.now
    elapsed_s = int((tx.now - run.started_at).total_seconds())
    run.progress = asdict(rules.furthest(Progress(**run.progress), Progress(state, elapsed_s=elapsed_s)))
    tx.session.add(run)
    tx.session.flush()
