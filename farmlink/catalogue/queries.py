"""Reading the catalogue: everybody may."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from farmlink.catalogue.tables import Grade, Product, Variant
from farmlink.catalogue.values import (
    Allergen,
    BaseUnit,
    ColdClass,
    NamedGrade,
    ProductCard,
    ProductId,
    VariantCard,
    VariantId,
)
from farmlink.kernel.locale import ENGLISH
from farmlink.kernel.page import Page, Paging, page
from farmlink.store.pages import fetched
from farmlink.store.transaction import Transaction


def product_card(tx: Transaction, product_id: ProductId) -> ProductCard:
    """One product with its grades and packs."""
    return _cards(tx, [tx.get(Product, product_id)])[0]


def products(
    tx: Transaction,
    paging: Paging,
    *,
    family: str | None = None,
    named: str | None = None,
    language: str = ENGLISH,
) -> Page[ProductCard]:
    """Products in the order they were made; `named` finds part of a name as that language writes it."""
    chosen = select(Product)
    if family is not None:
        chosen = chosen.where(Product.family == family)
    if named is not None:
        chosen = chosen.where(col(Product.name)[language].as_string().icontains(named, autoescape=True))
    return page(_cards(tx, fetched(tx, chosen, col(Product.id), paging)), paging, lambda card: card.id)


def products_by_id(tx: Transaction, product_ids: Iterable[ProductId] | None = None) -> dict[ProductId, ProductCard]:
    """Many products at once; all of them when no ids are named."""
    chosen = select(Product).order_by(col(Product.id))
    if product_ids is not None:
        chosen = chosen.where(col(Product.id).in_(list(product_ids)))
    return {card.id: card for card in _cards(tx, tx.session.exec(chosen).all())}


def products_by_code(tx: Transaction) -> dict[str, ProductCard]:
    """The whole catalogue by the codes that files use."""
    return {card.code: card for card in products_by_id(tx).values()}


def variant(tx: Transaction, variant_id: VariantId) -> VariantCard:
    """One pack."""
    return variant_card(tx.get(Variant, variant_id))


def variants_by_id(tx: Transaction, variant_ids: Iterable[VariantId]) -> dict[VariantId, VariantCard]:
    """Many packs at once."""
    rows = tx.session.exec(select(Variant).where(col(Variant.id).in_(list(variant_ids))))
    return {card.id: card for card in map(variant_card, rows)}


def variant_card(row: Variant) -> VariantCard:
    """A pack's row as a value."""
    return VariantCard(VariantId(row.id), ProductId(row.product_id), row.name, row.quantity, row.weight_g, row.revision)


def _cards(tx: Transaction, rows: Sequence[Product]) -> list[ProductCard]:
    ids = [row.id for row in rows]
    grades: dict[UUID, list[NamedGrade]] = defaultdict(list)
    for grade in tx.session.exec(select(Grade).where(col(Grade.product_id).in_(ids)).order_by(col(Grade.rank))):
        grades[grade.product_id].append(NamedGrade(grade.rank, grade.name))
    variants: dict[UUID, list[VariantCard]] = defaultdict(list)
    packs = select(Variant).where(col(Variant.product_id).in_(ids)).order_by(col(Variant.quantity), col(Variant.id))
    for row in tx.session.exec(packs):
        variants[row.product_id].append(variant_card(row))
    return [_card(row, tuple(grades[row.id]), tuple(variants[row.id])) for row in rows]


def _card(row: Product, grades: tuple[NamedGrade, ...], variants: tuple[VariantCard, ...]) -> ProductCard:
    return ProductCard(
        id=ProductId(row.id),
        code=row.code,
        name=row.name,
        family=row.family,
        base_unit=BaseUnit(row.base_unit),
        unit_weight_g=row.unit_weight_g,
        volume_ml_per_1000=row.volume_ml_per_1000,
        shelf_days=row.shelf_days,
        cold_classes=tuple(ColdClass(cold) for cold in row.cold_classes),
        allergens=tuple(Allergen(allergen) for allergen in row.allergens),
        catch_weight=row.catch_weight,
        spoilage_ppm_per_day=row.spoilage_ppm_per_day,
        revision=row.revision,
        grades=grades,
        variants=variants,
    )
