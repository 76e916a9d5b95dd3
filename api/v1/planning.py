"""Planning: runs that planners start, watch and cancel, and the plans that come of them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.types import SSEData

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import held_by
from farmlink.confirmations import commands as confirmations
from farmlink.confirmations.values import Published
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page
from farmlink.people.values import Principal, Role
from farmlink.planning import commands, queries
from farmlink.planning.values import (
    AllocationView,
    ExplanationView,
    PlanId,
    PlanView,
    RouteView,
    RunId,
    RunView,
    ShortfallView,
    StandbyView,
    Subject,
)
from farmlink.planning.work.explained import explanations
from farmlink.store.store import Store

LOOK_S = 0.5
LIVE = frozenset({"waiting", "running"})


class NewRun(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A run that a planner asks for; `publish` lets its plan hold as soon as it is made."""

    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1, examples=[1])] = 1
    publish: bool = False


class RunAsked(msgspec.Struct, frozen=True):
    """The run that the scheduler starts within seconds."""

    run_id: RunId


class PlanningController(Controller):
    """Runs and plans of a cycle; they exist for the planners of its hub."""

    path = "/"
    tags = ("planning",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @post("/cycles/{cycle_id:uuid}/runs", status_code=202, sync_to_thread=True)
    def start(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId], data: JSONBody[NewRun]
    ) -> RunAsked:
        """Ask for a plan of a closed cycle; promises made by farms are kept."""
        store.read(queries.require_planner, principal, cycle_id)
        wished = store.once(key, commands.wish_plan, cycle_id, "planner", data.seed, publish=data.publish)
        return RunAsked(wished)

    @get("/cycles/{cycle_id:uuid}/runs", sync_to_thread=True)
    def runs(
        self, store: ActingStore, principal: Asking, cycle_id: FromPath[CycleId], paging: AskedPage
    ) -> Page[RunView]:
        """Runs of a cycle, the newest first: who or what caused each, its seed, and what came of it."""
        store.read(queries.require_planner, principal, cycle_id)
        return store.read(queries.runs, cycle_id, paging)

    @get("/runs/{run_id:uuid}", sync_to_thread=True)
    def run(self, store: ActingStore, principal: Asking, run_id: FromPath[RunId]) -> RunView:
        """One run with its newest progress."""
        return store.read(queries.run_for, principal, run_id)

    @get("/runs/{run_id:uuid}/progress")
    async def progress(self, store: ActingStore, principal: Asking, run_id: FromPath[RunId]) -> ServerSentEvent:
        """Live best and bound of a run as server-sent events, until it ends."""
        first = await sync_to_thread(store.read, queries.run_for, principal, run_id)
        return ServerSentEvent(_changes(store, principal, first))

    @post("/runs/{run_id:uuid}/cancel", status_code=204, sync_to_thread=True)
    def cancel(self, store: ActingStore, principal: Asking, key: OnceKey, run_id: FromPath[RunId]) -> None:
        """Stop a run; it keeps its best plan so far."""
        store.read(queries.run_for, principal, run_id)
        store.once(key, commands.ask_cancel, run_id)

    @get("/cycles/{cycle_id:uuid}/plans", sync_to_thread=True)
    def plans(self, store: ActingStore, principal: Asking, cycle_id: FromPath[CycleId]) -> list[PlanView]:
        """All versions of a cycle's plan, the newest first."""
        store.read(queries.require_planner, principal, cycle_id)
        return store.read(queries.plans, cycle_id)

    @get("/plans/{plan_id:uuid}", sync_to_thread=True)
    def plan(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> PlanView:
        """One version with its figures, seed, versions and hash of inputs."""
        return store.read(queries.plan_for, principal, plan_id)

    @get("/plans/{plan_id:uuid}/allocations", sync_to_thread=True)
    def allocations(
        self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId], paging: AskedPage
    ) -> Page[AllocationView]:
        """Which lot serves which batch."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.allocations, plan_id, paging)

    @get("/plans/{plan_id:uuid}/shortfalls", sync_to_thread=True)
    def shortfalls(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> list[ShortfallView]:
        """What is left unserved, and why."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.shortfalls, plan_id)

    @get("/plans/{plan_id:uuid}/standby", sync_to_thread=True)
    def standby(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> list[StandbyView]:
        """Which lots may yet be asked, and for how much, because others are expected to decline."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.standby, plan_id)

    @get("/plans/{plan_id:uuid}/explanations", sync_to_thread=True)
    def explanations(
        self,
        store: ActingStore,
        principal: Asking,
        plan_id: FromPath[PlanId],
        subject: FromQuery[Subject | None] = None,
        subject_id: Annotated[UUID | None, QueryParameter(name="id")] = None,
    ) -> list[ExplanationView]:
        """Why lots, farms, batches, points and vehicles got what they got: of one kind, or of one of them, if named."""
        store.read(queries.plan_for, principal, plan_id)
        return explanations(store, plan_id, subject, subject_id)

    @get("/plans/{plan_id:uuid}/routes", sync_to_thread=True)
    def routes(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> list[RouteView]:
        """Every trip with its stops, times and loads."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.routes, plan_id)

    @post("/plans/{plan_id:uuid}/publish", status_code=200, sync_to_thread=True)
    def publish(self, store: ActingStore, principal: Asking, key: OnceKey, plan_id: FromPath[PlanId]) -> Published:
        """Let a version hold and ask the farms what it needs; refused when promises have changed since."""
        store.read(queries.plan_for, principal, plan_id)
        return store.once(key, confirmations.publish, plan_id)


async def _changes(store: Store, principal: Principal, first: RunView) -> AsyncIterator[SSEData]:
    """A message per change; each look is a short transaction of its own."""
    run, told = first, None
    while True:
        if run != told:
            told = run
            yield ServerSentEventMessage(event="run", data=msgspec.json.encode(run).decode())
        if run.state not in LIVE:
            return
        await asyncio.sleep(LOOK_S)
        try:
            run = await sync_to_thread(store.read, queries.run_for, principal, first.id)
        except MissingError:  # another run answered the same wish, or the watcher plans here no more
            return


controllers = [PlanningController]
