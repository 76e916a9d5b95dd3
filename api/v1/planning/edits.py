"""Plans changed by hand and kept, and plans of other inputs than there are."""

from typing import Annotated

import msgspec
from litestar import Controller, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, Asking, OnceKey
from api.guards import held_by
from api.v1.planning.runs import RunAsked
from farmlink.cycles.values import CycleId
from farmlink.network.values import FarmId, VehicleId
from farmlink.people.values import Role
from farmlink.planning import commands, queries
from farmlink.planning.values import (
    AS_IT_IS,
    MOST_DEMAND_PERCENT,
    MOST_KM_PERCENT,
    Assumptions,
    Move,
    PlanId,
    PlanView,
)
from farmlink.planning.work.edited import MOST_MOVES, keep

Counted = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=MOST_KM_PERCENT)]
MOST_LEFT_OUT = 1000


class NewMove(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A stop by its trip and its position, and where it goes; all count from 1."""

    trip: Counted
    position: Counted
    to_trip: Counted
    to_position: Counted


class NewEdit(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is moved, one after the other."""

    moves: Annotated[list[NewMove], msgspec.Meta(min_length=1, max_length=MOST_MOVES)]


class NewWhatIf(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What shall be otherwise than it is; per cents are of every order and of the price of a kilometre."""

    without_farms: Annotated[list[FarmId], msgspec.Meta(max_length=MOST_LEFT_OUT)] = []
    without_vehicles: Annotated[list[VehicleId], msgspec.Meta(max_length=MOST_LEFT_OUT)] = []
    demand_percent: Annotated[int, msgspec.Meta(ge=1, le=MOST_DEMAND_PERCENT)] = AS_IT_IS
    km_percent: Percent = AS_IT_IS
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] | None = None


class EditController(Controller):
    """What planners make of plans; it exists for those of the cycle's hub."""

    path = "/"
    tags = ("planning",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @post("/plans/{plan_id:uuid}/edits", sync_to_thread=True)
    def keep(
        self, store: ActingStore, principal: Asking, key: OnceKey, plan_id: FromPath[PlanId], data: JSONBody[NewEdit]
    ) -> PlanView:
        """Change a version by hand and keep it as the next one; what it breaks stands in its `edit`.

        One that breaks a rule is kept and cannot be published.
        """
        store.read(queries.plan_for, principal, plan_id)
        moves = [Move(one.trip, one.position, one.to_trip, one.to_position) for one in data.moves]
        return store.read(queries.get_plan, keep(store, key, plan_id, moves))

    @post("/cycles/{cycle_id:uuid}/what-ifs", status_code=202, sync_to_thread=True)
    def suppose(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        cycle_id: FromPath[CycleId],
        data: JSONBody[NewWhatIf],
    ) -> RunAsked:
        """Ask for a plan of other farms, trucks, orders or prices than there are; it never holds."""
        store.read(queries.require_planner, principal, cycle_id)
        assumptions = Assumptions(
            data.without_farms, data.without_vehicles, data.demand_percent, data.km_percent, data.seed
        )
        return RunAsked(store.once(key, commands.suppose, cycle_id, assumptions))
