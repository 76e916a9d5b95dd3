"""What a farm offers: a few words for a new offer, taking one back, and a failed harvest told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.pages.farm.amounts import amount_in, placed, price_in, price_typed, quantity_typed
from api.pages.farm.own import FARMERS, FOR_FARMERS, farm_named, own_farm, own_farms, region_of, today_of
from api.pages.farm.sent import scripted, taken
from api.pages.farm.told import goods_in
from api.pages.farm.words import FAILED, LOTS, OFFERED, WITHDRAWN
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.reach import reach
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, ProductId
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people.values import Principal, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import commands, queries
from farmlink.supply.values import LotCard, LotDraft, LotId

FIELDS: Final = {
    "quantity": ("amount", marked("Quantity")),
    "ask_minor_per_1000": ("price", marked("Price")),
    "collect_from": ("harvest_on", marked("From when")),
    "collect_until": ("harvest_on", marked("From when")),
    "grade": ("grade", marked("Grade")),
}
"""What the rules call the fields of a lot, and where the form asks for it."""
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class OfferForm(msgspec.Struct, frozen=True):
    """Crop, quantity, from when, price; the price is for a kilogram, or for a piece."""

    product_id: UUID
    amount: Short
    harvest_on: date
    price: Short
    grade: int = 4
    farm_id: UUID | None = None


class LotPages(Controller):
    """A farm's own offers."""

    path = "/farm/lots"
    opt = FOR_FARMERS
    include_in_schema = False

    @get("", sync_to_thread=True)
    def lots(self, request: Asked, store: ActingStore, principal: Asking, paging: AskedPage) -> Response[Any]:
        """List one's offers."""
        found = store.read(queries.lots, paging, seen_by=reach(store, principal, Role.FARMER))
        return page("farm/lots.html", request, found=found, states=LOTS, **store.read(_list, principal, found.items))

    @get("/new", sync_to_thread=True)
    def ask(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """Ask for an offer in four lines."""
        return _form(request, store, principal, blank())

    @post("", opt=taken_by(FARMERS), sync_to_thread=True)
    def offer(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Offer a lot."""
        try:
            draft = store.read(_draft, principal, read(data, OfferForm))
            offered = store.once(key_of(data), commands.offer_lot, draft)
        except RefusedError as refusal:
            if scripted(request):
                raise
            return _form(request, store, principal, refilled(data, placed(refusal, FIELDS, language), language))
        return lot_told(request, store, language, offered, OFFERED)

    @get("/{lot_id:uuid}", sync_to_thread=True)
    def lot(self, request: Asked, store: ActingStore, principal: Asking, lot_id: FromPath[UUID]) -> Response[Any]:
        """Show one offer, and what may still be done with it."""
        return lot_shown(request, store, principal, LotId(lot_id), blank())

    @post("/{lot_id:uuid}/withdrawal", opt=taken_by(FARMERS), sync_to_thread=True)
    def withdraw(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        lot_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Take an offer back of which nothing is promised."""
        return _ended(request, store, principal, language, LotId(lot_id), data, (commands.withdraw_lot, WITHDRAWN))

    @post("/{lot_id:uuid}/failed-harvest", opt=taken_by(FARMERS), sync_to_thread=True)
    def fail(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        lot_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Tell once that a harvest failed; everything that counted on it is planned again."""
        return _ended(
            request, store, principal, language, LotId(lot_id), data, (commands.report_failed_harvest, FAILED)
        )


def _ended(
    request: Asked,
    store: Store,
    principal: Principal,
    language: str,
    lot_id: LotId,
    data: dict[str, Any],
    ending: tuple[Callable[..., LotCard], str],
) -> Response[Any]:
    store.read(queries.lot, lot_id, reach(store, principal, Role.FARMER))
    command, said = ending
    try:
        ended = store.once(key_of(data), command, lot_id)
    except RefusedError as refusal:
        if scripted(request):
            raise
        return lot_shown(request, store, principal, lot_id, refilled(data, refusal, language))
    return lot_told(request, store, language, ended, said)


def lot_told(request: Asked, store: Store, language: str, lot: LotCard, said: str) -> Response[Any]:
    """Lead on to a lot of which something was done."""
    return taken(request, language, f"/farm/lots/{lot.id}", said, *store.read(_clock, lot))


def _clock(tx: Transaction, lot: LotCard) -> tuple[datetime, str]:
    """The hour, and where it is told."""
    return tx.now, network.region(tx, network.farm(tx, lot.farm_id).region_id).time_zone


def lot_shown(request: Asked, store: Store, principal: Principal, lot_id: LotId, form: Filled) -> Response[Any]:
    """One lot with its forms, as one of them was sent or as nobody sent any."""
    lot = store.read(queries.lot, lot_id, reach(store, principal, Role.FARMER))
    shown = store.read(_list, principal, [lot])
    goods = shown["goods"][lot.id]
    typed = {
        "amount": quantity_typed(lot.quantity, goods.product),
        "price": price_typed(lot.ask_minor_per_1000, goods.product, goods.region.currency),
    }
    return page("farm/lot.html", request, status=form.status, lot=lot, form=form, states=LOTS, typed=typed, **shown)


def _form(request: Asked, store: Store, principal: Principal, form: Filled) -> Response[Any]:
    shown = store.read(_choices, principal, farm_named(form.typed))
    return page("farm/offer.html", request, status=form.status, form=form, **shown)


def _list(tx: Transaction, principal: Principal, lots: list[LotCard]) -> dict[str, Any]:
    goods = goods_in(tx, lots)
    farms = own_farms(tx, principal) or [one.farm for one in goods.values()]
    region = region_of(tx, farms)
    return {
        "goods": goods,
        "farms": farms,
        "currency": region.currency if region else "",
        "zone": region.time_zone if region else "UTC",
    }


def _choices(tx: Transaction, principal: Principal, chosen: FarmId | None) -> dict[str, Any]:
    """What may be offered: first what the farm offered before, with the grade and price of its last time.

    The earliest day is that of the chosen farm; until one is chosen, that of any of them.
    """
    farms = own_farms(tx, principal)
    offers = next((one for one in farms if one.id == chosen), None) or own_farm(tx, principal, None)
    currencies = {network.region(tx, region_id).currency for region_id in {farm.region_id for farm in farms}}
    before: dict[ProductId, LotCard] = {}
    for farm in farms:
        before |= {lot.product_id: lot for lot in queries.lots(tx, Paging(200), farm_id=farm.id).items}
    products = sorted(catalogue.products_by_id(tx).values(), key=lambda one: (one.id not in before, one.code))
    return {
        "farms": farms,
        "products": products,
        "before": before,
        "grades": _grades(products),
        "currency": " / ".join(sorted(currencies)),
        "today": today_of(tx, [offers]),
        "earliest": today_of(tx, [offers] if chosen == offers.id else farms),
    }


def _grades(products: list[ProductCard]) -> list[tuple[int, dict[str, str]]]:
    """Every grade that some product is sold in, the best first; the command says which ones a product has."""
    named = {grade.rank: grade.name for product in products for grade in product.grades}
    return sorted(named.items(), reverse=True)


def _draft(tx: Transaction, principal: Principal, form: OfferForm) -> LotDraft:
    farm = own_farm(tx, principal, None if form.farm_id is None else FarmId(form.farm_id))
    currency = network.region(tx, farm.region_id).currency
    product = catalogue.product_card(tx, ProductId(form.product_id))
    return LotDraft(
        farm_id=farm.id,
        product_id=product.id,
        grade=form.grade,
        quantity=amount_in("amount", form.amount, product),
        ask_minor_per_1000=price_in("price", form.price, product, currency),
        harvest_on=form.harvest_on,
    )
