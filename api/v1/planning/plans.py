"""The plans that come of runs: looked at, explained and published."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import held_by
from farmlink.confirmations import commands as confirmations
from farmlink.confirmations.values import Published
from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, part
from farmlink.people.values import Role
from farmlink.planning import queries
from farmlink.planning.values import (
    AllocationView,
    ExplanationView,
    PlanId,
    PlanView,
    RouteView,
    ShortfallView,
    StandbyView,
    Subject,
)
from farmlink.planning.work.explained import explanations_page


class PlanController(Controller):
    """Plans of a cycle; they exist for the planners of its hub."""

    path = "/"
    tags = ("planning",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("/cycles/{cycle_id:uuid}/plans", sync_to_thread=True)
    def plans(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Page[PlanView]:
        """All versions of a cycle's plan, the newest first."""
        store.read(queries.require_planner, principal, cycle_id)
        return part(store.read(queries.plans, cycle_id), paging, lambda one: one.id)

    @get("/plans/{plan_id:uuid}", sync_to_thread=True)
    def plan(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> PlanView:
        """One version with its figures, seed, versions and hash of inputs."""
        return store.read(queries.plan_for, principal, plan_id)

    @get("/plans/{plan_id:uuid}/allocations", sync_to_thread=True)
    def allocations(
        self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId], paging: AskedPage
    ) -> Page[AllocationView]:
        """Which lot serves which batch."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.allocations, plan_id, paging)

    @get("/plans/{plan_id:uuid}/shortfalls", sync_to_thread=True)
    def shortfalls(
        self, store: ActingStore, principal: Asking, paging: AskedPage, plan_id: FromPath[PlanId]
    ) -> Page[ShortfallView]:
        """What is left unserved, and why."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.shortfalls_page, plan_id, paging)

    @get("/plans/{plan_id:uuid}/standby", sync_to_thread=True)
    def standby(
        self, store: ActingStore, principal: Asking, paging: AskedPage, plan_id: FromPath[PlanId]
    ) -> Page[StandbyView]:
        """Which lots may yet be asked, and for how much, because others are expected to decline."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.standby_page, plan_id, paging)

    @get("/plans/{plan_id:uuid}/explanations", sync_to_thread=True)
    def explanations(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        plan_id: FromPath[PlanId],
        subject: FromQuery[Subject | None] = None,
        subject_id: Annotated[UUID | None, QueryParameter(name="id")] = None,
    ) -> Page[ExplanationView]:
        """Why lots, farms, batches, points and vehicles got what they got: of one kind, or of one of them, if named."""
        store.read(queries.plan_for, principal, plan_id)
        return explanations_page(store, plan_id, paging, subject, subject_id)

    @get("/plans/{plan_id:uuid}/routes", sync_to_thread=True)
    def routes(
        self, store: ActingStore, principal: Asking, paging: AskedPage, plan_id: FromPath[PlanId]
    ) -> Page[RouteView]:
        """Every trip with its stops, times and loads."""
        store.read(queries.plan_for, principal, plan_id)
        return store.read(queries.routes_page, plan_id, paging)

    @post("/plans/{plan_id:uuid}/publish", status_code=200, sync_to_thread=True)
    def publish(self, store: ActingStore, principal: Asking, key: OnceKey, plan_id: FromPath[PlanId]) -> Published:
        """Let a version hold and ask the farms what it needs; refused when promises have changed since."""
        store.read(queries.plan_for, principal, plan_id)
        return store.once(key, confirmations.publish, plan_id)
