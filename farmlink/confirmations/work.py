"""Planning what is due and publishing it, again when promises outdated it meanwhile; and telling farms why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Event
from typing import Final
from uuid import UUID

from farmlink.confirmations import commands, queries
from farmlink.cycles.values import CycleId
from farmlink.network.values import RegionId
from farmlink.people.values import Principal
from farmlink.planning import queries as planning
from farmlink.planning.commands import wish_plan
from farmlink.planning.rules import (
    NotPlannableError,
    PlanCrowdedError,
    PlanOutdatedError,
    PlanSupersededError,
    RunEndedError,
    RunLiveError,
)
from farmlink.planning.values import Budget, DuePlan, ExplanationView, PlanId, Progress, Subject, WhatIfId
from farmlink.planning.work import CHILD, DEFAULT_BUDGET, RunStoppedError, plan_cycle, unheard
from farmlink.planning.work.explained import explanations
from farmlink.store.store import Store
from farmlink.supply import queries as supply

ELSEWHERE = (RunLiveError, RunEndedError, RunStoppedError, NotPlannableError)
"""Another process plans this region, or will, or a person was faster: whoever looks next sees what came of it."""
AT_ONCE: Final = max(1, (os.cpu_count() or 2) // 2)
"""Solves at once: each uses two processes."""
LOOK_S: Final = 2.0
"""While solves go on and there is room for another, who fell due meanwhile waits no longer than this."""
OUTDATED = (PlanCrowdedError, PlanOutdatedError, PlanSupersededError)


def plan_due(
    store: Store, budget: Budget = DEFAULT_BUDGET, *, command: Sequence[str] = CHILD, stop: Event | None = None
) -> int:
    """Plan and publish every cycle that waits for it; the number done. A crash between the two loses neither.

    Regions take turns, and in a region the longest waiting cycle; as many regions at once as there are pairs of cores.
    One cycle's failure does not keep the others waiting; all failures are raised together at the end.
    """
    done, failures, stopping = 0, list[BaseException](), stop or Event()
    with ThreadPoolExecutor(AT_ONCE, "plan") as desks:

        def begin(due: DuePlan) -> Future[bool]:
            return desks.submit(_plan_and_publish, store, due, replace(budget, seed=due.seed), command, stopping)

        try:
            for ended in _each_solve(store, begin, stopping):
                if failure := ended.exception():
                    failures.append(failure)
                else:
                    done += ended.result()
        except BaseException:
            stopping.set()  # an interrupted person does not wait for the solves
            raise
    if failures:
        raise BaseExceptionGroup("some cycles could not be planned", failures)
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
    plan_id = plan_cycle(store, cycle_id, cause, budget, on_progress, publish=True, run_id=run_id, command=command)
    store.run(commands.publish, plan_id)
    return plan_id


def why(store: Store, principal: Principal, plan_id: PlanId) -> list[ExplanationView]:
    """Why a plan asks a farmer's own farms and lots for so much, or does not; nothing about anybody else's."""
    farms = store.read(queries.farms_planned, principal, plan_id)
    told = explanations(store, plan_id)
    own = {
        Subject.FARM: frozenset[UUID](farms),
        Subject.LOT: frozenset[UUID](store.read(supply.lots_of_farms, farms)),
    }
    return [one for one in told if one.id in own.get(one.subject, ())]


def _each_solve(store: Store, begin: Callable[[DuePlan], Future[bool]], stopping: Event) -> Iterator[Future[bool]]:
    """Begin what is or falls due, and give each solve when it has ended; a cycle that was tried is left alone."""
    busy: dict[Future[bool], RegionId] = {}
    tried, turns = set[tuple[CycleId, bool, WhatIfId | None]](), Counter[RegionId]()
    while True:
        waiting = () if stopping.is_set() else store.read(planning.due_to_plan)
        for due in sorted(waiting, key=lambda due: turns[due.region_id]):
            asked = (due.cycle_id, due.publish, due.what_if_id)
            if len(busy) < AT_ONCE and asked not in tried and due.region_id not in busy.values():
                tried.add(asked)
                turns[due.region_id] += 1
                busy[begin(due)] = due.region_id
        if not busy:
            return
        for ended in wait(busy, LOOK_S, FIRST_COMPLETED).done:
            del busy[ended]
            yield ended


def _plan_and_publish(store: Store, due: DuePlan, budget: Budget, command: Sequence[str], stop: Event) -> bool:
    try:
        plan_id = due.ready or plan_cycle(
            store,
            due.cycle_id,
            due.cause,
            budget,
            publish=due.publish,
            run_id=due.run_id,
            command=command,
            stop=stop,
            what_if_id=due.what_if_id,
        )
        if due.publish:
            store.run(commands.publish, plan_id)
    except ELSEWHERE:
        return False
    except OUTDATED:
        store.run(wish_plan, due.cycle_id, due.cause, due.seed)
        return False
    return True
