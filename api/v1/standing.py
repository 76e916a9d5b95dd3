"""Standing orders: made once, ordered in every cycle or every so many, left to rest and ended by their consumer."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, signed_in
from farmlink.catalogue.values import ProductId, VariantId
from farmlink.kernel.page import Page
from farmlink.network.values import HubId, PointId
from farmlink.orders import commands
from farmlink.orders.queries import standing as queries
from farmlink.orders.rules import MOST_LINES, MOST_PACKS, MOST_SUBSTITUTES
from farmlink.orders.rules.standing import LONGEST_RHYTHM
from farmlink.orders.values import (
    Goods,
    Shortage,
    StandingId,
    StandingLine,
    StandingOrder,
    StandingTerms,
    Turn,
)
from farmlink.people.values import Principal
from farmlink.store.store import Store

Packs = Annotated[int, msgspec.Meta(ge=1, le=MOST_PACKS, examples=[3])]


class GoodsBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A pack of a product in a grade, whatever cycle sells it."""

    product_id: UUID
    grade: Annotated[int, msgspec.Meta(ge=1, le=5, examples=[4])]
    variant_id: UUID

    def value(self) -> Goods:
        """The goods as the commands take them."""
        return Goods(ProductId(self.product_id), self.grade, VariantId(self.variant_id))


class LineBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """So many packs each time, and what else would do, as in an order."""

    goods: GoodsBody
    packs: Packs
    most: Packs | None = None
    shortage: Shortage = Shortage.LESS
    substitutes: Annotated[list[GoodsBody], msgspec.Meta(max_length=MOST_SUBSTITUTES)] = []

    def value(self) -> StandingLine:
        """The line as the commands take it."""
        substitutes = tuple(goods.value() for goods in self.substitutes)
        return StandingLine(self.goods.value(), self.packs, self.most, self.shortage, substitutes)


class Standing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is ordered of every `every`-th cycle, at a point or, without one, brought home."""

    lines: Annotated[list[LineBody], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
    point_id: UUID | None = None
    hub_id: Annotated[UUID, msgspec.Meta(description="Only this hub's cycles; else all of the region.")] | None = None
    every: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_RHYTHM, examples=[2])] = 1

    def terms(self) -> StandingTerms:
        """The terms as the commands take them."""
        return StandingTerms(
            point_id=None if self.point_id is None else PointId(self.point_id),
            hub_id=None if self.hub_id is None else HubId(self.hub_id),
            every=self.every,
            lines=tuple(line.value() for line in self.lines),
        )


class Rest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """From which day of hand-out on it is ordered again; without one, when it is resumed."""

    until: Annotated[date, msgspec.Meta(examples=["2026-08-20"])] | None = None


class StandingController(Controller):
    """One's own standing orders; others' do not exist."""

    path = "/standing-orders"
    tags = ("orders",)
    opt = {OPT: signed_in}  # noqa: RUF012  # Litestar's own attribute

    @post("", sync_to_thread=True)
    def make(
        self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[Standing]
    ) -> Response[StandingOrder]:
        """Order the same in the cycles that open from now on."""
        made = store.once(key, commands.make_standing, principal.person_id, data.terms())
        return tagged(made, made.revision, 201)

    @get("", sync_to_thread=True)
    def standing_orders(self, store: ActingStore, principal: Asking, paging: AskedPage) -> Page[StandingOrder]:
        """One's own standing orders, those that have ended too, as they were made."""
        return store.read(queries.standing_orders, paging, principal.person_id)

    @get("/{standing_id:uuid}", sync_to_thread=True)
    def standing_order(
        self, store: ActingStore, principal: Asking, standing_id: FromPath[UUID]
    ) -> Response[StandingOrder]:
        """One standing order."""
        found = _own(store, principal, standing_id)
        return tagged(found, found.revision)

    @get("/{standing_id:uuid}/turns", sync_to_thread=True)
    def turns(
        self, store: ActingStore, principal: Asking, paging: AskedPage, standing_id: FromPath[UUID]
    ) -> Page[Turn]:
        """What came of it, cycle by cycle; a cycle that was not its turn has neither order nor refusal."""
        return store.read(queries.turns, paging, _own(store, principal, standing_id).id)

    @put("/{standing_id:uuid}", sync_to_thread=True)
    def change(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        revision: SeenRevision,
        standing_id: FromPath[UUID],
        data: JSONBody[Standing],
    ) -> Response[StandingOrder]:
        """Say what is ordered from the next cycle on; orders that were placed stay as they are."""
        own = _own(store, principal, standing_id)
        changed = store.once(key, commands.change_standing, own.id, revision, data.terms())
        return tagged(changed, changed.revision)

    @post("/{standing_id:uuid}/rest", status_code=200, sync_to_thread=True)
    def rest(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        standing_id: FromPath[UUID],
        data: JSONBody[Rest],
    ) -> Response[StandingOrder]:
        """Order nothing for a while: until a day, or until it is resumed."""
        own = _own(store, principal, standing_id)
        resting = store.once(key, commands.pause_standing, own.id, data.until)
        return tagged(resting, resting.revision)

    @post("/{standing_id:uuid}/resumption", status_code=200, sync_to_thread=True)
    def resume(
        self, store: ActingStore, principal: Asking, key: OnceKey, standing_id: FromPath[UUID]
    ) -> Response[StandingOrder]:
        """Order again from the next cycle that opens."""
        own = _own(store, principal, standing_id)
        resumed = store.once(key, commands.resume_standing, own.id)
        return tagged(resumed, resumed.revision)

    @post("/{standing_id:uuid}/end", status_code=200, sync_to_thread=True)
    def end(
        self, store: ActingStore, principal: Asking, key: OnceKey, standing_id: FromPath[UUID]
    ) -> Response[StandingOrder]:
        """Order nothing any more, for good; orders that were placed stand."""
        own = _own(store, principal, standing_id)
        ended = store.once(key, commands.end_standing, own.id)
        return tagged(ended, ended.revision)


def _own(store: Store, principal: Principal, standing_id: UUID) -> StandingOrder:
    return store.read(queries.standing_order, StandingId(standing_id), principal.person_id)


controllers = [StandingController]
