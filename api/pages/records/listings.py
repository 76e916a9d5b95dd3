"""What a cycle sells: packs with their prices, changed until somebody orders, and prices that only fall."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, role
from api.pages.forms import Sent
from api.pages.page import Asked
from api.pages.records.fields import Group
from api.pages.records.kinds import Money, TypedWrongError
from api.pages.records.pages import TAKEN, RecordPages, seen_in
from api.pages.records.pricing import PRICE, listing_groups, price_kind
from api.pages.records.record import Choices, Record, Shown, Who, id_of
from api.planners import require_cycle
from api.v1.cycles.bodies import Pack
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, ProductId, VariantId
from farmlink.cycles import commands, queries
from farmlink.cycles.queries import cap_of
from farmlink.cycles.rules.refusals import PriceRisesError
from farmlink.cycles.values import Cycle, CycleId, Listing, ListingId, PriceStep, Stage, Unmet
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Page, Paging
from farmlink.network import queries as network
from farmlink.people.values import Role
from farmlink.store.transaction import Transaction

STAFF = role(Role.ADMIN, Role.PLANNER)
SELLING: Final = (Stage.DRAFT, Stage.OPEN)
RISES: Final = marked("The price is posted at {price} and can only fall.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A listing as its form shows it."""

    id: ListingId
    cycle: Cycle
    product: ProductCard
    variant_id: VariantId
    grade: int
    price_minor_per_1000: int
    price_steps: tuple[PriceStep, ...]
    tax_ppm: int
    case_packs: int
    threshold: int
    unmet: Unmet
    cap: int | None
    ordered: int
    revision: int


class Listings(Record[Sold]):
    """What a cycle sells; the address says of which cycle and, for a new one, which product."""

    path = "/ops/records/listings"
    title = marked("What it sells")
    new = marked("List a pack")
    shape = Pack
    list_page = "records/listings.html"
    form_page = "records/listing.html"

    def groups(self, who: Who, card: Sold | None) -> tuple[Group, ...]:
        """The form's fields, in the unit of the product."""
        return listing_groups((card.product if card else _product(who)).base_unit)

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Listings of a cycle of one's hubs."""
        return who.store.read(_found, _cycle(who), asked, paging, who.language)

    def one(self, who: Who, key: UUID) -> Sold:
        """One listing of a cycle of one's hubs."""
        listing, revision = who.store.read(queries.listing_seen, ListingId(key))
        cycle = require_cycle(who.store, who.principal, listing.cycle_id)
        return who.store.read(_sold, listing, revision, cycle)

    def make(self, who: Who, key: UUID, body: Pack) -> UUID:
        """List it for sale."""
        return who.store.once(key, commands.add_listings, [body.value(_cycle(who).id)])[0]

    def change(self, who: Who, card: Sold, revision: int, body: Pack) -> object:
        """Replace what is said about it; after the first order only its price falls."""
        try:
            return who.store.run(commands.change_listing, card.id, body.value(card.cycle.id), seen=revision)
        except PriceRisesError as refusal:
            raise _rises(refusal, card, PRICE) from refusal

    def name_of(self, card: Sold, language: str) -> str:
        """Product, pack and grade."""
        return _named(card.product, card.variant_id, card.grade, language)

    def choices(self, who: Who, card: Sold | None) -> Choices:
        """Packs and grades of the product."""
        product = card.product if card else _product(who)
        return {
            "variant_id": [(str(one.id), one.name[who.language]) for one in product.variants],
            "grade": [(str(one.rank), one.name[who.language]) for one in product.grades],
        }

    def currency(self, who: Who, card: Sold | None, sent: Mapping[str, Any]) -> str:  # noqa: ARG002  # the cycle decides
        """That of the cycle."""
        return (card.cycle if card else _cycle(who)).currency

    def body(self, given: dict[str, Any], card: Sold | None) -> dict[str, Any]:
        """Of which product it is, is no field: a new one's form learns it from the address."""
        grade = str(given.get("grade", ""))
        given["grade"] = int(grade) if grade.isdigit() else grade
        return given | ({"product_id": str(card.product.id)} if card else {})

    def addable(self, who: Who) -> bool:
        """As long as the cycle sells."""
        return _cycle(who).stage in SELLING

    def editable(self, card: Sold) -> bool:
        """As long as the cycle sells."""
        return card.cycle.stage in SELLING

    def beside(self, who: Who, card: Sold | None) -> dict[str, Any]:
        """The cycle, and what else could be sold in it."""
        cycle = card.cycle if card else _cycle(who)
        products = who.store.read(catalogue.products_by_id).values()
        names = sorted(((str(one.id), one.name[who.language]) for one in products), key=lambda named: named[1])
        return {"cycle": cycle, "hub": who.store.read(network.hub, cycle.hub_id).name, "products": names}


