"""Runs as planners see them."""

from dataclasses import fields

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, Paging, page
from farmlink.planning.tables import Plan, PlanRun, PlanWish
from farmlink.planning.values import Progress, RunId, RunView
from farmlink.store.transaction import Transaction

WAITING = "waiting"


def get_run(tx: Transaction, run_id: RunId) -> RunView:
    """One run; one that is wished for and has not begun waits."""
    run = tx.find(PlanRun, run_id)
    if run is None:
        wish = tx.session.exec(select(PlanWish).where(PlanWish.run_id == run_id)).first()
        if wish is not None:
            return _waiting(wish)
        run = tx.get(PlanRun, run_id)
    plan_id = tx.session.exec(select(Plan.id).where(Plan.run_id == run_id)).one_or_none()
    return _view(run, plan_id)


def runs(tx: Transaction, cycle_id: CycleId, paging: Paging) -> Page[RunView]:
    """The runs of a cycle, those that wait to begin included, the newest first."""
    wanted = (
        select(PlanRun, Plan.id)
        .outerjoin(Plan, col(Plan.run_id) == PlanRun.id)
        .where(PlanRun.cycle_id == cycle_id)
        .order_by(col(PlanRun.id).desc())
        .limit(paging.limit + 1)
    )
    if paging.after is not None:
        wanted = wanted.where(col(PlanRun.id) < paging.after)
    found = [_view(run, plan_id) for run, plan_id in tx.session.exec(wanted)]
    found += [view for view in _waiting_runs(tx, cycle_id) if paging.after is None or view.id < paging.after]
    return page(sorted(found, key=lambda view: view.id, reverse=True), paging, lambda view: view.id)


def _view(run: PlanRun, plan_id: object) -> RunView:
    known = {field.name: getattr(run, field.name) for field in fields(RunView) if field.name != "plan_id"}
    known["progress"] = Progress(**run.progress)
    return RunView(**known, plan_id=plan_id)  # type: ignore[arg-type]  # the column holds plan ids


def _waiting_runs(tx: Transaction, cycle_id: CycleId) -> list[RunView]:
    """What is wished for and has not begun; one that is tried again under another id has."""
    unbegun = select(PlanWish).where(PlanWish.cycle_id == cycle_id, col(PlanWish.run_id).not_in(select(PlanRun.id)))
    return [_waiting(wish) for wish in tx.session.exec(unbegun)]


def _waiting(wish: PlanWish) -> RunView:
    return RunView(
        id=RunId(wish.run_id),
        cycle_id=CycleId(wish.cycle_id),
        cause=wish.cause,
        state=WAITING,
        seed=wish.seed,
        publish=wish.publish,
        progress=Progress(WAITING),
        cancel_asked=False,
        error=None,
        started_at=wish.wished_at,
        ended_at=None,
        plan_id=None,
    )
