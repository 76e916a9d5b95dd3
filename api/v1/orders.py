"""Orders: placed, changed and cancelled by their consumer until the cut-off, or by a planner or leader for somebody."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, JSONBody

from api import ordering
from api.dependencies import ActingStore, AskedPage, Asking, Language, OnceKey, SeenRevision, tagged
from api.due import there
from api.guards import OPT, role, signed_in
from api.planners import require_cycle
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page
from farmlink.network import queries as network
from farmlink.network.values import PlaceId, PointId
from farmlink.orders import commands, queries
from farmlink.orders.rules import MOST_LINES, MOST_PACKS, MOST_SUBSTITUTES
from farmlink.orders.values import (
    Amendment,
    CancelReason,
    Confirmation,
    Order,
    OrderId,
    Placing,
    SeenOrder,
    Shortage,
    WantedLine,
)
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Principal, Role
from farmlink.store.store import Store


class Line(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """So many packs of a listing (lines of one are added up), and what `shortage` means for it.

    Less of it, one of `substitutes` instead, or none of it.
    """

    listing_id: UUID
    packs: Annotated[int, msgspec.Meta(ge=1, le=MOST_PACKS, examples=[3])]
    most: (
        Annotated[
            int,
            msgspec.Meta(ge=1, le=MOST_PACKS, description="So many are welcome to fill a case.", examples=[5]),
        ]
        | None
    ) = None
    shortage: Shortage = Shortage.LESS
    substitutes: Annotated[
        list[UUID],
        msgspec.Meta(max_length=MOST_SUBSTITUTES, description="Listings of the same cycle, the best one first."),
    ] = []

    def wanted(self) -> WantedLine:
        """The line as the commands take it."""
        substitutes = tuple(map(ListingId, self.substitutes))
        return WantedLine(ListingId(self.listing_id), self.packs, self.most, self.shortage, substitutes)


class Basket(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is wanted; `place_id` says where it is handed out: a pick-up point of the cycle, or the consumer's home."""

    place_id: UUID
    lines: Annotated[list[Line], msgspec.Meta(min_length=1, max_length=MOST_LINES)]

    def wanted(self) -> tuple[WantedLine, ...]:
        """The lines as the commands take them."""
        return tuple(line.wanted() for line in self.lines)


class NewOrder(Basket, forbid_unknown_fields=True, frozen=True):
    """An order; planners and leaders may name for whom it is. A gift has a recipient, whom the consumer named."""

    consumer_id: UUID | None = None
    recipient_id: UUID | None = None


