"""What planners hold to for every plan that comes: farms, stops and trips as a version has them."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import held_by
from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Few, Page, part
from farmlink.network.values import FarmId
from farmlink.people.values import Role
from farmlink.planning import commands, queries
from farmlink.planning.values import HoldId, HoldView, PlanId


class HeldFarm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag="farm", tag_field="kind"):
    """A farm whose lots send what they send in the version."""

    farm_id: FarmId


class HeldStop(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag="stop", tag_field="kind"):
    """A farm or a point that keeps the truck which serves it in a phase, `collection` or `delivery`."""

    phase: Annotated[str, msgspec.Meta(max_length=20)]
    place_id: UUID


class HeldTrip(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag="trip", tag_field="kind"):
    """All stops of a trip, by its number, with its truck; their order is the next plan's."""

    number: Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class HoldController(Controller):
    """Holds of a cycle; they exist for the planners of its hub."""

    path = "/"
    tags = ("planning",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("/cycles/{cycle_id:uuid}/holds", sync_to_thread=True)
    def holds(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Page[HoldView]:
        """What planners hold to, what was held to first going first; what became of it stands with each plan."""
        store.read(queries.require_planner, principal, cycle_id)
        return part(store.read(queries.holds, cycle_id), paging, lambda one: one.id)

    @post("/plans/{plan_id:uuid}/holds", sync_to_thread=True)
    def hold(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        plan_id: FromPath[PlanId],
        data: JSONBody[HeldFarm | HeldStop | HeldTrip],
    ) -> Few[HoldView]:
        """Hold to a farm, a stop or a trip as this version has it; promises of farms go before."""
        store.read(queries.plan_for, principal, plan_id)
        if isinstance(data, HeldTrip):
            made = store.once(key, commands.hold_route, plan_id, data.number)
        elif isinstance(data, HeldStop):
            made = [store.once(key, commands.hold_stop, plan_id, data.phase, data.place_id)]
        else:
            made = [store.once(key, commands.hold_farm, plan_id, data.farm_id)]
        return Few([store.read(queries.get_hold, hold_id) for hold_id in made])

    @delete("/holds/{hold_id:uuid}", sync_to_thread=True)
    def release(self, store: ActingStore, principal: Asking, hold_id: FromPath[HoldId]) -> None:
        """Hold to it no longer."""
        store.read(queries.hold_for, principal, hold_id)
        store.run(commands.release, [hold_id])
