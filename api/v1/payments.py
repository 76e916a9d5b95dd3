"""Payments: one checkout by any method, what is due at the point, credit paid in, and providers' calls."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter, RawBody

from api.accepts import OPT_ACCEPTS
from api.auth import FORM
from api.dependencies import ActingStore, Asking, OnceKey
from api.guards import OPT, anyone, held_by, open_to, role, signed_in, unasked
from api.planners import require_hub
from api.v1.dispatch import HANDS
from farmlink.cycles import queries as cycles
from farmlink.dispatch import queries as dispatch
from farmlink.kernel.bounds import MOST_MINOR
from farmlink.kernel.clock import day_of
from farmlink.kernel.page import Few
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.orders import commands as checkouts
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId
from farmlink.payments import commands, queries
from farmlink.payments.values import Method, Offer, Payment
from farmlink.payments.work import listen, offered, require_offered
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Role
from farmlink.settings import read_settings
from farmlink.store.store import Store

OfCurrency = Annotated[
    str | None, QueryParameter(pattern="^[A-Z]{3}$", description="ISO 4217, such as EUR; of all currencies without it.")
]
Amount = Annotated[int, msgspec.Meta(ge=1, le=MOST_MINOR, examples=[16_500])]


class Checkout(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How the order is paid."""

    method: Method


class PaidAmount(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An amount in the order's currency."""

    amount_minor: Amount


class PaidIn(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Credit that somebody paid in, in the hub's currency."""

    person_id: UUID
    amount_minor: Amount


class MethodController(Controller):
    """How one can pay here."""

    tags = ("payments",)
    opt = open_to(anyone)

    @get("/payment-methods", sync_to_thread=True)
    def methods(self, currency: OfCurrency = None) -> Few[Offer]:
        """Every method on offer and what it can do: hold until the goods are there, for `hold_days`, or pay at once.

        Some take one currency only: name the order's to see by which it can be paid.
        """
        return Few(offered(read_settings(), currency))


class PaymentController(Controller):
    """How an order is paid."""

    path = "/orders/{order_id:uuid}"
    tags = ("payments",)

    @post("/checkout", opt={OPT: signed_in}, sync_to_thread=True)
    def checkout(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        order_id: FromPath[OrderId],
        data: JSONBody[Checkout],
    ) -> Payment:
        """Check one's own order out before the cut-off; without that it is paid at pick-up.

        Of account credit as much is held as is there, and the hold follows the order when it is changed. What is not
        held is due at pick-up, and so are deposits and what an order grows by after it was paid at a provider.

        At a provider the payer authorises with `pay_with` in their own browser or app; no card number comes here. One
        that holds for some days only can be chosen once the hand-out is as near as that.
        """
        order = store.read(orders.order, order_id, principal.person_id)
        cycle = store.read(cycles.cycle, order.cycle_id)
        today, closes_on = (day_of(at, cycle.time_zone) for at in (datetime.now(UTC), cycle.closes_at))
        require_offered(read_settings(), data.method, today, cycle.hand_out_on, closes_on)
        return store.once(key, checkouts.checkout, order_id, data.method, key)

    @get("/payment", opt={OPT: role(Role.CONSUMER, *HANDS)}, sync_to_thread=True)
    def payment(self, store: ActingStore, principal: Asking, order_id: FromPath[OrderId]) -> Payment:
        """How the payment stands; only its payer sees what to pay the provider with."""
        store.read(dispatch.require_reader, principal, order_id)
        found = store.read(queries.payment, order_id)
        return found if found.payer_id == principal.person_id else replace(found, pay_with=None)

    @post("/collection", opt={OPT: role(*HANDS)}, status_code=200, sync_to_thread=True)
    def collect(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        order_id: FromPath[OrderId],
        data: JSONBody[PaidAmount],
    ) -> Payment:
        """Keep that what is due was paid to who hands the order out; what is brought home is paid to the hub."""
        store.read(dispatch.require_hands, principal, order_id)
        till = _till(store, order_id)
        return _unsigned(store.once(key, commands.collect, order_id, till, data.amount_minor))


class CreditController(Controller):
    """Account credit."""

    path = "/hubs/{hub_id:uuid}/credits"
    tags = ("payments",)
    opt = held_by(Role.PLANNER, Role.ADMIN)

    @post("/", sync_to_thread=True)
    def top_up(
        self, store: ActingStore, principal: Asking, key: OnceKey, hub_id: FromPath[HubId], data: JSONBody[PaidIn]
    ) -> UUID:
        """Keep that somebody paid credit in; the entry's id in the ledger."""
        require_hub(store, principal, hub_id)
        store.read(people.known_person, PersonId(data.person_id))
        currency = store.read(network.hub, hub_id).currency
        return store.once(key, commands.top_up, key, data.person_id, data.amount_minor, currency, hub_id)


class WebhookController(Controller):
    """Where providers call: what they sign is listened to, everything else learns nothing."""

    path = "/webhooks"
    tags = ("payments",)
    opt = open_to(unasked)

    @post("/stripe", status_code=200, sync_to_thread=True)
    def stripe(self, store: ActingStore, request: Request[Any, Any, Any], body: RawBody) -> Response[str]:
        """Take a call of Stripe."""
        return _heard(store, request, body, Method.STRIPE)

    @post("/wechat", status_code=200, sync_to_thread=True)
    def wechat(self, store: ActingStore, request: Request[Any, Any, Any], body: RawBody) -> Response[str]:
        """Take a call of WeChat Pay."""
        return _heard(store, request, body, Method.WECHAT)

    @post("/alipay", opt={OPT_ACCEPTS: FORM}, status_code=200, sync_to_thread=True)
    def alipay(self, store: ActingStore, request: Request[Any, Any, Any], body: RawBody) -> Response[str]:
        """Take a call of Alipay."""
        return _heard(store, request, body, Method.ALIPAY)


def _heard(store: Store, request: Request[Any, Any, Any], body: bytes, method: Method) -> Response[str]:
    thanks = listen(store.by(method.value), method, dict(request.headers), body)
    return Response(thanks, media_type="text/plain")


def _till(store: Store, order_id: OrderId) -> UUID:
    order = store.read(orders.order, order_id)
    return store.read(cycles.cycle, order.cycle_id).hub_id if order.at_home else order.place_id


def _unsigned(payment: Payment) -> Payment:
    return replace(payment, pay_with=None)


controllers = [MethodController, PaymentController, CreditController, WebhookController]
