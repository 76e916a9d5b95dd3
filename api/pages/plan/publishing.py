"""Publishing: who would be told what stands there before the button does."""

from dataclasses import dataclass, field
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.plan.editing import in_words
from api.pages.plan.named import named, named_products
from farmlink.confirmations import commands, queries
from farmlink.cycles import queries as cycles
from farmlink.kernel.errors import RefusedError
from farmlink.network import queries as network
from farmlink.network.values import FarmCard
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.planning.values import PlanId
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard

PLANNERS = role(Role.PLANNER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Asks:
    """A lot and for how much of it a farm is asked; `before` is what it was asked for until now."""

    lot: LotCard
    quantity: int
    before: int = 0


@dataclass(slots=True)
class Letter:
    """What one farm would be told."""

    farm: FarmCard
    new: list[Asks] = field(default_factory=list)
    changed: list[Asks] = field(default_factory=list)
    kept: list[Asks] = field(default_factory=list)
    gone: list[Asks] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """Tell whether a message goes out at all."""
        return bool(self.new or self.changed or self.gone)


class PublishingPages(Controller):
    """Letting a version hold."""

    path = "/plan/plans/{plan_id:uuid}/publish"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def ask(self, request: Asked, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[Any]:
        """Show which farms get a new question, which keep theirs, and which are no longer asked."""
        return _shown(request, store, principal, plan_id, blank())

    @post("", opt=taken_by(PLANNERS), sync_to_thread=True)
    def publish(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        plan_id: FromPath[PlanId],
        data: Sent,
    ) -> Response[Any]:
        """Let the version hold and ask the farms."""
        plan = store.read(planning.plan_for, principal, plan_id)
        try:
            store.once(key_of(data), commands.publish, plan_id)
        except RefusedError as refusal:
            return _shown(request, store, principal, plan_id, refilled(data, refusal, language))
        return Redirect(f"/plan/cycles/{plan.cycle_id}", status_code=303)


def _shown(request: Asked, store: Store, principal: Principal, plan_id: PlanId, form: Filled) -> Response[Any]:
    store.read(planning.plan_for, principal, plan_id)
    return page("plan/publish.html", request, status=form.status, form=form, **store.read(_letters, plan_id))


def _letters(tx: Transaction, plan_id: PlanId) -> dict[str, Any]:
    plan, would = planning.get_plan(tx, plan_id), queries.would_ask(tx, plan_id)
    cycle = cycles.cycle(tx, plan.cycle_id)
    before = {one.lot_id: one.quantity for one in would.withdrawn}
    concerned = {one.lot_id for one in (*would.asked, *would.kept)} | {one.lot_id for one in would.withdrawn}
    lots = supply.lots_by_id(tx, sorted(concerned))
    farms = network.farms_by_id(tx, {lot.farm_id for lot in lots.values()})
    letters = {farm_id: Letter(farm) for farm_id, farm in farms.items()}
    for one in would.asked:
        lot = lots[one.lot_id]
        letter = letters[lot.farm_id]
        place = letter.changed if one.lot_id in before else letter.new
        place.append(Asks(lot, one.quantity, before.get(one.lot_id, 0)))
    for one in would.kept:
        letters[lots[one.lot_id].farm_id].kept.append(Asks(lots[one.lot_id], one.quantity))
    asked = {one.lot_id for one in would.asked}
    for gone in would.withdrawn:
        if gone.lot_id not in asked:
            letters[lots[gone.lot_id].farm_id].gone.append(Asks(lots[gone.lot_id], 0, gone.quantity))
    return {
        "may": planning.may_hold(tx, plan_id),
        "names": named(tx, cycle),
        "broken": in_words(plan.edit.broken) if plan.edit else [],
        "plan": plan,
        "cycle": cycle,
        "zone": cycle.time_zone,
        "letters": sorted(letters.values(), key=lambda letter: (not letter.is_told, letter.farm.name)),
        "told": sum(letter.is_told for letter in letters.values()),
        "products": named_products(tx, {lot.product_id for lot in lots.values()}),
    }
