"""Editing the catalogue."""

from typing import Any
from uuid import UUID

from farmlink.catalogue import rules
from farmlink.catalogue.queries import product_card, variant_card
from farmlink.catalogue.tables import Grade, Product, Variant
from farmlink.catalogue.values import ProductCard, ProductDraft, ProductId, VariantCard, VariantDraft, VariantId
from farmlink.store.transaction import Transaction


def create_product(tx: Transaction, draft: ProductDraft) -> ProductCard:
    """Put a new product with its grades into the catalogue."""
    draft = rules.completed(draft)
    rules.check_product(draft)
    _claim_code(tx, draft.code, None)
    product = tx.add(Product(**_columns(draft)))
    _write_grades(tx, product.id, draft)
    tx.record("product.created", product.id, code=product.code)
    return product_card(tx, ProductId(product.id))


def change_product(tx: Transaction, product_id: ProductId, draft: ProductDraft, revision: int) -> ProductCard:
    """Replace what a product says about itself, if nobody changed it since `revision`."""
    product = tx.lock_as_seen(Product, product_id, revision)
    ranks = set(tx.execute("SELECT rank FROM grade WHERE product_id = :id", {"id": product_id}).scalars())
    draft = rules.completed(draft)
    rules.check_change(product.base_unit, ranks, product_card(tx, product_id).variants, draft)
    _claim_code(tx, draft.code, product_id)
    product.sqlmodel_update(_columns(draft))
    product.revision += 1
    tx.add(product)
    _write_grades(tx, product_id, draft)
    tx.record("product.changed", product_id, revision=product.revision)
    return product_card(tx, product_id)


def add_variant(tx: Transaction, product_id: ProductId, draft: VariantDraft) -> VariantCard:
    """Add a pack to a product."""
    rules.check_variant(draft, tx.lock(Product, product_id).unit_weight_g)
    _claim_name(tx, product_id, draft, None)
    variant = tx.add(Variant(product_id=product_id, name=draft.name, quantity=draft.quantity, weight_g=draft.weight_g))
    tx.record("variant.added", variant.id, product=product_id)
    return variant_card(variant)


def change_variant(tx: Transaction, variant_id: VariantId, draft: VariantDraft, revision: int) -> VariantCard:
    """Replace what a pack says about itself, if nobody changed it since `revision`."""
    variant = tx.lock_as_seen(Variant, variant_id, revision)
    rules.check_variant(draft, tx.lock(Product, variant.product_id).unit_weight_g)
    _claim_name(tx, variant.product_id, draft, variant_id)
    variant.name, variant.quantity, variant.weight_g = draft.name, draft.quantity, draft.weight_g
    variant.revision += 1
    tx.add(variant)
    tx.record("variant.changed", variant_id, revision=variant.revision)
    return variant_card(variant)


def _columns(draft: ProductDraft) -> dict[str, Any]:
    return {
        "code": draft.code,
        "name": draft.name,
        "family": draft.family,
        "base_unit": str(draft.base_unit),
        "unit_weight_g": draft.unit_weight_g,
        "volume_ml_per_1000": draft.volume_ml_per_1000,
        "shelf_days": draft.shelf_days,
        "cold_classes": [str(cold) for cold in draft.cold_classes],
        "allergens": [str(allergen) for allergen in draft.allergens],
        "catch_weight": draft.catch_weight,
        "spoilage_ppm_per_day": draft.spoilage_ppm_per_day,
    }


def _write_grades(tx: Transaction, product_id: UUID, draft: ProductDraft) -> None:
    for grade in draft.grades:
        tx.session.merge(Grade(product_id=product_id, rank=grade.rank, name=grade.name))
    tx.session.flush()


def _claim_code(tx: Transaction, code: str, product_id: UUID | None) -> None:
    """Take a code for a product; two editors who want the same one wait for each other here."""
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('product.code:' || :code, 0))", {"code": code})
    other = tx.execute("SELECT id FROM product WHERE code = :code", {"code": code}).scalar()
    if other not in (None, product_id):
        raise rules.ProductCodeTakenError(product=code)


def _claim_name(tx: Transaction, product_id: UUID, draft: VariantDraft, variant_id: UUID | None) -> None:
    """Packs of one product are told apart by name; the product's row lock keeps a second editor out."""
    variants = tx.execute("SELECT id, name FROM variant WHERE product_id = :id", {"id": product_id})
    if any(row.name == draft.name and row.id != variant_id for row in variants):
        raise rules.VariantNameTakenError
