"""Looking a basket over and ordering it: what it costs at most, where it is handed out, how it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api import ordering
from api.auth import viewer, viewer_id
from api.dependencies import ActingStore, Language
from api.guards import anyone, open_to
from api.pages.forms import Filled, Sent, blank, id_in, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.shop import baskets
from api.pages.shop.baskets import Lines
from api.pages.shop.bill import bill
from api.pages.shop.cycle import recipient_named, takes_orders
from api.pages.shop.hours import hours_on, round_of
from api.pages.shop.kept import keep_basket, keep_point
from api.pages.shop.own import chosen_point, own_order
from api.pages.shop.words import METHODS, SHORTAGES
from api.seen import seen_cycle
from farmlink.cycles import queries as cycles
from farmlink.cycles.rules.refusals import SoldOutError
from farmlink.cycles.values import Cycle
from farmlink.kernel.clock import day_of
from farmlink.kernel.errors import RefusedError
from farmlink.network import queries as network
from farmlink.network.values import PlaceId, PointId
from farmlink.orders import commands
from farmlink.orders import queries as orders
from farmlink.orders.values import Amendment, Order, OrderId, Placing
from farmlink.payments.values import Method
from farmlink.payments.work import offered, require_offered
from farmlink.people.values import PersonId, Principal
from farmlink.settings import read_settings
from farmlink.store.store import Store


class OrderForm(msgspec.Struct, frozen=True):
    """A basket, where it is handed out, and how it is paid; `revision` is that of the order that it changes."""

    b: Annotated[str, msgspec.Meta(max_length=20_000)]
    place: UUID
    method: Method = Method.PICK_UP
    gift: UUID | None = None
    order: UUID | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked over: a basket for a cycle, the order that it would change, for whom it is."""

    cycle: Cycle
    lines: Lines
    order: Order | None
    gift: UUID | None


