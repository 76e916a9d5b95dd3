"""The shop of one cycle: a single form, which holds one's order where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.auth import viewer_id
from api.dependencies import ActingStore, Language
from api.guards import anyone, open_to
from api.language import language_of
from api.pages.forms import Filled, Sent, blank, refilled, taken_by
from api.pages.lead.drawn import code_of
from api.pages.page import Asked, page, part
from api.pages.shop import baskets
from api.pages.shop.followed import follow
from api.pages.shop.hours import hours_on
from api.pages.shop.kept import basket_kept, keep_basket
from api.pages.shop.own import EVERYTHING, chosen_point, own_order
from api.pages.shop.shelf import Card, cards, instead_of, paces
from api.pages.shop.start import offered
from api.pages.shop.words import FAMILIES, SHORTAGES
from api.seen import seen_cycle
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, ListingId, Stage
from farmlink.demand import queries as demand
from farmlink.kernel.errors import MissingError, RefusedError, UnknownPersonError
from farmlink.kernel.money import line_total_minor
from farmlink.network import queries as network
from farmlink.network.values import PointCard, PointId
from farmlink.orders.values import Order
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Recipient
from farmlink.settings import read_settings
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

LONGEST_COUNT: Final = 6
"""No basket holds a million packs of one thing."""
LIVE_S: Final = 15


@dataclass(frozen=True, slots=True)
class Sought:
    """What of the shop is shown: a family of goods, names that hold some letters, or everything."""

    asked: str = ""
    family: str = ""

    def has(self, card: Card, language: str) -> bool:
        """Whether a card is among it."""
        return (not self.family or card.product.family == self.family) and card.says(self.asked, language)

    def of(self, **more: str) -> str:
        """It as a part of an address."""
        said = {"q": self.asked, "family": self.family, **more}
        return urlencode({name: word for name, word in said.items() if word})


class CyclePages(Controller):
    """What a cycle sells."""

    path = "/cycles/{cycle_id:uuid}"
    opt = open_to(anyone)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def shop(  # what an address of the shop can say
        self,
        request: Asked,
        store: ActingStore,
        cycle_id: FromPath[UUID],
        q: FromQuery[str | None] = None,
        family: FromQuery[str | None] = None,
        gift: FromQuery[UUID | None] = None,
        b: FromQuery[str | None] = None,
    ) -> Response[Any]:
        """Show what can be ordered; a cycle that takes no orders says what became of it and what to do next."""
        cycle, sought = seen_cycle(request, store, cycle_id), Sought((q or "").strip(), family or "")
        if not takes_orders(cycle):
            return _over(request, store, cycle)
        order = store.read(own_order, cycle.id, viewer_id(request), None if gift is None else PersonId(gift))
        kept = () if gift else basket_kept(request, cycle.id)
        # A basket from before somebody signed in never takes the place of what they ordered.
        lines = baskets.unwritten(b or "") or (baskets.ordered(order) if order else kept)
        return _shop(request, store, cycle, blank(**baskets.typed(lines)), sought, order, gift)

    @get("/live", sync_to_thread=True)
    def live(
        self,
        request: Asked,
        store: ActingStore,
        language: Language,
        cycle_id: FromPath[UUID],
        gift: FromQuery[UUID | None] = None,
    ) -> Response[str]:
        """How far the cycle and each of its packs have come."""
        cycle = seen_cycle(request, store, cycle_id)
        progress, going = store.read(demand.progress, cycle.id), store.read(paces, cycle.id, language)
        own = _packs(store.read(own_order, cycle.id, viewer_id(request), None if gift is None else PersonId(gift)))
        said = {"cycle": cycle, "progress": progress, "paces": going, "own": own, "over": not takes_orders(cycle)}
        answer = part("shop/live.html", request, **said, currency=cycle.currency, zone=cycle.time_zone)
        if not takes_orders(cycle):
            answer.headers["x-live"] = "over"
        return answer

    @post("/basket", opt=taken_by(anyone), sync_to_thread=True)
    def fill(
        self, request: Asked, store: ActingStore, language: Language, cycle_id: FromPath[UUID], data: Sent
    ) -> Response[Any]:
        """Take the basket and go on: to another part of the shop, or to look it over."""
        cycle = seen_cycle(request, store, cycle_id)
        sought = Sought(str(data.get("q", "")).strip(), str(data.get("family", data.get("shown", ""))))
        gift = _id(data.get("gift"))
        looks_on = data.get("do") != "review" and (sought.asked, sought.family) != (
            data.get("asked", ""),
            data.get("shown", ""),
        )
        try:
            listed = {one.id: one for one in store.read(cycles.listings, cycle.id)}
            order = store.read(own_order, cycle.id, viewer_id(request), None if gift is None else PersonId(gift))
            lines = baskets.read_basket(data, listed)
            if not looks_on:
                baskets.require_there(lines, listed, order)
        except RefusedError as refusal:
            if not takes_orders(cycle):
                return Redirect(f"/cycles/{cycle.id}?late=true", status_code=303)
            return _shop(request, store, cycle, refilled(data, refusal, language), sought, order, gift)
        more = {"gift": str(gift)} if gift else {}
        if looks_on:
            query = sought.of(b=baskets.written(lines), **more)
            response: Response[Any] = Redirect(f"/cycles/{cycle.id}?{query}#shelf", status_code=303)
        else:
            query = urlencode({"b": baskets.written(lines), **more})
            response = Redirect(f"/cycles/{cycle.id}/review?{query}", status_code=303)
        if not gift:
            keep_basket(response, request, cycle.id, lines)
        return response


def takes_orders(cycle: Cycle) -> bool:
    """Whether the shop of a cycle is open, paused or not."""
    return cycle.stage is Stage.OPEN and cycle.server_at < cycle.closes_at


def _shop(  # what the page shows
    request: Asked,
    store: Store,
    cycle: Cycle,
    form: Filled,
    sought: Sought,
    order: Order | None,
    gift: UUID | None,
) -> Response[Any]:
    language, point = language_of(request), _point(request, store, order)
    serves = point is not None and store.read(_serves, cycle, point)
    found = store.read(cards, cycle, point, language)
    chosen = {card.listing.id for card in found if form.get(f"packs-{card.listing.id}")}
    matching = {card.listing.id for card in found if sought.has(card, language)}
    address = f"{read_settings().public_url}/cycles/{cycle.id}"
    return page(
        "shop/cycle.html",
        request,
        status=form.status,
        cycle=cycle,
        progress=store.read(demand.progress, cycle.id),
        form=form,
        order=order,
        point=point,
        serves=serves,
        sought=sought,
        families=list(dict.fromkeys(card.product.family for card in found if card.product.family)),
        matching=matching,
        cards=sorted(found, key=lambda card: card.listing.id not in matching),
        chosen=chosen,
        sum=_sum(found, form),
        own=_packs(order),
        instead={card.listing.id: instead_of(card, found) for card in found},
        recipient=store.read(recipient_named, viewer_id(request), gift) if gift else None,
        hours=hours_on(point, cycle.hand_out_on) if point else "",
        FAMILIES=FAMILIES,
        SHORTAGES=SHORTAGES,
        live_s=LIVE_S,
        share=address,
        modules=code_of(address),
        currency=cycle.currency,
        zone=cycle.time_zone,
    )


def _packs(order: Order | None) -> dict[ListingId, int]:
    """How many packs of each listing an order holds."""
    return {line.listing_id: line.packs for line in baskets.ordered(order)} if order else {}


def _sum(found: list[Card], form: Filled) -> tuple[int, int]:
    """How many packs stand in the form, and what they cost; what cannot be read is none."""
    packs = {card.listing.id: str(form.get(f"packs-{card.listing.id}", "")) for card in found}
    counts = {key: int(text) if text.isdecimal() and len(text) <= LONGEST_COUNT else 0 for key, text in packs.items()}
    costs = [
        line_total_minor(card.listing.pack * counts[card.listing.id], card.listing.price_minor_per_1000)
        for card in found
    ]
    return sum(counts.values()), sum(costs)


def _point(request: Asked, store: Store, order: Order | None) -> PointCard | None:
    """Where one's order is handed out, else the point that was chosen last."""
    if order is None or order.at_home:
        return chosen_point(request, store)
    return store.read(network.point, PointId(order.place_id))


def _serves(tx: Transaction, cycle: Cycle, point: PointCard) -> bool:
    return point.id in cycles.served_points(tx, cycle.id)


def recipient_named(tx: Transaction, giver: PersonId | None, recipient_id: UUID) -> Recipient:
    """Somebody whom the reader named; others do not exist."""
    if giver is None:
        raise UnknownPersonError
    for one in people.recipients(tx, giver, EVERYTHING).items:
        if one.id == recipient_id:
            return one
    raise MissingError(noun="person", id=recipient_id)


def _over(request: Asked, store: Store, cycle: Cycle) -> Response[Any]:
    """What became of it; `late` in the address says that a basket or a change came after the cut-off."""
    reader, point = viewer_id(request), chosen_point(request, store)
    late = request.query_params.get("late") == "true"
    order = store.read(own_order, cycle.id, reader)
    return page(
        "shop/over.html",
        request,
        cycle=cycle,
        late=late,
        order=order,
        held=store.read(follow, order.id, order.consumer_id).lines if order and late else (),
        offers=store.read(offered, point.id if point else None, reader),
        currency=cycle.currency,
        zone=cycle.time_zone,
    )


def _id(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
