"""Products and their packs: everybody reads, staff of the platform edits what all regions share."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.dependencies import ActingStore, AskedPage, Language, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, platform
from api.shapes import Names, Note
from farmlink.catalogue import commands, queries
from farmlink.catalogue.values import (
    STANDARD_GRADES,
    Allergen,
    BaseUnit,
    ColdClass,
    NamedGrade,
    ProductCard,
    ProductDraft,
    ProductId,
    VariantCard,
    VariantDraft,
    VariantId,
)
from farmlink.kernel.bounds import MOST_VOLUME_ML_PER_1000
from farmlink.kernel.page import Page
from farmlink.people.values import Role

STAFF = platform(Role.ADMIN, Role.PLANNER)
Rank = Annotated[int, msgspec.Meta(ge=1, le=5, examples=[4])]


class GradeBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A grade of a product."""

    rank: Rank
    name: Names


class ProductBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A product; without grades it gets the five standard ones, and what is counted in pieces says what one weighs."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["apples"])]
    name: Names
    family: Note = ""
    base_unit: BaseUnit = BaseUnit.GRAM
    unit_weight_g: Annotated[int, msgspec.Meta(ge=1, le=1_000_000, examples=[1])] | None = None
    volume_ml_per_1000: Annotated[int, msgspec.Meta(ge=1, le=MOST_VOLUME_ML_PER_1000, examples=[1600])]
    shelf_days: Annotated[int, msgspec.Meta(ge=1, le=3650, examples=[30])]
    cold_classes: Annotated[tuple[ColdClass, ...], msgspec.Meta(min_length=1, max_length=3)] = (ColdClass.AMBIENT,)
    allergens: Annotated[tuple[Allergen, ...], msgspec.Meta(max_length=14)] = ()
    catch_weight: bool = False
    spoilage_ppm_per_day: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    grades: Annotated[tuple[GradeBody, ...], msgspec.Meta(min_length=1, max_length=5)] | None = None

    def draft(self) -> ProductDraft:
        """What the catalogue is asked to keep."""
        given = tuple(NamedGrade(grade.rank, grade.name.both()) for grade in self.grades or ())
        return ProductDraft(
            code=self.code,
            name=self.name.both(),
            family=self.family,
            base_unit=self.base_unit,
            unit_weight_g=self.unit_weight_g,
            volume_ml_per_1000=self.volume_ml_per_1000,
            shelf_days=self.shelf_days,
            cold_classes=self.cold_classes,
            allergens=self.allergens,
            catch_weight=self.catch_weight,
            spoilage_ppm_per_day=self.spoilage_ppm_per_day,
            grades=given or STANDARD_GRADES,
        )


class VariantBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A pack: base units inside, and grams on the scale with what they are packed in."""

    name: Names
    quantity: Annotated[int, msgspec.Meta(ge=1, le=10**9, examples=[2300])]
    weight_g: Annotated[int, msgspec.Meta(ge=1, le=10**7, examples=[2350])]

    def draft(self) -> VariantDraft:
        """What the catalogue is asked to keep."""
        return VariantDraft(name=self.name.both(), quantity=self.quantity, weight_g=self.weight_g)


class ProductController(Controller):
    """What is sold."""

    path = "/products"
    tags = ("catalogue",)

    @get("", opt={OPT: anyone}, sync_to_thread=True)
    def products(
        self,
        store: ActingStore,
        paging: AskedPage,
        language: Language,
        family: FromQuery[str | None] = None,
        named: FromQuery[str | None] = None,
    ) -> Page[ProductCard]:
        """Products with grades and packs; `named` finds part of a name in the reader's language."""
        return store.read(queries.products, paging, family=family, named=named, language=language)

    @get("/{product_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def product(self, store: ActingStore, product_id: FromPath[UUID]) -> Response[ProductCard]:
        """One product."""
        found = store.read(queries.product_card, ProductId(product_id))
        return tagged(found, found.revision)

    @post("", opt={OPT: STAFF}, sync_to_thread=True)
    def create(self, store: ActingStore, key: OnceKey, data: JSONBody[ProductBody]) -> Response[ProductCard]:
        """Put a product into the catalogue."""
        made = store.once(key, commands.create_product, data.draft())
        return tagged(made, made.revision, 201)

    @put("/{product_id:uuid}", opt={OPT: STAFF}, sync_to_thread=True)
    def change(
        self, store: ActingStore, product_id: FromPath[UUID], revision: SeenRevision, data: JSONBody[ProductBody]
    ) -> Response[ProductCard]:
        """Replace what a product says about itself; base unit and grades in use stay."""
        changed = store.run(commands.change_product, ProductId(product_id), data.draft(), revision)
        return tagged(changed, changed.revision)

    @post("/{product_id:uuid}/variants", opt={OPT: STAFF}, sync_to_thread=True)
    def add_variant(
        self, store: ActingStore, key: OnceKey, product_id: FromPath[UUID], data: JSONBody[VariantBody]
    ) -> Response[VariantCard]:
        """Add a pack to a product."""
        made = store.once(key, commands.add_variant, ProductId(product_id), data.draft())
        return tagged(made, made.revision, 201)


class VariantController(Controller):
    """Packs."""

    path = "/variants"
    tags = ("catalogue",)

    @get("/{variant_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def variant(self, store: ActingStore, variant_id: FromPath[UUID]) -> Response[VariantCard]:
        """One pack."""
        found = store.read(queries.variant, VariantId(variant_id))
        return tagged(found, found.revision)

    @put("/{variant_id:uuid}", opt={OPT: STAFF}, sync_to_thread=True)
    def change(
        self, store: ActingStore, variant_id: FromPath[UUID], revision: SeenRevision, data: JSONBody[VariantBody]
    ) -> Response[VariantCard]:
        """Replace what a pack says about itself."""
        changed = store.run(commands.change_variant, VariantId(variant_id), data.draft(), revision)
        return tagged(changed, changed.revision)


controllers = [ProductController, VariantController]
