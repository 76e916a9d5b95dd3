"""Keeping a plan that somebody changed by hand, whatever it breaks: what it breaks is kept with it."""

from dataclasses import asdict

import msgspec

from farmlink.cycles import queries as cycles
from farmlink.planning import rules
from farmlink.planning.commands.plans import read_at, write_plan
from farmlink.planning.queries import get_plan
from farmlink.planning.tables import EditedPlan, PlanRun
from farmlink.planning.values import Edit, MadePlan, PlanId, PlanView, Progress, RunId
from farmlink.store import locks
from farmlink.store.transaction import Transaction


def keep_edited(tx: Transaction, edit: Edit, made: MadePlan) -> PlanId:
    """Keep a changed plan as the cycle's next version; it holds when it is published, if it breaks nothing."""
    base = get_plan(tx, edit.base_id)
    locks.exclude(tx, base.cycle_id)
    cycle = cycles.cycle(tx, base.cycle_id)
    rules.require_plannable(cycle.stage)
    run = _run(tx, base, made)
    plan_id = write_plan(tx, base.cycle_id, RunId(run.id), made)
    tx.add(
        EditedPlan(
            plan_id=plan_id,
            base_id=edit.base_id,
            moves=msgspec.to_builtins(edit.moves),
            broken=msgspec.to_builtins(edit.broken),
            read_at=read_at(tx, edit.base_id),
        )
    )
    tx.record("planning.keep", plan_id, base_id=edit.base_id, broken=[one.rule for one in edit.broken])
    return plan_id


def _run(tx: Transaction, base: PlanView, made: MadePlan) -> PlanRun:
    """The run of a version that nobody searched for: it ends as it begins, and supposes what the one before did."""
    before = tx.get(PlanRun, base.run_id)
    costs = Progress("done", best_minor=made.figures["cost_minor"]["objective"])
    return tx.add(
        PlanRun(
            cycle_id=base.cycle_id,
            region_id=before.region_id,
            cause=rules.BY_HAND,
            state="done",
            seed=made.seed,
            publish=False,
            progress=asdict(costs),
            started_at=tx.now,
            leased_until_at=tx.now,
            ended_at=tx.now,
            what_if_id=before.what_if_id,
        )
    )
