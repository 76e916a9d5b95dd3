"""What if: a plan of other farms, trucks, orders or prices, asked for from the plan of those that there are."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by, typed_all
from api.pages.page import Asked, page
from api.pages.plan.sheet import Sheet, sheet
from farmlink.kernel.errors import RefusedError
from farmlink.network.values import FarmId, VehicleId
from farmlink.people.values import Role
from farmlink.planning import commands
from farmlink.planning.rules import PLANNABLE
from farmlink.planning.values import AS_IT_IS, MOST_DEMAND_PERCENT, MOST_KM_PERCENT, Assumptions, PlanId

PLANNERS = role(Role.PLANNER, Role.ADMIN)


class WhatIfForm(msgspec.Struct, frozen=True):
    """What shall be otherwise; farms and trucks that are ticked are left out."""

    farm: list[FarmId] = []
    vehicle: list[VehicleId] = []
    demand_percent: Annotated[int, msgspec.Meta(ge=1, le=MOST_DEMAND_PERCENT)] = AS_IT_IS
    km_percent: Annotated[int, msgspec.Meta(ge=0, le=MOST_KM_PERCENT)] = AS_IT_IS
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None


class SupposingPages(Controller):
    """Asking what if, for the planners of a plan's hub."""

    path = "/plan/plans/{plan_id:uuid}/what-if"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def ask(self, request: Asked, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[Any]:
        """Show what can be supposed otherwise; a copy of a plan that supposes something begins with that."""
        seen = sheet(store, principal, plan_id)
        before = seen.plan.what_if or Assumptions()
        form = blank(
            farm=[str(key) for key in before.without_farms],
            vehicle=[str(key) for key in before.without_vehicles],
            demand_percent=before.demand_percent,
            km_percent=before.km_percent,
            seed="" if before.seed is None else before.seed,
        )
        return _shown(request, seen, form)

    @post("", opt=taken_by(PLANNERS), sync_to_thread=True)
    def suppose(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        plan_id: FromPath[PlanId],
        data: Sent,
    ) -> Response[Any]:
        """Ask for the plan, and go where its run is watched."""
        seen = sheet(store, principal, plan_id)
        sent = dict(data) | {name: typed_all(data, name) for name in ("farm", "vehicle")}
        try:
            form = read(sent, WhatIfForm)
            assumptions = Assumptions(form.farm, form.vehicle, form.demand_percent, form.km_percent, form.seed)
            run_id = store.once(key_of(data), commands.suppose, seen.cycle.id, assumptions)
        except RefusedError as refusal:
            return _shown(request, seen, refilled(sent, refusal, language))
        return Redirect(f"/plan/runs/{run_id}", status_code=303)


def _shown(request: Asked, seen: Sheet, form: Filled) -> Response[Any]:
    """The farms that send something and the trucks that drive, and what of them was left out before."""
    left_out = seen.plan.what_if or Assumptions()
    trucks = {route.vehicle_id: route.vehicle for route in seen.routes}
    trucks |= {key: seen.names.vehicles.get(key, "") for key in left_out.without_vehicles}
    farms = [row.place for row in seen.farms] + [seen.names.place(key) for key in left_out.without_farms]
    return page(
        "plan/what_if.html",
        request,
        status=form.status,
        form=form,
        plan=seen.plan,
        cycle=seen.cycle,
        zone=seen.cycle.time_zone,
        farms=sorted(((place.id, place.name) for place in farms), key=lambda farm: farm[1]),
        trucks=sorted(trucks.items(), key=lambda truck: truck[1]),
        may=seen.cycle.stage in PLANNABLE,
        most={"demand": MOST_DEMAND_PERCENT, "km": MOST_KM_PERCENT},
    )
