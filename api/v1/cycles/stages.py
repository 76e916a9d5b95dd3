"""Opening, pausing and extending an order cycle, and inviting to a private one."""

from uuid import UUID

from litestar import Controller, Response, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, Asking, OnceKey, SeenRevision, tagged
from api.guards import held_by
from api.planners import require_cycle
from api.v1.cycles.bodies import Extension, Guests, Invited
from farmlink.cycles import commands, queries
from farmlink.cycles.values import Cycle, CycleId
from farmlink.people.values import PersonId, Role
from farmlink.store.store import Store


class StageController(Controller):
    """Opening, pausing and extending."""

    path = "/cycles/{cycle_id:uuid}"
    tags = ("cycles",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @post("/opening", status_code=200, sync_to_thread=True)
    def open_cycle(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]
    ) -> Response[Cycle]:
        """Open a draft for orders now; its policy version is pinned."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.once(key, commands.open_cycle, cycle.id)
        return _now(store, cycle.id)

    @post("/pause", status_code=200, sync_to_thread=True)
    def pause(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]) -> Response[Cycle]:
        """Stop ordering in an open cycle for a while; the cut-off stays."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.once(key, commands.pause, cycle.id)
        return _now(store, cycle.id)

    @post("/resumption", status_code=200, sync_to_thread=True)
    def resume(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]) -> Response[Cycle]:
        """Let ordering go on."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.once(key, commands.resume, cycle.id)
        return _now(store, cycle.id)

    @post("/extension", status_code=200, sync_to_thread=True)
    def extend(
        self,
        store: ActingStore,
        principal: Asking,
        revision: SeenRevision,
        cycle_id: FromPath[UUID],
        data: JSONBody[Extension],
    ) -> Response[Cycle]:
        """Move the cut-off of an open cycle to later."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.run(commands.extend, cycle.id, revision, data.closes)
        return _now(store, cycle.id)

    @post("/invitations", status_code=200, sync_to_thread=True)
    def invite(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID], data: JSONBody[Guests]
    ) -> Invited:
        """Let people see and use a private cycle; who is invited already stays invited."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        guests = [PersonId(person_id) for person_id in data.person_ids]
        return Invited(store.once(key, commands.invite, cycle.id, guests))


def _now(store: Store, cycle_id: CycleId) -> Response[Cycle]:
    cycle = store.read(queries.cycle, cycle_id)
    return tagged(cycle, cycle.revision)
