"""One's orders: the list, each on its way, and what can still be done with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.guards import open_to, signed_in
from api.pages.claimed import WORDS
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.lead.drawn import code_of
from api.pages.page import Asked, page, part
from api.pages.policy_words import RULES
from api.pages.shop import baskets
from api.pages.shop.again import again_in
from api.pages.shop.cycle import takes_orders
from api.pages.shop.followed import Followed, follow
from api.pages.shop.listed import listed
from api.pages.shop.way import HELD
from api.pages.shop.words import ITEMS, METHODS, PAYMENTS
from farmlink.cycles import queries as cycles
from farmlink.dispatch import queries as dispatch
from farmlink.kernel.clock import day_of
from farmlink.kernel.errors import RefusedError
from farmlink.orders import commands
from farmlink.orders import queries as orders
from farmlink.orders.rules.codes import pick_up_code
from farmlink.orders.values import OrderId, OrderState
from farmlink.payments.values import Method, Payment, State
from farmlink.payments.work import offered, require_offered
from farmlink.people.values import Principal
from farmlink.settings import read_settings
from farmlink.store.store import Store

LIVE_S = 30


class PayForm(msgspec.Struct, frozen=True):
    """How an order is paid."""

    method: Method


class OrderPages(Controller):
    """One's own orders; others' do not exist."""

    path = "/orders"
    opt = open_to(signed_in)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def orders(self, request: Asked, store: ActingStore, principal: Asking, paging: AskedPage) -> Response[Any]:
        """List one's orders, the newest first."""
        return page("shop/orders.html", request, orders=store.read(listed, principal.person_id, paging))

    @get("/{order_id:uuid}", sync_to_thread=True)
    def order(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        order_id: FromPath[UUID],
        pay: FromQuery[Method | None] = None,
    ) -> Response[Any]:
        """Follow an order; `pay` is the way of paying that was wished and did not work."""
        return _order(request, store, principal, OrderId(order_id), blank(method=pay or ""), missed=pay)

    @get("/{order_id:uuid}/live", sync_to_thread=True)
    def live(self, request: Asked, store: ActingStore, principal: Asking, order_id: FromPath[UUID]) -> Response[str]:
        """How far the order has come."""
        found = store.read(follow, OrderId(order_id), principal.person_id)
        said = {"seen": found, "HELD": HELD, "currency": found.order.currency, "zone": found.cycle.time_zone}
        answer = part("shop/way.html", request, **said)
        if found.is_over:
            answer.headers["x-live"] = "over"
        return answer

    @get("/{order_id:uuid}/shares", sync_to_thread=True)
    def shares(self, request: Asked, store: ActingStore, principal: Asking, order_id: FromPath[UUID]) -> Response[Any]:
        """By which rule what came in was shared, for whoever wants to reckon it again."""
        found = store.read(follow, OrderId(order_id), principal.person_id)
        batches = {one.batch_id: one for one in store.read(dispatch.shared_batches, principal, found.cycle.id)}
        return page("shop/shares.html", request, seen=found, batches=batches, RULES=RULES)

    @post("/{order_id:uuid}/payment", opt=taken_by(signed_in), sync_to_thread=True)
    def pay(  # what a form needs
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        order_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Check one's order out before the cut-off."""
        own, key = store.read(orders.order, OrderId(order_id), principal.person_id), key_of(data)
        try:
            method = read(data, PayForm).method
            cycle = store.read(cycles.cycle, own.cycle_id)
            today, closes_on = (day_of(at, cycle.time_zone) for at in (cycle.server_at, cycle.closes_at))
            require_offered(read_settings(), method, today, cycle.hand_out_on, closes_on)
            store.once(key, commands.checkout, own.id, method, key)
        except RefusedError as refusal:
            return _order(request, store, principal, own.id, refilled(data, refusal, language))
        return Redirect(f"/orders/{own.id}", status_code=303)

    @post("/{order_id:uuid}/cancellation", opt=taken_by(signed_in), sync_to_thread=True)
    def cancel(  # what a form needs
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        order_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Cancel one's order, until the cut-off."""
        own = store.read(orders.order, OrderId(order_id), principal.person_id)
        try:
            store.once(key_of(data), commands.cancel, own.id)
        except RefusedError as refusal:
            return _order(request, store, principal, own.id, refilled(data, refusal, language))
        return Redirect(f"/orders/{own.id}", status_code=303)

    @post("/{order_id:uuid}/again", opt=taken_by(signed_in), sync_to_thread=True)
    def again(self, store: ActingStore, principal: Asking, order_id: FromPath[UUID]) -> Response[Any]:
        """Put the same into the basket of the next cycle that sells it, beside what one has ordered there."""
        own = store.read(orders.order, OrderId(order_id), principal.person_id)
        cycle_id, lines = store.read(again_in, own, principal.person_id)
        if cycle_id is None:
            return Redirect(f"/orders/{own.id}?again=nothing#next", status_code=303)
        return Redirect(f"/cycles/{cycle_id}/review?{urlencode({'b': baskets.written(lines)})}", status_code=303)


def _order(  # what the page shows
    request: Asked,
    store: Store,
    principal: Principal,
    order_id: OrderId,
    form: Filled,
    missed: Method | None = None,
) -> Response[Any]:
    found: Followed = store.read(follow, order_id, principal.person_id)
    settings = read_settings()
    address = f"{settings.public_url}/cycles/{found.cycle.id}"
    opens = takes_orders(found.cycle) and found.order.state is OrderState.PLACED
    return page(
        "shop/order.html",
        request,
        status=form.status,
        seen=found,
        form=form,
        missed=missed,
        takes=opens,
        code=pick_up_code(order_id),
        share=address,
        modules=code_of(address),
        nothing=request.query_params.get("again") == "nothing",
        keys={deed: form.key_for(deed) for deed in ("cancel", "again")},
        methods=[one.method for one in offered(settings, found.order.currency) if one.method is not Method.PICK_UP],
        paying=_paying(found.payment),
        live_s=LIVE_S,
        HELD=HELD,
        METHODS=METHODS,
        PAYMENTS=PAYMENTS,
        ITEMS=ITEMS,
        currency=found.order.currency,
        zone=found.cycle.time_zone,
        **WORDS,
    )


def _paying(payment: Payment | None) -> dict[str, Any] | None:
    """What the payer's own device pays a provider with: an address as a code to scan, or a code of the provider's."""
    if payment is None or payment.state is not State.AUTHORISING or payment.pay_with is None:
        return None
    leads = payment.pay_with.startswith(("https://", "weixin://"))
    return {"with": payment.pay_with, "modules": code_of(payment.pay_with) if leads else None}
