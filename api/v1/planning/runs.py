"""Runs that planners start, watch and cancel."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, JSONBody
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.types import SSEData

from api.auth import carried_token
from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import held_by
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page
from farmlink.people import queries as people
from farmlink.people.values import Role
from farmlink.planning import commands, queries
from farmlink.planning.rules import PLANNER
from farmlink.planning.values import RunId, RunView
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

LOOK_S = 0.5
LIVE = frozenset({"waiting", "running"})


class NewRun(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A run that a planner asks for; with `publish` its plan holds as soon as it is made, else it is only looked at."""

    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1, examples=[1])] | None = None
    publish: bool = False


class RunAsked(msgspec.Struct, frozen=True):
    """The run that the scheduler starts within seconds."""

    run_id: RunId


class RunController(Controller):
    """Runs of a cycle; they exist for the planners of its hub."""

    path = "/"
    tags = ("planning",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @post("/cycles/{cycle_id:uuid}/runs", status_code=202, sync_to_thread=True)
    def start(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId], data: JSONBody[NewRun]
    ) -> RunAsked:
        """Ask for a plan of a closed cycle; promises made by farms are kept.

        Who asks while a run of the same kind waits gets that run, unless both gave a seed other than 1 and not the
        same. One whose plan is only looked at never joins one whose plan shall hold.
        """
        store.read(queries.require_planner, principal, cycle_id)
        wished = store.once(key, commands.wish_plan, cycle_id, PLANNER, data.seed, publish=data.publish)
        return RunAsked(wished)

    @get("/cycles/{cycle_id:uuid}/runs", sync_to_thread=True)
    def runs(
        self, store: ActingStore, principal: Asking, cycle_id: FromPath[CycleId], paging: AskedPage
    ) -> Page[RunView]:
        """Runs of a cycle, the newest first, waiting ones too: who or what caused each, and what came of it."""
        store.read(queries.require_planner, principal, cycle_id)
        return store.read(queries.runs, cycle_id, paging)

    @get("/runs/{run_id:uuid}", sync_to_thread=True)
    def run(self, store: ActingStore, principal: Asking, run_id: FromPath[RunId]) -> RunView:
        """One run with its newest progress."""
        return store.read(queries.run_for, principal, run_id)

    @get("/runs/{run_id:uuid}/progress", media_type="text/event-stream")
    async def progress(
        self, request: Request[Any, Any, Any], store: ActingStore, principal: Asking, run_id: FromPath[RunId]
    ) -> ServerSentEvent:
        """Follow a run live, as server-sent events: the run with its figures at every change.

        The last event, when it has ended, holds every figure that it told and the plan that came of it. A run that
        another one answered before it began ends with the event `gone`, and so does it for who signed out meanwhile or
        plans here no more.
        """
        first = await sync_to_thread(store.read, queries.run_for, principal, run_id)
        token, _ = carried_token(request) or ("", None)
        return ServerSentEvent(_changes(store, token, first))

    @post("/runs/{run_id:uuid}/cancel", status_code=204, sync_to_thread=True)
    def cancel(self, store: ActingStore, principal: Asking, key: OnceKey, run_id: FromPath[RunId]) -> None:
        """Stop a run, which keeps its best plan so far, or take back one that has not begun."""
        store.read(queries.run_for, principal, run_id)
        store.once(key, commands.ask_cancel, run_id)


def _still_shown(tx: Transaction, token: str, run_id: RunId) -> RunView:
    """The run as whoever carries this token may see it by now."""
    principal = people.principal_of(tx, token)
    if principal is None:
        raise MissingError(noun="plan run", id=run_id)
    return queries.run_for(tx, principal, run_id)


async def _changes(store: Store, token: str, first: RunView) -> AsyncIterator[SSEData]:
    """A message per change; each look is a short transaction of its own, and asks anew who looks."""
    run, told = first, None
    while True:
        if run != told:
            told = run
            yield ServerSentEventMessage(event="run", data=msgspec.json.encode(run).decode())
        if run.state not in LIVE:
            return
        await asyncio.sleep(LOOK_S)
        try:
            run = await sync_to_thread(store.read, _still_shown, token, first.id)
        except MissingError:  # another run answered the same wish, or the watcher is gone or plans here no more
            yield ServerSentEventMessage(event="gone", data=msgspec.json.encode({"id": first.id}).decode())
            return
