"""Products and their packs."""

from typing import Any
from uuid import UUID

from api.guards import open_to, platform
from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Scaled, Text, Tick, Whole
from api.pages.records.pages import RecordPages
from api.pages.records.record import Record, Shown, Way, Who
from api.pages.records.several import Choice, Grades, Ticks
from api.pages.records.words import ALLERGENS, COLD, UNITS
from api.v1.catalogue import ProductBody, VariantBody
from farmlink.catalogue import commands, queries
from farmlink.catalogue.values import BaseUnit, ColdClass, ProductCard, ProductId, VariantCard, VariantId
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Page, Paging
from farmlink.people.values import Role

STAFF = platform(Role.ADMIN, Role.PLANNER)
ENGLISH_NAME = Field(name="name.en", label=marked("Name in English"), kind=Text(), needed=True)
CHINESE_NAME = Field(name="name.zh-CN", label=marked("Name in Chinese"), kind=Text(), needed=True)
KG, GRAMS = Scaled(places=3, unit=marked("kg")), Whole(unit=marked("g"))


class Products(Record[ProductCard]):
    """What is sold."""

    path = "/ops/records/products"
    title = marked("Products")
    new = marked("New product")
    about = marked("What is sold, how it keeps, and in which packs.")
    shape = ProductBody

    def groups(self, who: Who, card: ProductCard | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields."""
        return PRODUCT

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Products by part of their name."""
        cards = who.store.read(queries.products, paging, named=asked or None, language=who.language)
        return Page([Shown(one.id, one.name[who.language], _hint(one)) for one in cards.items], cards.next)

    def one(self, who: Who, key: UUID) -> ProductCard:
        """One product."""
        return who.store.read(queries.product_card, ProductId(key))

    def make(self, who: Who, key: UUID, body: ProductBody) -> UUID:
        """Put it into the catalogue."""
        return who.store.once(key, commands.create_product, body.draft()).id

    def change(self, who: Who, card: ProductCard, revision: int, body: ProductBody) -> object:
        """Replace what it says about itself."""
        return who.store.run(commands.change_product, card.id, body.draft(), revision)

    def name_of(self, card: ProductCard, language: str) -> str:
        """Its name in the reader's language."""
        return card.name[language]

    def body(self, given: dict[str, Any], card: ProductCard | None) -> dict[str, Any]:  # noqa: ARG002  # the same for both
        """A gram weighs a gram: only pieces say what one weighs."""
        if given.get("base_unit") == BaseUnit.GRAM:
            given.pop("unit_weight_g", None)
        return given

    def ways(self, who: Who, card: ProductCard) -> list[Way]:
        """Its packs, and one more."""
        packs = [Way("", f"{Packs.path}/{one.id}", "box", called=one.name[who.language]) for one in card.variants]
        return [*packs, Way(Packs.new, f"{Packs.path}/new?product_id={card.id}", "plus")]


class ProductPages(RecordPages):
    """Products, for staff of the platform."""

    path = Products.path
    opt = open_to(STAFF)
    record = Products()


class SentPack(VariantBody, frozen=True, kw_only=True):
    """A pack, and of which product."""

    product_id: UUID | None = None


class Packs(Record[VariantCard]):
    """In what a product is sold."""

    path = "/ops/records/packs"
    title = marked("Pack sizes")
    new = marked("New pack")
    about = marked("How much is in it, and what it weighs with what it is packed in.")
    shape = SentPack

    def groups(self, who: Who, card: VariantCard | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields; of which product it is, is said once."""
        return PACK if card is not None else (OF_PRODUCT, *PACK)

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Packs by the name of their product."""
        cards = who.store.read(queries.products, paging, named=asked or None, language=who.language)
        return Page([_pack(card, one, who.language) for card in cards.items for one in card.variants], cards.next)

    def one(self, who: Who, key: UUID) -> VariantCard:
        """One pack."""
        return who.store.read(queries.variant, VariantId(key))

    def choices(self, who: Who, card: VariantCard | None) -> dict[str, list[tuple[Any, str]]]:
        """Of which product a new one is."""
        if card is not None:
            return {}
        cards = who.store.read(queries.products_by_id)
        return {"product_id": sorted(((str(one.id), one.name[who.language]) for one in cards.values()), key=_words)}

    def make(self, who: Who, key: UUID, body: SentPack) -> UUID:
        """Add it to its product."""
        assert body.product_id is not None  # needed by the form
        draft = _plain(body).draft()
        return who.store.once(key, commands.add_variant, ProductId(body.product_id), draft).id

    def change(self, who: Who, card: VariantCard, revision: int, body: SentPack) -> object:
        """Replace what it says about itself."""
        return who.store.run(commands.change_variant, card.id, _plain(body).draft(), revision)

    def name_of(self, card: VariantCard, language: str) -> str:
        """Its name in the reader's language."""
        return card.name[language]

    def ways(self, who: Who, card: VariantCard) -> list[Way]:  # noqa: ARG002  # the same for everybody
        """Its product."""
        return [Way(marked("The product"), f"{Products.path}/{card.product_id}", "leaf")]


class PackPages(RecordPages):
    """Packs, for staff of the platform."""

    path = Packs.path
    opt = open_to(STAFF)
    record = Packs()


def _plain(body: SentPack) -> VariantBody:
    return VariantBody(name=body.name, quantity=body.quantity, weight_g=body.weight_g)


def _hint(card: ProductCard) -> str:
    return f"{card.code} · {card.family}" if card.family else card.code


def _pack(card: ProductCard, one: VariantCard, language: str) -> Shown:
    return Shown(one.id, f"{card.name[language]}, {one.name[language]}", card.code)


def _words(choice: tuple[Any, str]) -> str:
    return choice[1]


OF_PRODUCT = Group(marked("Of what"), (Field(name="product_id", label=marked("Product"), kind=Choice(), needed=True),))
PACK = (
    Group(marked("Names"), (ENGLISH_NAME, CHINESE_NAME)),
    Group(
        marked("How much"),
        (
            Field(
                name="quantity",
                label=marked("Inside, in grams or pieces"),
                kind=Whole(),
                needed=True,
                hint=marked("Grams of what is sold by weight, pieces of what is counted."),
            ),
            Field(name="weight_g", label=marked("Weight with packing"), kind=KG, needed=True),
        ),
    ),
)
PRODUCT = (
    Group(
        marked("Names"),
        (
            ENGLISH_NAME,
            CHINESE_NAME,
            Field(
                name="code",
                label=marked("Code in files"),
                kind=Text(),
                needed=True,
                hint=marked("Small letters, digits and hyphens, such as sweet-corn."),
            ),
            Field(
                name="family", label=marked("Family"), kind=Text(), hint=marked("Such as fruit, vegetables or eggs.")
            ),
        ),
    ),
    Group(
        marked("How it is counted"),
        (
            Field(
                name="base_unit",
                label=marked("Sold"),
                kind=Choice(words=UNITS),
                needed=True,
                start=BaseUnit.GRAM,
                hint=marked("Stays once it is sold."),
            ),
            Field(
                name="unit_weight_g", label=marked("One piece weighs"), kind=GRAMS, hint=marked("Only what is counted.")
            ),
            Field(
                name="volume_ml_per_1000",
                label=marked("Space that a kilogram, or a thousand pieces, takes"),
                kind=Scaled(places=3, unit=marked("litres")),
                needed=True,
            ),
            Field(
                name="catch_weight",
                label=marked("Each pack is weighed and priced by what it weighs"),
                kind=Tick(),
            ),
        ),
    ),
    Group(
        marked("How it keeps"),
        (
            Field(name="shelf_days", label=marked("Keeps"), kind=Whole(unit=marked("days")), needed=True),
            Field(
                name="spoilage_ppm_per_day",
                label=marked("Spoils each day"),
                kind=Scaled(places=4, unit="%"),
                start=0,
            ),
            Field(
                name="cold_classes",
                label=marked("May travel"),
                kind=Ticks(words=COLD),
                needed=True,
                start=(ColdClass.AMBIENT,),
            ),
        ),
    ),
    Group(marked("Allergens"), (Field(name="allergens", label=marked("Contains"), kind=Ticks(words=ALLERGENS)),)),
    Group(
        marked("Grades"),
        (
            Field(
                name="grades",
                label=marked("What each grade is called"),
                kind=Grades(),
                hint=marked("5 is best. Without any name it gets the five usual ones."),
            ),
        ),
        folded=True,
    ),
)
