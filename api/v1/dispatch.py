"""Dispatch: counting at the hub, sharing out, and handing out at the point."""

from dataclasses import dataclass, fields
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.due import there
from api.guards import OPT, held_by, role, signed_in
from farmlink.cycles.values import CycleId
from farmlink.dispatch import commands, queries
from farmlink.dispatch.values import (
    Flow,
    Handed,
    HandOutView,
    HomeDelivery,
    ReceiptView,
    Received,
    SharedBatch,
    ShortReason,
)
from farmlink.kernel.locale import LANGUAGES, render
from farmlink.kernel.page import Page, Paging, part
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.rules import MOST_LINES
from farmlink.orders.values import CutShare, OrderId, OrderLineId
from farmlink.people.values import Principal, Role
from farmlink.planning.values import AllocationId
from farmlink.policy.rules.reasons import SENTENCES
from farmlink.policy.values.reasons import CutReason
from farmlink.store.store import Store

HANDS = (Role.LEADER, Role.DOCK, Role.DRIVER, Role.PLANNER, Role.ADMIN)
Quantity = Annotated[int, msgspec.Meta(ge=0, le=10**12, description="Base units.", examples=[2_300])]


class Count(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a hub counted of one allocation."""

    allocation_id: AllocationId
    received: Quantity


class Counts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a hub counted."""

    counts: Annotated[list[Count], msgspec.Meta(min_length=1, max_length=5000)]


class HandedLine(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What of one line was handed out; less than is due needs a reason."""

    line_id: OrderLineId
    handed_out: Quantity
    reason: ShortReason | None = None


class HandedOrder(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Lines of an order; without any, everything that is due was handed out."""

    lines: Annotated[list[HandedLine], msgspec.Meta(max_length=1000)] | None = None


class StillWaiting(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Orders that nobody has fetched yet."""

    waiting: Annotated[list[UUID], msgspec.Meta(max_length=5000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldHandOut(HandOutView):
    """A line at its hand-out, and by language a sentence for each of its reasons."""

    why: dict[str, str] | None
    end_why: dict[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHandOut(Page[ToldHandOut]):
    """Lines of an order at its hand-out, and what the whole of it has to pay then.

    `due_minor` is for what is due, for what was handed out of lines that have ended, at the prices of the order, and
    contains `delivery_fee_minor` unless nothing is there at all; it is none until the goods are shared out.
    `recipient` is who collects a gift in the place of who ordered it, and `recipient_phone` how they are reached; who
    gives it knows, and who hands it out does once the goods are shared out.
    """

    currency: str
    delivery_fee_minor: int
    due_minor: int | None
    recipient: str | None
    recipient_phone: str | None


class Changed(msgspec.Struct, frozen=True):
    """How many rows a command changed."""

    changed: int


class HubDispatchController(Controller):
    """At the hub: for its dock and its planners."""

    path = "/cycles/{cycle_id:uuid}/dispatch"
    tags = ("dispatch",)
    opt = held_by(Role.DOCK, Role.PLANNER, Role.ADMIN)

    @get("/receipts", sync_to_thread=True)
    def receipts(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Page[ReceiptView]:
        """What the published plan brings to one's own hubs, beside what came in; planners see all."""
        return store.read(queries.docked_receipts_page, principal, cycle_id, paging)

    @post("/receipts", status_code=200, sync_to_thread=True)
    def receive(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId], data: JSONBody[Counts]
    ) -> Changed:
        """Write what was counted at one's own hubs; counting again corrects it until it is shared out."""
        store.read(queries.require_counting, principal, cycle_id, [count.allocation_id for count in data.counts])
        counted = [Received(count.allocation_id, count.received) for count in data.counts]
        return Changed(store.once(key, commands.receive, cycle_id, counted))

    @post("/share", status_code=200, sync_to_thread=True)
    def share(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId]) -> Changed:
        """Share what came in out to the orders, once something is counted; it cannot be undone."""
        store.read(queries.require_own_dock, principal, cycle_id)
        return Changed(store.once(key, commands.share, cycle_id))

    @get("/shares", opt={OPT: signed_in}, sync_to_thread=True)
    def shares(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Page[SharedBatch]:
        """How what came in was shared: rule, seed and claims, for whoever ordered here to reckon it again."""
        return part(store.read(queries.shared_batches, principal, cycle_id), paging, lambda one: one.batch_id)

    @get("/cuts", opt={OPT: signed_in}, sync_to_thread=True)
    def cuts(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Page[CutShare]:
        """How too little was shared at the cut-off: rule, seed and claims, to be reckoned again like `shares`."""
        return store.read(queries.cut_shares, principal, cycle_id, paging)

    @post("/finish", status_code=200, sync_to_thread=True)
    def finish(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId]) -> Flow:
        """End the cycle: what is still due was not collected."""
        store.read(queries.require_own_dock, principal, cycle_id)
        store.once(key, commands.finish, cycle_id)
        return store.read(queries.flow, cycle_id)

    @get("/homes", opt={OPT: role(Role.DOCK, Role.DRIVER, Role.PLANNER, Role.ADMIN)}, sync_to_thread=True)
    def homes(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Page[HomeDelivery]:
        """To which doors one's trucks still bring an order, for who loads and drives; planners see all."""
        store.read(queries.require_bringer, principal, cycle_id)
        return store.read(queries.home_deliveries, principal, cycle_id, paging)


class HandOutController(Controller):
    """At the point for its leader, at the door for who brings it, and for the consumer who looks."""

    path = "/orders/{order_id:uuid}/hand-out"
    tags = ("dispatch",)

    @get("/", opt={OPT: role(Role.CONSUMER, *HANDS)}, sync_to_thread=True)
    def due(
        self, store: ActingStore, principal: Asking, paging: AskedPage, order_id: FromPath[OrderId]
    ) -> OrderHandOut:
        """What is due of an order and what to pay for it, and what was handed out."""
        store.read(queries.require_reader, principal, order_id)
        return _hand_out(store, principal, order_id, paging)

    @post("/", opt={OPT: role(*HANDS)}, status_code=200, sync_to_thread=True)
    def hand_out(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        order_id: FromPath[OrderId],
        data: JSONBody[HandedOrder],
    ) -> OrderHandOut:
        """Hand out: everything that is due, or what is said of each line."""
        store.read(queries.require_hands, principal, order_id)
        handed = None
        if data.lines is not None:
            handed = [Handed(line.line_id, line.handed_out, line.reason) for line in data.lines]
        store.once(key, commands.hand_out, order_id, handed)
        return _hand_out(store, principal, order_id, Paging(MOST_LINES))


def _hand_out(store: Store, principal: Principal, order_id: OrderId, paging: Paging) -> OrderHandOut:
    lines = part(list(map(_told, store.read(queries.hand_outs, order_id))), paging, lambda one: one.line_id)
    shared = store.read(there, order_id)
    order = orders.seen(store.read(orders.order, order_id), shared)
    collector = store.read(orders.recipient, order, shared, principal.person_id)
    return OrderHandOut(
        items=lines.items,
        next=lines.next,
        currency=order.currency,
        delivery_fee_minor=order.delivery_fee_minor,
        due_minor=order.due_minor,
        recipient=collector.name if collector else None,
        recipient_phone=collector.phone if collector else None,
    )


def _told(one: HandOutView) -> ToldHandOut:
    return ToldHandOut(
        **{field.name: getattr(one, field.name) for field in fields(HandOutView)},
        why=_sentence(one.reason),
        end_why=_sentence(one.end_reason),
    )


def _sentence(reason: str | None) -> dict[str, str] | None:
    if reason is None:
        return None
    return {language: render(SENTENCES[CutReason(reason)], language) for language in LANGUAGES}


class WholePointController(Controller):
    """A whole point at once: for its leader at the end of the day."""

    path = "/cycles/{cycle_id:uuid}/points/{point_id:uuid}/hand-out"
    tags = ("dispatch",)
    opt = held_by(Role.LEADER, Role.PLANNER, Role.ADMIN)

    @post("/", status_code=200, sync_to_thread=True)
    def hand_out(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        cycle_id: FromPath[CycleId],
        point_id: FromPath[PointId],
        data: JSONBody[StillWaiting],
    ) -> Changed:
        """Hand out all that is still due here, but for the orders that still wait."""
        store.read(queries.require_point_leader, principal, cycle_id, point_id)
        waiting = [OrderId(order_id) for order_id in data.waiting]
        return Changed(store.once(key, commands.hand_out_point, cycle_id, point_id, waiting))


controllers = [HubDispatchController, HandOutController, WholePointController]