class OrderController(Controller):
    """One's own orders; others' do not exist."""

    tags = ("orders",)
    opt = {OPT: signed_in}  # noqa: RUF012  # Litestar's own attribute

    @post("/cycles/{cycle_id:uuid}/orders", sync_to_thread=True)
    def place(
        self, store: ActingStore, principal: Asking, key: OnceKey, cycle_id: FromPath[UUID], data: JSONBody[NewOrder]
    ) -> Response[Order]:
        """Place an order; the same key answers the same."""
        consumer_id = principal.person_id if data.consumer_id is None else PersonId(data.consumer_id)
        place_id, cycle = PlaceId(data.place_id), CycleId(cycle_id)
        if consumer_id != principal.person_id:
            _require_consumer(store, principal, cycle, place_id, consumer_id)
        placing = Placing(
            key=key,
            cycle_id=cycle,
            consumer_id=consumer_id,
            place_id=place_id,
            lines=data.wanted(),
            recipient_id=None if data.recipient_id is None else PersonId(data.recipient_id),
        )
        placed = ordering.place(store, principal, placing)
        return tagged(placed, placed.revision, 201)

    @get("/orders", sync_to_thread=True)
    def orders(self, store: ActingStore, principal: Asking, paging: AskedPage) -> Page[Order]:
        """One's own orders, the oldest first."""
        return store.read(queries.orders, paging, consumer_id=principal.person_id)

    @get("/orders/{order_id:uuid}", sync_to_thread=True)
    def order(self, store: ActingStore, principal: Asking, order_id: FromPath[UUID]) -> Response[SeenOrder]:
        """One order, and what is to pay for what is there of it once the goods are shared out."""
        order = _own(store, principal, OrderId(order_id))
        found = queries.seen(order, store.read(there, order.id))
        return tagged(found, found.revision)

    @get("/orders/{order_id:uuid}/confirmation", sync_to_thread=True)
    def confirmation(
        self, store: ActingStore, principal: Asking, language: Language, order_id: FromPath[UUID]
    ) -> Confirmation:
        """What there is to say of the order as it stands, in one's own language.

        Where and when it is handed out and what it costs at most; once the goods are shared out, what is there and
        to pay; after the hand-out, what was handed out; and of a cancelled order that it is cancelled, and why.
        Who collects a gift is told to who gives it, and to others once the goods are shared out.
        """
        order = _own(store, principal, OrderId(order_id))
        return store.read(queries.confirmation, order.id, language, store.read(there, order.id), principal.person_id)

    @put("/orders/{order_id:uuid}", sync_to_thread=True)
    def amend(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        revision: SeenRevision,
        order_id: FromPath[UUID],
        data: JSONBody[Basket],
    ) -> Response[Order]:
        """Say what the order shall be from now on, until the cut-off."""
        order, place_id = _own(store, principal, OrderId(order_id)), PlaceId(data.place_id)
        own = order.consumer_id == principal.person_id
        if not own and not _orders_for_others(store, principal, order.cycle_id, place_id):
            raise MissingError(noun="point", id=place_id)
        amendment = Amendment(order_id=order.id, revision=revision, place_id=place_id, lines=data.wanted())
        amended = store.once(key, commands.amend, amendment)
        return tagged(amended, amended.revision)

    @post("/orders/{order_id:uuid}/cancellation", status_code=200, sync_to_thread=True)
    def cancel(self, store: ActingStore, principal: Asking, key: OnceKey, order_id: FromPath[UUID]) -> Response[Order]:
        """Cancel the order, until the cut-off."""
        order = _own(store, principal, OrderId(order_id))
        own = order.consumer_id == principal.person_id
        reason = CancelReason.CONSUMER if own else CancelReason.PLANNER
        cancelled = store.once(key, commands.cancel, order.id, reason)
        return tagged(cancelled, cancelled.revision)

    @get(
        "/cycles/{cycle_id:uuid}/orders",
        opt={OPT: role(Role.PLANNER, Role.ADMIN)},
        sync_to_thread=True,
    )
    def of_cycle(
        self, store: ActingStore, principal: Asking, paging: AskedPage, cycle_id: FromPath[UUID]
    ) -> Page[Order]:
        """All orders of a cycle, for its planners."""
        cycle = require_cycle(store, principal, CycleId(cycle_id))
        return store.read(queries.orders, paging, cycle_id=cycle.id)


def _own(store: Store, principal: Principal, order_id: OrderId) -> Order:
    """An order as far as it exists for whoever asks: for its consumer, its cycle's planners and its point's leader."""
    order = store.read(queries.order, order_id)
    if order.consumer_id == principal.person_id:
        return order
    if not _orders_for_others(store, principal, order.cycle_id, order.place_id):
        raise MissingError(noun="consumer order", id=order_id)
    return order


def _require_consumer(
    store: Store, principal: Principal, cycle_id: CycleId, place_id: PlaceId, consumer_id: PersonId
) -> None:
    """Planners order for anybody, leaders for whoever cannot sign in or has ordered at their point before."""
    if not _orders_for_others(store, principal, cycle_id, place_id):
        raise MissingError(noun="person", id=consumer_id)
    store.read(people.known_person, consumer_id)
    if ordering.plans(store, principal, cycle_id) or not store.read(people.signs_in, consumer_id):
        return
    # One order per person and cycle: a leader's would keep a stranger from placing their own.
    if not store.read(queries.has_ordered_at, consumer_id, place_id):
        raise MissingError(noun="person", id=consumer_id)


def _orders_for_others(store: Store, principal: Principal, cycle_id: CycleId, place_id: PlaceId) -> bool:
    """Tell whether somebody plans the cycle or leads the point; nobody leads a home."""
    if ordering.plans(store, principal, cycle_id):
        return True
    if not principal.has(Role.LEADER):
        return False
    point_id = PointId(place_id)
    point = store.read(network.points_by_id, [point_id]).get(point_id)
    return point is not None and point.organisation_id in principal.organisations(Role.LEADER)


controllers = [OrderController]