class CheckoutPages(Controller):
    """The last look, and the order."""

    path = "/cycles/{cycle_id:uuid}"
    opt = open_to(anyone)
    include_in_schema = False

    @get("/review", sync_to_thread=True)
    def review(
        self,
        request: Asked,
        store: ActingStore,
        cycle_id: FromPath[UUID],
        b: FromQuery[str | None] = None,
        gift: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show what the basket comes to; who is not signed in does so from here, and the basket comes along."""
        cycle, lines = seen_cycle(request, store, cycle_id), baskets.unwritten(b or "")
        listed = store.read(cycles.listings_by_id, [line.listing_id for line in lines])
        lines = tuple(
            line for line in lines if line.listing_id in listed and listed[line.listing_id].cycle_id == cycle.id
        )
        order = _own(store, cycle, viewer_id(request), gift)
        if not takes_orders(cycle):
            return _too_late(cycle, lines, order)
        if not lines:
            return Redirect(f"/cycles/{cycle.id}", status_code=303)
        return _review(request, store, Looked(cycle, lines, order, gift), blank())

    @post("/order", opt=taken_by(anyone), sync_to_thread=True)
    def order(
        self, request: Asked, store: ActingStore, language: Language, cycle_id: FromPath[UUID], data: Sent
    ) -> Response[Any]:
        """Place the order, or make one's order what is asked for now; a lost session begins anew at the review."""
        cycle, principal = seen_cycle(request, store, cycle_id), viewer(request)
        if principal is None:
            asked = urlencode({name: str(data[name]) for name in ("b", "gift") if data.get(name)})
            return Redirect(f"/cycles/{cycle.id}/review?{asked}", status_code=303)
        try:
            form = read(data, OrderForm)
            lines = baskets.unwritten(form.b)
            placed = _ordered(store, principal, cycle, form, lines, key_of(data))
        except RefusedError as refusal:
            gift = id_in(data, "gift") if data.get("gift") else None
            lines, own = baskets.unwritten(str(data.get("b", ""))), _own(store, cycle, principal.person_id, gift)
            cycle = seen_cycle(request, store, cycle_id)
            if not takes_orders(cycle):
                return _too_late(cycle, lines, own)
            looked = Looked(cycle, lines, own, gift)
            return _review(request, store, looked, _at_its_line(refilled(data, refusal, language), refusal))
        # The order stands; where it cannot be paid as was wished, its page says so and offers the other ways.
        wish = f"?pay={form.method.value}" if not _paid(store, placed, form, key_of(data)) else ""
        response: Response[Any] = Redirect(f"/orders/{placed.id}{wish}", status_code=303)
        keep_basket(response, request, cycle.id, ())
        if not placed.at_home:
            keep_point(response, request, PointId(placed.place_id))
        return response


def _ordered(  # who orders what, by which form
    store: Store, principal: Principal, cycle: Cycle, form: OrderForm, lines: Lines, key: UUID
) -> Order:
    """Place or change, under the same checks as the API."""
    if form.order is None or form.revision is None:
        today, closes_on = (day_of(at, cycle.time_zone) for at in (cycle.server_at, cycle.closes_at))
        require_offered(read_settings(), form.method, today, cycle.hand_out_on, closes_on)
        placing = Placing(
            key=key,
            cycle_id=cycle.id,
            consumer_id=principal.person_id,
            place_id=PlaceId(form.place),
            lines=lines,
            recipient_id=None if form.gift is None else PersonId(form.gift),
        )
        return ordering.place(store, principal, placing)
    own = store.read(orders.order, OrderId(form.order), principal.person_id)
    amendment = Amendment(order_id=own.id, revision=form.revision, place_id=PlaceId(form.place), lines=lines)
    return store.once(key, commands.amend, amendment)


def _paid(store: Store, placed: Order, form: OrderForm, key: UUID) -> bool:
    """Check a new order out by the method that was chosen; without that it is paid at pick-up."""
    if form.order is not None or form.method is Method.PICK_UP:
        return True
    own = uuid5(key, "checkout")
    try:
        store.once(own, commands.checkout, placed.id, form.method, own)
    except RefusedError:
        return False
    return True


def _too_late(cycle: Cycle, lines: Lines, order: Order | None) -> Response[Any]:
    """Lead to what became of a cycle, with word that a basket which is not one's order came after the cut-off."""
    missed = set(lines) != set(baskets.ordered(order) if order else ())
    return Redirect(f"/cycles/{cycle.id}{'?late=true' if missed else ''}", status_code=303)


def _own(store: Store, cycle: Cycle, reader: PersonId | None, gift: UUID | None) -> Order | None:
    return store.read(own_order, cycle.id, reader, None if gift is None else PersonId(gift))


def _at_its_line(form: Filled, refusal: RefusedError) -> Filled:
    """What is refused of one line stands at that line."""
    if not isinstance(refusal, SoldOutError):
        return form
    return Filled(form.typed, {f"line-{refusal.facts['listing_id']}": form.refusal}, form.status)


def _review(request: Asked, store: Store, looked: Looked, form: Filled) -> Response[Any]:
    cycle, reader, point = looked.cycle, viewer_id(request), chosen_point(request, store)
    region = store.read(network.region, cycle.region_id)
    found = store.read(bill, cycle, looked.lines, reader, point, looked.order)
    wished = looked.order.place_id if looked.order else (point.id if point else None)
    served = {str(one.id) for one in found.points} | ({str(found.home.id)} if found.home else set())
    place = str(form.get("place", wished or ""))
    return page(
        "shop/review.html",
        request,
        status=form.status,
        form=form,
        cycle=cycle,
        order=looked.order,
        bill=found,
        basket=baskets.written(looked.lines),
        whole=baskets.written((*looked.lines, *(row.line for row in found.gone))),
        place=place if place in served else "",
        chosen=point,
        gift=looked.gift,
        recipient=store.read(recipient_named, reader, looked.gift) if looked.gift else None,
        hours={one.id: hours_on(one, cycle.hand_out_on) for one in found.points},
        round=round_of(region.rhythm),
        methods=[one.method for one in offered(read_settings(), cycle.currency)],
        METHODS=METHODS,
        SHORTAGES=SHORTAGES,
        currency=cycle.currency,
        zone=cycle.time_zone,
    )