class ListingPages(RecordPages):
    """Listings, for the planners of their cycle's hub."""

    path = Listings.path
    opt = open_to(STAFF)
    record = Listings()

    @post("/{record_id:uuid}/price", opt=TAKEN, sync_to_thread=True)
    def lower(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        record_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Lower a posted price; orders already placed keep theirs until the cut-off settles it for everybody."""
        who = Who(store, principal, language)
        card = self.record.one(who, record_id)
        try:
            price = _price(price_kind(card.product.base_unit), data, card.cycle.currency)
            store.run(commands.lower_price, card.cycle.id, card.id, price, seen=seen_in(data))
        except PriceRisesError as refusal:
            return self.refused(request, who, record_id, _rises(refusal, card, "lower"), {"lower": data.get("lower")})
        except RefusedError as refusal:
            return self.refused(request, who, record_id, refusal, {"lower": data.get("lower")})
        return Redirect(f"{Listings.path}/{record_id}", status_code=303)


def _price(kind: Money, data: Mapping[str, Any], currency: str) -> int:
    try:
        price = kind.read("lower", data, currency)
    except TypedWrongError as wrong:
        raise FieldsError([Fault("lower", "form", wrong.message, wrong.facts)]) from wrong
    if price is None:
        raise FieldsError([Fault("lower", "missing", marked("This is needed."), {})])
    return int(price)


def _rises(refusal: PriceRisesError, card: Sold, at: str) -> FieldsError:
    said = price_kind(card.product.base_unit).said(refusal.facts[PRICE], card.cycle.currency)
    return FieldsError([Fault(at, refusal.code, RISES, {"price": f"{said} {card.cycle.currency}"})])


def _cycle(who: Who) -> Cycle:
    key = id_of(who.given, "cycle_id")
    if key is None:
        raise MissingError(noun="cycle", id=str(who.given.get("cycle_id", "")))
    return require_cycle(who.store, who.principal, CycleId(key))


def _product(who: Who) -> ProductCard:
    key = id_of(who.given, "product_id")
    if key is None:
        raise MissingError(noun="product", id=str(who.given.get("product_id", "")))
    return who.store.read(catalogue.product_card, ProductId(key))


def _sold(tx: Transaction, listing: Listing, revision: int, cycle: Cycle) -> Sold:
    kept = {name: getattr(listing, name) for name in Sold.__dataclass_fields__ if hasattr(listing, name)}
    product = catalogue.product_card(tx, listing.product_id)
    return Sold(**kept, cycle=cycle, product=product, cap=cap_of(tx, listing.id), revision=revision)


def _found(tx: Transaction, cycle: Cycle, asked: str, paging: Paging, language: str) -> Page[Shown]:
    page = queries.listings_page(tx, cycle.id, Paging(1000) if asked else paging)
    products = catalogue.products_by_id(tx, {one.product_id for one in page.items})
    shown = []
    for one in page.items:
        product = products[one.product_id]
        name = _named(product, one.variant_id, one.grade, language)
        if asked.lower() in name.lower():
            shown.append(Shown(one.id, name, price=one.price_minor_per_1000, unit=product.base_unit, left=one.left))
    return Page(shown, page.next)


def _named(product: ProductCard, variant_id: VariantId, grade: int, language: str) -> str:
    packs = {one.id: one.name[language] for one in product.variants}
    grades = {one.rank: one.name[language] for one in product.grades}
    return f"{product.name[language]}, {packs.get(variant_id, '')}, {grades.get(grade, grade)}"
