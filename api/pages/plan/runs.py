"""Runs: asked for, watched while they search, and stopped with their best so far."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from babel.numbers import get_currency_precision
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page, part
from api.pages.plan.named import named
from api.pages.plan.words import CAUSES, RUN_STATES, RUN_STEPS, STOPPED_BY
from api.planners import require_cycle
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.page import Page, Paging
from farmlink.people.values import Principal, Role
from farmlink.planning import commands, queries
from farmlink.planning.rules import PLANNABLE, PLANNER
from farmlink.planning.values import PlanView, RunId, RunView
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

PLANNERS = role(Role.PLANNER, Role.ADMIN)
LIVE = frozenset({"waiting", "running"})
WORDS = {"CAUSES": CAUSES, "RUN_STATES": RUN_STATES, "RUN_STEPS": RUN_STEPS, "STOPPED_BY": STOPPED_BY, "LIVE": LIVE}


class RunForm(msgspec.Struct, frozen=True):
    """What a planner asks of a run: with `publish` its plan holds and farms are asked as soon as it is made."""

    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None
    publish: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A run with the plan that came of it."""

    run: RunView
    plan: PlanView | None

    @property
    def gap_ppm(self) -> int | None:
        """How far the best may be from the best there is."""
        best, bound = self.run.progress.best_minor, self.run.progress.bound_minor
        return None if not best or bound is None else max(0, (best - bound) * 1_000_000 // best)


class RunPages(Controller):
    """Runs of a cycle, for the planners of its hub."""

    path = "/plan"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("/cycles/{cycle_id:uuid}/runs", sync_to_thread=True)
    def runs(
        self, request: Asked, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Response[Any]:
        """List the runs of a cycle, the newest first."""
        return _listed(request, store, require_cycle(store, principal, cycle_id), blank(seed=1), paging)

    @post("/cycles/{cycle_id:uuid}/runs", opt=taken_by(PLANNERS), sync_to_thread=True)
    def start(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        cycle_id: FromPath[CycleId],
        data: Sent,
    ) -> Response[Any]:
        """Ask for a run, and go where it is watched."""
        cycle = require_cycle(store, principal, cycle_id)
        try:
            form = read(data, RunForm)
            run_id = store.once(key_of(data), commands.wish_plan, cycle_id, PLANNER, form.seed, publish=form.publish)
        except RefusedError as refusal:
            return _listed(request, store, cycle, refilled(data, refusal, language), Paging())
        return Redirect(f"/plan/runs/{run_id}", status_code=303)

    @get("/runs/{run_id:uuid}", sync_to_thread=True)
    def run(self, request: Asked, store: ActingStore, principal: Asking, run_id: FromPath[RunId]) -> Response[Any]:
        """Show a run: live while it searches, and what came of it."""
        return _watched(request, store, principal, run_id, blank())

    @get("/runs/{run_id:uuid}/now", sync_to_thread=True)
    def now(self, request: Asked, store: ActingStore, principal: Asking, run_id: FromPath[RunId]) -> Response[Any]:
        """Give how far a run is."""
        context = store.read(_run, principal, run_id)
        answer = part("plan/run_now.html", request, **context)
        if context["row"].run.state not in LIVE:
            answer.headers["x-live"] = "over"
        return answer

    @post("/runs/{run_id:uuid}/cancel", opt=taken_by(PLANNERS), sync_to_thread=True)
    def cancel(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        run_id: FromPath[RunId],
        data: Sent,
    ) -> Response[Any]:
        """Stop a run, which keeps its best plan so far, or take back one that waits."""
        store.read(queries.run_for, principal, run_id)
        try:
            store.once(key_of(data), commands.ask_cancel, run_id)
        except RefusedError as refusal:
            return _watched(request, store, principal, run_id, refilled(data, refusal, language))
        return Redirect(f"/plan/runs/{run_id}", status_code=303)


def _listed(request: Asked, store: Store, cycle: Cycle, form: Filled, paging: Paging) -> Response[Any]:
    rows = store.read(_rows, cycle.id, paging)
    pins = store.read(queries.pins, cycle.id)
    kept = {
        "promised": sum(pin.at_least > 0 for pin in pins),
        "refused": sum(pin.at_most == 0 for pin in pins),
        "held": len(store.read(queries.holds, cycle.id)),
    }
    context: dict[str, Any] = {"kept": kept} | {
        "cycle": cycle,
        "currency": cycle.currency,
        "zone": cycle.time_zone,
        "rows": rows,
        "form": form,
        "names": store.read(named, cycle),
    }
    return page("plan/runs.html", request, status=form.status, may=cycle.stage in PLANNABLE, **context, **WORDS)


def _rows(tx: Transaction, cycle_id: CycleId, paging: Paging) -> Page[Row]:
    runs = queries.runs(tx, cycle_id, paging)
    made = {plan.run_id: plan for plan in queries.plans(tx, cycle_id)}
    return Page([Row(run, made.get(run.id)) for run in runs.items], runs.next)


def _watched(request: Asked, store: Store, principal: Principal, run_id: RunId, form: Filled) -> Response[Any]:
    try:
        context = store.read(_run, principal, run_id)
    except MissingError:  # another run answered the same wish before this one began
        return page("plan/run_gone.html", request, status=404)
    return page("plan/run.html", request, status=form.status, form=form, **context)


def _run(tx: Transaction, principal: Principal, run_id: RunId) -> dict[str, Any]:
    run = queries.run_for(tx, principal, run_id)
    cycle = cycles.cycle(tx, run.cycle_id)
    made = queries.get_plan(tx, run.plan_id) if run.plan_id else None
    per = 10 ** get_currency_precision(cycle.currency)
    return {
        "per": per,
        "row": Row(run, made),
        "names": named(tx, cycle),
        "cycle": cycle,
        "currency": cycle.currency,
        "zone": cycle.time_zone,
        **WORDS,
    }
