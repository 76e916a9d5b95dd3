"""Confirmations: what farms are asked, and what they answer, signed in or by a link in a message."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import OPT, anyone, held_by, open_to, role
from farmlink.confirmations import commands, queries
from farmlink.confirmations.values import (
    Answer,
    AnswerCounts,
    DeclineReason,
    Reply,
    RequestId,
    RequestState,
    RequestView,
)
from farmlink.confirmations.work import why
from farmlink.cycles.values import CycleId
from farmlink.kernel.page import Page, part, place
from farmlink.network import queries as network
from farmlink.people.values import Role
from farmlink.planning import queries as planning
from farmlink.planning.values import ExplanationView, PlanId


class AnswerGiven(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Yes to all; a part, in base units, with a reason; or no, with a reason."""

    reply: Annotated[Reply, msgspec.Meta(examples=[Reply.REDUCED.value])]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=10**12, examples=[50_000])] | None = None
    reason: DeclineReason | None = None

    def value(self) -> Answer:
        """The answer as the command takes it."""
        return Answer(self.reply, self.quantity, self.reason)


class LinkedAnswer(AnswerGiven, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An answer by link; `device` is a UUID that the phone made and keeps, and the link is bound to the first."""

    device: UUID


class AnswerLink(msgspec.Struct, frozen=True):
    """The token of a farmer's link; whoever opens it sees the question, the first device that answers owns it."""

    token: str


class ConfirmationController(Controller):
    """Questions to farms; a farmer sees those of their own farms, a planner those of their hub's cycles."""

    path = "/confirmations"
    tags = ("confirmations",)
    opt = held_by(Role.FARMER, Role.PLANNER, Role.ADMIN)

    @get("/", sync_to_thread=True)
    def mine(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        wanted: Annotated[RequestState | None, QueryParameter(name="state")] = None,
    ) -> Page[RequestView]:
        """What my farms are asked, in the order it was asked."""
        farms = store.read(network.farms_owned_by, principal.organisations(Role.FARMER))
        return store.read(queries.requests, paging, farm_ids=farms, state=wanted)

    @get("/why", opt={OPT: role(Role.FARMER)}, sync_to_thread=True)
    def why(
        self, store: ActingStore, principal: Asking, paging: AskedPage, plan_id: FromQuery[PlanId]
    ) -> Page[ExplanationView]:
        """Why a plan asks my farms and lots for so much, or does not: at which price it would about have asked."""
        told = why(store, principal, plan_id)
        return part(told, paging, lambda one: place(one.subject, one.id, one.code, sorted(one.facts.items())))

    @get("/{request_id:uuid}", sync_to_thread=True)
    def one(self, store: ActingStore, principal: Asking, request_id: FromPath[RequestId]) -> RequestView:
        """One question."""
        return store.read(queries.request_for, principal, request_id)

    @post("/{request_id:uuid}/answer", status_code=200, sync_to_thread=True)
    def answer(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        request_id: FromPath[RequestId],
        data: JSONBody[AnswerGiven],
    ) -> RequestView:
        """Answer; the same answer again changes nothing, another one is refused.

        A part may be below the lot's own `minimum`: that says below which quantity the plan does not ask, and who
        promises less all the same is taken by their word. The next plan fetches just what was promised.

        A planner answers for a farm that called: its farmers get a message at once, and until `due_at` their own
        answer takes the place of the planner's, as far as the plan still asks.
        """
        store.read(queries.request_for, principal, request_id)
        return store.once(key, commands.answer, request_id, data.value(), principal.person_id)

    @post("/{request_id:uuid}/link", status_code=201, sync_to_thread=True)
    def link(self, store: ActingStore, principal: Asking, request_id: FromPath[RequestId]) -> AnswerLink:
        """Make a signed link that answers without a password, as whoever made it; it expires."""
        return AnswerLink(store.run(commands.make_answer_link, principal, request_id))


class LinkController(Controller):
    """A farmer's link: reading it does nothing, however often a mail scanner opens it."""

    path = "/answers"
    tags = ("confirmations",)
    opt = open_to(anyone)

    @get("/{token:str}", sync_to_thread=True)
    def question(self, store: ActingStore, token: FromPath[str]) -> RequestView:
        """The question behind a link."""
        return store.read(queries.request_by_link, token)

    @post("/{token:str}", status_code=200, sync_to_thread=True)
    def answer(
        self, store: ActingStore, token: FromPath[str], key: OnceKey, data: JSONBody[LinkedAnswer]
    ) -> RequestView:
        """Answer by link; the first device that does so owns it, and it is refused elsewhere."""
        return store.once(key, commands.answer_by_link, token, str(data.device), data.value())


class CycleConfirmationController(Controller):
    """How a cycle's questions stand, for the planners of its hub."""

    path = "/cycles/{cycle_id:uuid}/confirmations"
    tags = ("confirmations",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("/", sync_to_thread=True)
    def requests(
        self,
        store: ActingStore,
        principal: Asking,
        cycle_id: FromPath[CycleId],
        paging: AskedPage,
        wanted: Annotated[RequestState | None, QueryParameter(name="state")] = None,
    ) -> Page[RequestView]:
        """Every question of a cycle, in the order it was asked."""
        store.read(planning.require_planner, principal, cycle_id)
        return store.read(queries.requests, paging, cycle_id=cycle_id, state=wanted)

    @get("/counts", sync_to_thread=True)
    def counts(self, store: ActingStore, principal: Asking, cycle_id: FromPath[CycleId]) -> AnswerCounts:
        """How many are open, accepted, reduced, declined and lapsed."""
        store.read(planning.require_planner, principal, cycle_id)
        return store.read(queries.counts, cycle_id)

    @post("/end", status_code=200, sync_to_thread=True)
    def end(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId]) -> AnswerCounts:
        """Stop waiting before the deadline: who has not answered by now was silent."""
        store.read(planning.require_planner, principal, cycle_id)
        store.once(key, commands.end_answers, cycle_id)
        return store.read(queries.counts, cycle_id)


controllers = [ConfirmationController, LinkController, CycleConfirmationController]
