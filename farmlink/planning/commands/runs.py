"""The life of a run: begun under a lease, kept alive by its progress, ended once. Lock order: cycle, region, run."""

from sqlmodel import select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.ids import uuid7
from farmlink.planning import rules
from farmlink.planning.tables import PlanRun, PlanWish
from farmlink.planning.values import Progress, RunId
from farmlink.store import locks
from farmlink.store.transaction import Transaction

LONGEST_ERROR = 4000


def begin_run(tx: Transaction, cycle_id: CycleId, cause: str, seed: int, run_id: RunId | None = None) -> RunId:
    """Start the one live run of a region; a dead run's place is taken over, and a wished run id is used once."""
    locks.exclude(tx, cycle_id)
    cycle = cycles.cycle(tx, cycle_id)
    rules.require_plannable(cycle.stage)
    locks.exclude(tx, cycle.region_id)
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
            progress={"stage": "starting"},
            started_at=begun_at,
            leased_until_at=begun_at + rules.LEASE,
        )
    )
    tx.record("planning.begin", run.id, cycle_id=cycle_id, cause=cause)
    return RunId(run.id)


def report_progress(tx: Transaction, run_id: RunId, progress: Progress) -> bool:
    """Keep a run's lease alive; the answer is whether it should go on."""
    run = _live(tx, run_id)
    run.leased_until_at = tx.now + rules.LEASE
    run.progress = {
        "stage": progress.stage,
        "best_minor": progress.best_minor,
        "bound_minor": progress.bound_minor,
        "elapsed_s": progress.elapsed_s,
        "memory_mb": progress.memory_mb,
    }
    tx.session.add(run)
    return not run.cancel_asked


def ask_cancel(tx: Transaction, run_id: RunId) -> None:
    """Ask a live run to stop and keep its best plan so far; asked twice, it stops once."""
    if tx.session.exec(select(PlanWish).where(PlanWish.run_id == run_id)).first() and not tx.find(PlanRun, run_id):
        raise rules.RunWaitingError(run_id=run_id)
    run = _live(tx, run_id)
    if run.cancel_asked:
        return
    run.cancel_asked = True
    tx.session.add(run)
    tx.record("planning.cancel", run_id)


def fail_run(tx: Transaction, run_id: RunId, error: str) -> None:
    """End a run that made no plan at all."""
    _end(tx, _live(tx, run_id), "failed", error[:LONGEST_ERROR])
    tx.record("planning.fail", run_id, error=error[:200])


def end_run(tx: Transaction, run_id: RunId) -> PlanRun:
    """End a run whose plan is being stored in the same transaction; a run that ended stores nothing."""
    run = _live(tx, run_id)
    _end(tx, run, "cancelled" if run.cancel_asked else "done", None)
    return run


def _live(tx: Transaction, run_id: RunId) -> PlanRun:
    run = tx.lock(PlanRun, run_id)
    if run.state != "running":
        raise rules.RunEndedError(run_id=run_id)
    return run


def _end(tx: Transaction, run: PlanRun, state: str, error: str | None) -> None:
    run.state, run.error, run.ended_at = state, error, tx.now
    tx.session.add(run)
    tx.session.flush()
