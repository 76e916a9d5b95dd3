"""Runs as planners see them."""

from dataclasses import fields

import msgspec
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, Paging, page
from farmlink.planning.rules import PLANNER
from farmlink.planning.tables import Plan, PlanRun, PlanWish, WhatIf
from farmlink.planning.values import Assumptions, Progress, RunId, RunView, WhatIfId
from farmlink.store.transaction import Transaction

WAITING = "waiting"
ANSWERED = select(PlanRun.id).where(col(PlanRun.state).in_(["done", "failed", "cancelled"]))
ELSEWHERE = frozenset({"plan_id", "what_if"})
"""What of a run's view is not in its own row."""


def get_run(tx: Transaction, run_id: RunId) -> RunView:
    """One run; one that is wished for and has not begun waits."""
    run = tx.find(PlanRun, run_id)
    if run is None and (asked := tx.find(WhatIf, run_id)) is not None:
        return _supposed(asked)
    if run is None:
        wish = tx.session.exec(select(PlanWish).where(PlanWish.run_id == run_id)).first()
        if wish is not None:
            return _waiting(wish)
        run = tx.get(PlanRun, run_id)
    plan_id = tx.session.exec(select(Plan.id).where(Plan.run_id == run_id)).one_or_none()
    return _view(run, plan_id, None if run.what_if_id is None else tx.get(WhatIf, run.what_if_id))


def runs(tx: Transaction, cycle_id: CycleId, paging: Paging) -> Page[RunView]:
    """The runs of a cycle, those that wait to begin included, the newest first."""
    wanted = (
        select(PlanRun, Plan.id, WhatIf)
        .outerjoin(Plan, col(Plan.run_id) == PlanRun.id)
        .outerjoin(WhatIf, col(WhatIf.id) == PlanRun.what_if_id)
        .where(PlanRun.cycle_id == cycle_id)
        .order_by(col(PlanRun.id).desc())
        .limit(paging.limit + 1)
    )
    if paging.after is not None:
        wanted = wanted.where(col(PlanRun.id) < paging.after)
    found = [_view(*row) for row in tx.session.exec(wanted)]
    found += [view for view in _waiting_runs(tx, cycle_id) if paging.after is None or view.id < paging.after]
    return page(sorted(found, key=lambda view: view.id, reverse=True), paging, lambda view: view.id)


def questions(cycle_id: CycleId) -> SelectOfScalar[WhatIf]:
    """What is supposed of a cycle and has not begun."""
    begun = select(PlanRun.id).where(PlanRun.what_if_id == WhatIf.id)
    return select(WhatIf).where(WhatIf.cycle_id == cycle_id, ~begun.exists())


def unanswered(tx: Transaction, cycle_id: CycleId) -> int:
    """How many questions about a cycle have no run that ended: they wait, or are being answered."""
    answered = ANSWERED.where(PlanRun.what_if_id == WhatIf.id)
    waiting = select(func.count()).select_from(WhatIf).where(WhatIf.cycle_id == cycle_id, ~answered.exists())
    return tx.session.exec(waiting).one()


def assumptions(tx: Transaction, what_if_id: WhatIfId | None) -> Assumptions:
    """What a run supposes; nothing but what is, where nobody asked what if."""
    asked = None if what_if_id is None else tx.get(WhatIf, what_if_id)
    return supposed(asked) or Assumptions()


def supposed(asked: WhatIf | None) -> Assumptions | None:
    """What somebody supposed, as a value; None where nobody did."""
    return None if asked is None else msgspec.convert(asked.assumptions, Assumptions)


def _view(run: PlanRun, plan_id: object, asked: WhatIf | None) -> RunView:
    known = {field.name: getattr(run, field.name) for field in fields(RunView) if field.name not in ELSEWHERE}
    known["progress"] = Progress(**run.progress)
    return RunView(**known, plan_id=plan_id, what_if=supposed(asked))  # type: ignore[arg-type]  # plan ids


def _waiting_runs(tx: Transaction, cycle_id: CycleId) -> list[RunView]:
    """What is wished for and has not begun; one that is tried again under another id has."""
    unbegun = select(PlanWish).where(PlanWish.cycle_id == cycle_id, col(PlanWish.run_id).not_in(select(PlanRun.id)))
    return [
        *(_waiting(wish) for wish in tx.session.exec(unbegun)),
        *(_supposed(asked) for asked in tx.session.exec(questions(cycle_id))),
    ]


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


def _supposed(asked: WhatIf) -> RunView:
    return RunView(
        id=RunId(asked.id),
        cycle_id=CycleId(asked.cycle_id),
        cause=PLANNER,
        state=WAITING,
        seed=asked.seed,
        publish=False,
        progress=Progress(WAITING),
        cancel_asked=False,
        error=None,
        started_at=asked.asked_at,
        ended_at=None,
        plan_id=None,
        what_if=supposed(asked),
    )
