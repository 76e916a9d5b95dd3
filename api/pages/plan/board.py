"""The board of a plan: trips, map, day and tables, one selection linking them; and one trip to be printed."""

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by
from api.pages.page import Asked, page, part
from api.pages.plan.backdrop import mapped
from api.pages.plan.gantt import gantt
from api.pages.plan.kpis import kpis
from api.pages.plan.named import numbered
from api.pages.plan.sheet import Sheet, sheet
from api.pages.plan.told import told
from api.pages.plan.words import KINDS, LIMITS, PHASES, SHORT, STOPPED_BY
from farmlink.cycles import queries as cycles
from farmlink.people.values import Role
from farmlink.planning import queries
from farmlink.planning.values import PlanId, PlanView, Subject
from farmlink.planning.work.drawn import drawn
from farmlink.planning.work.explained import explanations
from farmlink.planning.work.lone import alone, known
from farmlink.store.store import Store

WORDS: dict[str, Any] = {"PHASES": PHASES, "KINDS": KINDS, "SHORT": SHORT, "STOPPED_BY": STOPPED_BY, "LIMITS": LIMITS}


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
        *,
        compared: FromQuery[bool] = False,
    ) -> Response[Any]:
        """Show everything that a plan decides; `compared` begins what the page else asks for by itself."""
        seen = sheet(store, principal, plan_id)
        limits = {
            one.facts["route"]: one
            for one in explanations(store, plan_id, Subject.VEHICLE)
            if one.code in LIMITS and "route" in one.facts
        }
        context = (
            _frame(seen) | _figures(store, seen.plan) | {"alone": alone(store, plan_id) if compared else known(plan_id)}
        )
        said = told(store, seen, language)
        return mapped("plan/board.html", request, gantt=gantt(seen), limits=limits, told=said, **context, **WORDS)

    @get("/alone", sync_to_thread=True)
    def alone(self, request: Asked, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[Any]:
        """Give what it would take if every farm shipped alone, as soon as that is worked out."""
        plan = store.read(queries.plan_for, principal, plan_id)
        found = alone(store, plan_id)
        currency = store.read(cycles.cycle, plan.cycle_id).currency
        answer = part("plan/alone.html", request, plan=plan, alone=found, currency=currency)
        if found is not None:
            answer.headers["x-live"] = "over"
        return answer

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


def _frame(seen: Sheet) -> dict[str, Any]:
    cycle = seen.cycle
    return {"sheet": seen, "plan": seen.plan, "cycle": cycle, "currency": cycle.currency, "zone": cycle.time_zone}


def _figures(store: Store, plan: PlanView) -> dict[str, Any]:
    """The figures of a plan beside those of the version before."""
    older = [one for one in store.read(queries.plans, plan.cycle_id) if one.version < plan.version]
    measures, before = drawn(store, plan.id).measures, older[0] if older else None
    measured = drawn(store, before.id).measures if before else None
    may = store.read(queries.may_hold, plan.id)
    return {"kpis": kpis(plan, measures, before, measured), "before": before, "may": may}
