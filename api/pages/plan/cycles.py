"""Cycles of a planner's hubs: how far each has come, what to do next, and the buttons that do it."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.errors import status_of
from api.guards import held_by, role
from api.language import language_of
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page, part
from api.pages.plan.claims import arrived_amiss
from api.pages.plan.named import hubs_planned, named, named_products
from api.pages.plan.words import ACTS, ANSWERED, NEXT
from api.pages.words import WHY_CANCELLED
from api.planners import require_cycle
from farmlink.catalogue import queries as catalogue
from farmlink.confirmations import commands as confirmations
from farmlink.confirmations import queries as answers
from farmlink.confirmations.values import RequestState
from farmlink.cycles import commands
from farmlink.cycles.queries.overview import finished, unfinished
from farmlink.cycles.rules.refusals import NotLaterError
from farmlink.cycles.values import Cycle, CycleId, Stage
from farmlink.demand import queries as demand
from farmlink.fairness import commands as fairness
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.locale import marked, render_refusal
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, FarmId
from farmlink.orders import commands as orders
from farmlink.orders.queries.concerned import called_off
from farmlink.orders.values import CancelReason
from farmlink.people import queries as people
from farmlink.people.values import Contact, Principal, Role
from farmlink.planning import queries as planning
from farmlink.planning.queries.docks import published_plans
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply

PLANNERS = role(Role.PLANNER, Role.ADMIN)
MOST, FEW = 200, 6
WAITED_FOR = frozenset({RequestState.OPEN, RequestState.LAPSED})
MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
COMMANDS: dict[str, tuple[Callable[..., object], tuple[object, ...]]] = {
    "open": (commands.open_cycle, ()),
    "pause": (commands.pause, ()),
    "resume": (commands.resume, ()),
    "close": (fairness.close, ()),
    "end-answers": (confirmations.end_answers, ()),
    "cancel": (orders.cancel_cycle, (CancelReason.PLANNER,)),
}


class Extending(msgspec.Struct, frozen=True):
    """A later cut-off, as wall time at the hub; `revision` is the cycle that was seen."""

    closes: Annotated[datetime, msgspec.Meta(tz=False)]
    revision: int


class CyclePages(Controller):
    """Cycles, for the planners of their hubs."""

    path = "/plan"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def mine(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """List what is under way by stage, and what came last."""
        return page("plan/cycles.html", request, NEXT=NEXT, **store.read(_mine, principal))

    @get("/cycles/{cycle_id:uuid}", sync_to_thread=True)
    def cycle(
        self, request: Asked, store: ActingStore, principal: Asking, cycle_id: FromPath[CycleId]
    ) -> Response[Any]:
        """Show one cycle: its stage, its buttons, its demand and its farms' answers."""
        return _shown(request, store, require_cycle(store, principal, cycle_id), blank())

    @get("/cycles/{cycle_id:uuid}/now", sync_to_thread=True)
    def now(self, request: Asked, store: ActingStore, principal: Asking, cycle_id: FromPath[CycleId]) -> Response[Any]:
        """Give what changes by itself while somebody looks on."""
        cycle = require_cycle(store, principal, cycle_id)
        return part("plan/cycle_now.html", request, **store.read(_now, cycle))

    @get("/cycles/{cycle_id:uuid}/answers", sync_to_thread=True)
    def answers(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        cycle_id: FromPath[CycleId],
        wanted: Annotated[RequestState | None, QueryParameter(name="state")] = None,
    ) -> Response[Any]:
        """List every question and what became of it; first those that wait, with whom to call."""
        cycle = require_cycle(store, principal, cycle_id)
        return page("plan/answers.html", request, wanted=wanted, **store.read(_answers, cycle, wanted))

    @post("/cycles/{cycle_id:uuid}/extension", opt=taken_by(PLANNERS), sync_to_thread=True)
    def extend(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        cycle_id: FromPath[CycleId],
        data: Sent,
    ) -> Response[Any]:
        """Move the cut-off to later."""
        cycle = require_cycle(store, principal, cycle_id)
        try:
            form = read(data | {"closes": _to_the_second(data.get("closes"))}, Extending)
            store.run(commands.extend, cycle_id, form.revision, form.closes)
        except NotLaterError as refusal:
            faults = {"closes": render_refusal(refusal, language, cycle.time_zone)}
            return _shown(request, store, cycle, Filled(data, faults, status_of(NotLaterError)))
        except RefusedError as refusal:
            return _shown(request, store, cycle, refilled(data, refusal, language))
        return Redirect(f"/plan/cycles/{cycle_id}", status_code=303)

    @post("/cycles/{cycle_id:uuid}/{act:str}", opt=taken_by(PLANNERS), sync_to_thread=True)
    def act(  # who does what with which cycle
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        cycle_id: FromPath[CycleId],
        act: FromPath[str],
        data: Sent,
    ) -> Response[Any]:
        """Do one of the things that a cycle's stage allows."""
        cycle = require_cycle(store, principal, cycle_id)
        if act not in COMMANDS:
            raise MissingError(noun=marked("page"), id=act)
        command, more = COMMANDS[act]
        try:
            store.once(key_of(data), command, cycle_id, *more)
        except RefusedError as refusal:
            return _shown(request, store, cycle, refilled(data, refusal, language))
        return Redirect(f"/plan/cycles/{cycle_id}", status_code=303)


