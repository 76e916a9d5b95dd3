"""Settling a cycle, weighing before it, final prices, and what is taken back of them."""

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import OPT, held_by, role
from api.planners import require_cycle
from api.shapes import Positive, Text
from api.v1.dispatch import HANDS, Changed
from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries as dispatch
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, part
from farmlink.ledger.values import AccountKind
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import Role
from farmlink.planning.queries import is_planner
from farmlink.settlement import commands, queries
from farmlink.settlement.values import (
    Bearer,
    CreditNote,
    NewCreditNote,
    OrderCharge,
    Settled,
    StatementLine,
    ToWeigh,
    Weight,
)


class WeightRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the scales said for one line."""

    line_id: OrderLineId
    weight_g: Positive


class Weights(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What somebody weighed, row after row."""

    weights: Annotated[list[WeightRow], msgspec.Meta(min_length=1, max_length=5000)]


class CreditBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Part of what a line was charged, and who bears it: everybody their part, or the hub."""

    line_id: OrderLineId
    amount_minor: Positive
    reason: Text
    bearer: Bearer = Bearer.SHARED


class CratesBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How many crates came back."""

    crates: Annotated[int, msgspec.Meta(ge=1, le=1000, examples=[2])]


class SettlementController(Controller):
    """A cycle's settlement, for its planners; weighing before it, for its dock too."""

    path = "/cycles/{cycle_id:uuid}/settlement"
    tags = ("settlement",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("", sync_to_thread=True)
    def settled(self, store: ActingStore, principal: Asking, cycle_id: FromPath[CycleId]) -> Settled:
        """What settling the cycle came to."""
        require_cycle(store, principal, cycle_id)
        found = store.read(queries.settled, cycle_id)
        if found is None:
            raise MissingError(noun="settled cycle", id=cycle_id)
        return found

    @post("", status_code=200, sync_to_thread=True)
    def settle(self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId]) -> Settled:
        """Settle a cycle that is done, if it has not been settled by itself; it is never opened again."""
        require_cycle(store, principal, cycle_id)
        return store.once(key, commands.settle, cycle_id)

    @get("/weights", opt={OPT: role(Role.DOCK, Role.PLANNER, Role.ADMIN)}, sync_to_thread=True)
    def to_weigh(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[CycleId]
    ) -> Page[ToWeigh]:
        """Lines that are priced by weight, order by order, with what they weighed so far."""
        store.read(dispatch.require_own_dock, principal, cycle_id)
        return part(list(store.read(queries.to_weigh, cycle_id).values()), paging, lambda one: one.line_id)

    @post("/weights", opt={OPT: role(Role.DOCK, Role.PLANNER, Role.ADMIN)}, status_code=200, sync_to_thread=True)
    def weigh(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[CycleId], data: JSONBody[Weights]
    ) -> Changed:
        """Write what many lines weigh at once: all of them, or none when one cannot be right; again corrects."""
        store.read(dispatch.require_own_dock, principal, cycle_id)
        weights = [Weight(row.line_id, row.weight_g) for row in data.weights]
        return Changed(store.once(key, commands.weigh, cycle_id, weights))


class ChargeController(Controller):
    """What an order cost in the end: for its consumer, for who hands it out, and for its planners."""

    path = "/orders/{order_id:uuid}/charge"
    tags = ("settlement",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @get("", opt={OPT: role(Role.CONSUMER, *HANDS)}, sync_to_thread=True)
    def charge(self, store: ActingStore, principal: Asking, order_id: FromPath[OrderId]) -> OrderCharge:
        """The final price, and what was given back of it."""
        store.read(dispatch.require_reader, principal, order_id)
        return store.read(queries.order_charge, order_id)

    @get("/lines", opt={OPT: role(Role.CONSUMER, *HANDS)}, sync_to_thread=True)
    def lines(
        self, store: ActingStore, principal: Asking, paging: AskedPage, order_id: FromPath[OrderId]
    ) -> Page[StatementLine]:
        """What was charged line by line (below zero), and what was given back (above zero)."""
        store.read(dispatch.require_reader, principal, order_id)
        owner = store.read(orders.order, order_id).consumer_id
        return store.read(queries.statement, owner, [AccountKind.RECEIVABLE], paging, order_id=order_id)

    @get("/credit-notes", opt={OPT: role(Role.CONSUMER, *HANDS)}, sync_to_thread=True)
    def notes(
        self, store: ActingStore, principal: Asking, paging: AskedPage, order_id: FromPath[OrderId]
    ) -> Page[CreditNote]:
        """What was taken back of the charge, and why."""
        store.read(dispatch.require_reader, principal, order_id)
        return store.read(queries.credit_notes, order_id, paging)

    @post("/credit-notes", status_code=201, sync_to_thread=True)
    def credit(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        order_id: FromPath[OrderId],
        data: JSONBody[CreditBody],
    ) -> CreditNote:
        """Take back part of what a line was charged; the money goes back the way it came."""
        if not store.read(is_planner, principal, store.read(orders.order, order_id).cycle_id):
            raise MissingError(noun="consumer order", id=order_id)
        given = {name: getattr(data, name) for name in data.__struct_fields__}
        return store.once(key, commands.credit, NewCreditNote(key=key, order_id=order_id, **given))

    @post("/crates", opt={OPT: role(*HANDS)}, status_code=201, sync_to_thread=True)
    def crates(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        order_id: FromPath[OrderId],
        data: JSONBody[CratesBody],
    ) -> CreditNote:
        """Take crates back and give their deposit back."""
        store.read(dispatch.require_hands, principal, order_id)
        return store.once(key, commands.take_back_crates, key, order_id, data.crates)
