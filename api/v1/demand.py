"""Demand: what all want together, and the cut-off."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import OPT, role
from api.planners import require_cycle
from farmlink.cycles.values import CycleId
from farmlink.demand import queries
from farmlink.demand.values import Batch, Closing, Pooled
from farmlink.fairness import commands as fairness
from farmlink.kernel.page import Page, part, place
from farmlink.orders import commands as orders
from farmlink.orders.values import CancelReason
from farmlink.people.values import Role


class DemandController(Controller):
    """A cycle's demand, for its planners."""

    path = "/cycles/{cycle_id:uuid}"
    tags = ("demand",)
    opt = {OPT: role(Role.PLANNER, Role.ADMIN)}  # noqa: RUF012  # Litestar's own attribute

    @get("/demand", sync_to_thread=True)
    def pooled(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[UUID]
    ) -> Page[Pooled]:
        """How much of each product and grade is wanted so far, over all places."""
        found = store.read(queries.pooled, require_cycle(store, principal, CycleId(cycle_id)).id)
        return part(found, paging, lambda one: place(one.product_id, one.grade))

    @get("/batches", sync_to_thread=True)
    def batches(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[UUID]
    ) -> Page[Batch]:
        """The batches that the cut-off made."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        return store.read(queries.batches_page, cycle.id, paging)

    @post("/closing", status_code=200, sync_to_thread=True)
    def close(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]) -> Closing:
        """Close the cycle now: its orders become batches, or all are let go if too few joined."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        return store.once(key, fairness.close, cycle.id)

    @post("/cancellation", status_code=200, sync_to_thread=True)
    def cancel(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID]) -> Closing:
        """Cancel the cycle with all its orders, before anything is planned."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        store.once(key, orders.cancel_cycle, cycle.id, CancelReason.PLANNER)
        return store.read(queries.closing, cycle.id)


controllers = [DemandController]