def _to_the_second(typed: object) -> object:
    """What a browser's field of a day and an hour says, which leaves full minutes without seconds."""
    return f"{typed}:00" if isinstance(typed, str) and MINUTE.fullmatch(typed) else typed or ""


def _mine(tx: Transaction, principal: Principal) -> dict[str, Any]:
    hubs = hubs_planned(tx, principal)
    going, over = unfinished(tx, hubs), finished(tx, hubs, FEW)
    shown = [*going, *over]
    asked = [cycle.id for cycle in going if cycle.stage is Stage.CONFIRMING]
    by_stage = {stage: [cycle for cycle in going if cycle.stage is stage] for stage in Stage}
    return {
        "lively": {stage: cycles for stage, cycles in by_stage.items() if cycles},
        "over": over,
        "hubs": network.hubs_by_id(tx, {cycle.hub_id for cycle in shown}),
        "answers": answers.counts_of_each(tx, asked),
        "progress": demand.progress_of_each(tx, by_stage[Stage.OPEN]),
        "held": published_plans(tx, [cycle.id for cycle in shown]),
    }


def _shown(request: Asked, store: Store, cycle: Cycle, form: Filled) -> Response[Any]:
    acts = [act for act in ACTS if cycle.stage in act.stages and _fits(act.name, cycle)]
    seen = store.read(_seen, cycle) | store.read(_now, cycle)
    amiss = store.read(arrived_amiss, cycle.id, language_of(request))
    return page("plan/cycle.html", request, status=form.status, form=form, acts=acts, amiss=amiss, **seen)


def _fits(act: str, cycle: Cycle) -> bool:
    return {"pause": not cycle.paused, "resume": cycle.paused}.get(act, True)


def _seen(tx: Transaction, cycle: Cycle) -> dict[str, Any]:
    pooled = demand.pooled(tx, cycle.id)
    return {
        "hub": network.hub(tx, cycle.hub_id),
        "stages": [stage for stage in Stage if stage is not Stage.CANCELLED],
        "pooled": sorted(pooled, key=lambda one: -one.worth_minor),
        "products": named_products(tx, [one.product_id for one in pooled]),
        "plans": planning.plans(tx, cycle.id),
        "names": named(tx, cycle),
        "zone": cycle.time_zone,
    }


def _now(tx: Transaction, cycle: Cycle) -> dict[str, Any]:
    """What changes by itself: stage, threshold, answers and the newest run."""
    asked = answers.counts(tx, cycle.id)
    newest = planning.runs(tx, cycle.id, Paging(1)).items
    return {
        "cycle": cycle,
        "currency": cycle.currency,
        "zone": cycle.time_zone,
        "progress": demand.progress(tx, cycle.id),
        "asked": asked,
        "newest": newest[0] if newest else None,
        "NEXT": NEXT,
        "WHY": WHY_CANCELLED,
        "off": called_off(tx, cycle.id) if cycle.stage is Stage.CANCELLED else [],
    }


def _answers(tx: Transaction, cycle: Cycle, state: RequestState | None) -> dict[str, Any]:
    asked = [
        one
        for one in answers.requests(tx, Paging(MOST * 10), cycle_id=cycle.id, state=state).items
        if state is not None or one.state != RequestState.SUPERSEDED
    ]
    order = list(ANSWERED)
    asked.sort(key=lambda one: (order.index(one.state) if one.state in ANSWERED else len(order), one.farm_id))

    lots = supply.lots_by_id(tx, [one.lot_id for one in asked])
    products = catalogue.products_by_id(tx, {lot.product_id for lot in lots.values()})
    farms = network.farms_by_id(tx, {one.farm_id for one in asked})
    return {
        "callers": _callers(tx, [farms[one.farm_id] for one in asked if one.state in WAITED_FOR]),
        "cycle": cycle,
        "zone": cycle.time_zone,
        "asked": asked,
        "counts": answers.counts(tx, cycle.id),
        "lots": lots,
        "products": products,
        "farms": farms,
        "ANSWERED": ANSWERED,
    }


def _callers(tx: Transaction, farms: list[FarmCard]) -> dict[FarmId, list[Contact]]:
    """Whom to call at each of these farms, those with a telephone first."""
    members = people.members_by_organisation(tx, {farm.organisation_id for farm in farms}, Role.FARMER)
    known = people.contacts(tx, [person_id for persons in members.values() for person_id in persons])
    return {
        farm.id: sorted((known[one] for one in members.get(farm.organisation_id, [])), key=lambda one: not one.phone)
        for farm in farms
    }
