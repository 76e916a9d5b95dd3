"""The board of a plan: trips, map, day and tables, one selection linking them; and one trip to be printed."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, refilled, taken_by
from api.pages.page import Asked, page, part
from api.pages.plan.backdrop import mapped
from api.pages.plan.editing import in_words
from api.pages.plan.gantt import gantt
from api.pages.plan.kpis import kpis
from api.pages.plan.named import numbered
from api.pages.plan.pinning import pin, pinned
from api.pages.plan.sheet import Sheet, sheet
from api.pages.plan.told import told
from api.pages.plan.words import HELD, KINDS, LIMITS, PHASES, SHORT, STOPPED_BY
from farmlink.cycles import queries as cycles
from farmlink.kernel.errors import RefusedError
from farmlink.people.values import Role
from farmlink.planning import queries
from farmlink.planning.values import PlanId, PlanView, Subject
from farmlink.planning.work import lone
from farmlink.planning.work.drawn import drawn
from farmlink.planning.work.explained import explanations
from farmlink.store.store import Store

PLANNERS = role(Role.PLANNER, Role.ADMIN)
WORDS: dict[str, Any] = {
    "PHASES": PHASES,
    "KINDS": KINDS,
    "SHORT": SHORT,
    "STOPPED_BY": STOPPED_BY,
    "LIMITS": LIMITS,
    "HELD": HELD,
}


class BoardPages(Controller):
    """One version of a plan, for the planners of its cycle's hub."""

    path = "/plan/plans/{plan_id:uuid}"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def board(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        plan_id: FromPath[PlanId],
    ) -> Response[Any]:
        """Show everything that a plan decides."""
        return _shown(request, store, sheet(store, principal, plan_id), language, blank())

    @post("/holds", opt=taken_by(PLANNERS), sync_to_thread=True)
    def hold(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        plan_id: FromPath[PlanId],
        data: Sent,
    ) -> Response[Any]:
        """Hold to a farm, a stop or a trip as this version has it, or no longer."""
        seen = sheet(store, principal, plan_id)
        try:
            where = pin(store, seen.plan, data)
        except RefusedError as refusal:
            return _shown(request, store, seen, language, refilled({}, refusal, language))
        return Redirect(f"/plan/plans/{plan_id}#{where}", status_code=303)

    @get("/alone", sync_to_thread=True)
    def alone(self, request: Asked, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[Any]:
        """Give what it would take if every farm shipped alone, once that is worked out; looking begins nothing."""
        plan = store.read(queries.plan_for, principal, plan_id)
        currency, found = store.read(cycles.cycle, plan.cycle_id).currency, _alone(plan_id)
        answer = part("plan/alone.html", request, plan=plan, currency=currency, **found)
        if not found["begun"]:
            answer.headers["x-live"] = "over"
        return answer

    @post("/alone", opt=taken_by(PLANNERS), sync_to_thread=True)
    def work_out(
        self,
        store: ActingStore,
        principal: Asking,
        plan_id: FromPath[PlanId],
        data: Sent,  # noqa: ARG002  # a form without fields; sent twice, it is worked out once
    ) -> Response[Any]:
        """Have it worked out what it would take if every farm shipped alone."""
        store.read(queries.plan_for, principal, plan_id)
        lone.begin(store, plan_id)
        return Redirect(f"/plan/plans/{plan_id}#against", status_code=303)

    @get("/trips", sync_to_thread=True)
    def trips(self, request: Asked, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[Any]:
        """All trips, each on a sheet of its own."""
        return page("plan/trips.html", request, **_frame(sheet(store, principal, plan_id)), **WORDS)

    @get("/trips/{number:str}", sync_to_thread=True)
    def trip(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        plan_id: FromPath[PlanId],
        number: FromPath[str],
    ) -> Response[Any]:
        """One trip as its driver carries it, made to be printed."""
        seen = sheet(store, principal, plan_id)
        which = numbered(number, len(seen.routes))
        return page("plan/trip.html", request, route=seen.routes[which - 1], **_frame(seen), **WORDS)


def _shown(request: Asked, store: Store, seen: Sheet, language: str, form: Filled) -> Response[Any]:
    limits = {
        one.facts["route"]: one
        for one in explanations(store, seen.plan.id, Subject.VEHICLE)
        if one.code in LIMITS and "route" in one.facts
    }
    context = _frame(seen) | _figures(store, seen.plan) | _alone(seen.plan.id) | pinned(store, seen)
    return mapped(
        "plan/board.html",
        request,
        status=form.status,
        form=form,
        calm=blank(),
        gantt=gantt(seen),
        limits=limits,
        told=told(store, seen, language),
        **context,
        **WORDS,
    )


def _alone(plan_id: PlanId) -> dict[str, Any]:
    """How far the comparison with farms that ship alone has come."""
    return {"begun": lone.under_way(plan_id), "alone": lone.known(plan_id)}


def _frame(seen: Sheet) -> dict[str, Any]:
    cycle = seen.cycle
    return {"sheet": seen, "plan": seen.plan, "cycle": cycle, "currency": cycle.currency, "zone": cycle.time_zone}


def _figures(store: Store, plan: PlanView) -> dict[str, Any]:
    """The figures of a plan beside those of the version before, or of the one that was changed by hand."""
    edit = plan.edit
    base = store.read(queries.get_plan, edit.base_id) if edit else None
    measures, before = drawn(store, plan.id).measures, base or _before(store, plan)
    measured = drawn(store, before.id).measures if before else None
    may = store.read(queries.may_hold, plan.id)
    return {
        "kpis": kpis(plan, measures, before, measured),
        "before": before,
        "may": may,
        "base": base,
        "broken": in_words(edit.broken) if edit else [],
    }


def _before(store: Store, plan: PlanView) -> PlanView | None:
    """The version before; nothing is measured against what was only supposed, unless it supposes the same."""
    older = [one for one in store.read(queries.plans, plan.cycle_id) if one.version < plan.version]
    return next((one for one in older if one.what_if is None or one.what_if == plan.what_if), None)
