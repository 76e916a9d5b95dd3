"""Planning what is due and publishing it, again when promises outdated it meanwhile; and telling farms why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from farmlink.confirmations import commands, queries
from farmlink.cycles.values import CycleId
from farmlink.people.values import Principal
from farmlink.planning import queries as planning
from farmlink.planning.commands import wish_plan
from farmlink.planning.rules import (
    NotPlannableError,
    PlanOutdatedError,
    PlanSupersededError,
    RunEndedError,
    RunLiveError,
)
from farmlink.planning.values import Budget, DuePlan, ExplanationView, PlanId, Progress, Subject
from farmlink.planning.work import CHILD, DEFAULT_BUDGET, plan_cycle, unheard
from farmlink.planning.work.explained import explanations
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

ELSEWHERE = (RunLiveError, RunEndedError, NotPlannableError)
"""Another process plans this region, or a person was faster: whoever looks next sees what came of it."""
OUTDATED = (PlanOutdatedError, PlanSupersededError)


def plan_due(store: Store, budget: Budget = DEFAULT_BUDGET, *, command: Sequence[str] = CHILD) -> int:
    """Plan and publish every cycle that waits for it; the number done. A crash between the two loses neither.

    One cycle's failure does not keep the others waiting; all failures are raised together at the end.
    """
    done, failures = 0, []
    for due in store.read(planning.due_to_plan):
        try:
            done += _plan_and_publish(store, due, replace(budget, seed=due.seed), command)
        except Exception as failure:  # noqa: BLE001  # raised below, when the others have had their turn
            failures.append(failure)
    if failures:
        raise ExceptionGroup("some cycles could not be planned", failures)
    return done


def plan_and_publish(
    store: Store,
    cycle_id: CycleId,
    cause: str,
    budget: Budget = DEFAULT_BUDGET,
    on_progress: Callable[[Progress], None] = unheard,
    *,
    command: Sequence[str] = CHILD,
) -> PlanId:
    """Plan a cycle here and now, and let the plan hold; what a crash leaves undone, `plan_due` finds as a wish."""
    run_id = store.run(wish_plan, cycle_id, cause, budget.seed)
    plan_id = plan_cycle(store, cycle_id, cause, budget, on_progress, run_id=run_id, command=command)
    store.run(commands.publish, plan_id)
    return plan_id


def why(store: Store, principal: Principal, plan_id: PlanId) -> list[ExplanationView]:
    """Why a plan asks a farmer's own farms and lots for so much, or does not; nothing about anybody else's."""
    farms = store.read(queries.farms_planned, principal, plan_id)
    told = explanations(store, plan_id)
    lots = store.read(supply.lots_by_id, [LotId(one.id) for one in told if one.subject is Subject.LOT])
    own = {
        Subject.FARM: frozenset[UUID](farms),
        Subject.LOT: frozenset[UUID](lot.id for lot in lots.values() if lot.farm_id in farms),
    }
    return [one for one in told if one.id in own.get(one.subject, ())]


def _plan_and_publish(store: Store, due: DuePlan, budget: Budget, command: Sequence[str]) -> bool:
    try:
        plan_id = due.ready or plan_cycle(store, due.cycle_id, due.cause, budget, run_id=due.run_id, command=command)
        if due.publish:
            store.run(commands.publish, plan_id)
    except ELSEWHERE:
        return False
    except OUTDATED:
        store.run(wish_plan, due.cycle_id, due.cause, due.seed)
        return False
    return True
