"""Products, the grades each is sold in, and its packs."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from farmlink.store.columns import document, identity, reference, whole


def _named(table: str) -> CheckConstraint:
    """A name stands in English and in Chinese, and in nothing else."""
    return CheckConstraint(
        "btrim(coalesce(name->>'en', '')) <> '' AND btrim(coalesce(name->>'zh-CN', '')) <> ''"
        " AND name - 'en' - 'zh-CN' = '{}'::jsonb",
        name=f"{table}_name_in_both_languages",
    )


class Product(SQLModel, table=True):
    """A kind of goods, counted in its base unit."""

    __tablename__: ClassVar[str] = "product"
    __table_args__ = (
        _named("product"),
        CheckConstraint("code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="product_code_is_a_slug"),
        CheckConstraint("base_unit IN ('gram', 'piece')", name="product_base_unit"),
        CheckConstraint("unit_weight_g > 0 AND (base_unit <> 'gram' OR unit_weight_g = 1)", name="product_unit_weight"),
        CheckConstraint("volume_ml_per_1000 > 0", name="product_volume"),
        CheckConstraint("shelf_days BETWEEN 1 AND 3650", name="product_shelf_days"),
        CheckConstraint(
            "cardinality(cold_classes) > 0 AND cold_classes <@ ARRAY['ambient', 'chilled', 'frozen']",
            name="product_cold_classes",
        ),
        CheckConstraint(
            "allergens <@ ARRAY['celery', 'crustaceans', 'eggs', 'fish', 'gluten', 'lupin', 'milk', 'molluscs',"
            " 'mustard', 'nuts', 'peanuts', 'sesame', 'soya', 'sulphites']",
            name="product_allergens",
        ),
        CheckConstraint("NOT catch_weight OR base_unit = 'piece'", name="product_catch_weight_is_counted"),
        CheckConstraint("spoilage_ppm_per_day BETWEEN 0 AND 1000000", name="product_spoilage"),
    )

    id: UUID = identity()
    code: str = Field(sa_type=Text, unique=True)
    name: dict[str, str] = document()
    family: str = Field(default="", sa_type=Text, index=True)
    base_unit: str = Field(sa_type=Text)
    unit_weight_g: int = whole()
    volume_ml_per_1000: int = whole()
    shelf_days: int = whole()
    cold_classes: list[str] = Field(sa_type=ARRAY(Text))
    allergens: list[str] = Field(sa_type=ARRAY(Text))
    catch_weight: bool = False
    spoilage_ppm_per_day: int = whole(default=0)
    revision: int = whole(default=1)


class Grade(SQLModel, table=True):
    """A quality a product is sold in; a larger rank is better and may stand in for a smaller one."""

    __tablename__: ClassVar[str] = "grade"
    __table_args__ = (_named("grade"), CheckConstraint("rank BETWEEN 1 AND 5", name="grade_rank"))

    product_id: UUID = reference("product.id", index=False, primary_key=True)
    rank: int = whole(primary_key=True)
    name: dict[str, str] = document()


class Variant(SQLModel, table=True):
    """A pack: so many base units of a product, with the weight that is carried."""

    __tablename__: ClassVar[str] = "variant"
    __table_args__ = (
        _named("variant"),
        CheckConstraint("quantity > 0", name="variant_quantity"),
        CheckConstraint("weight_g > 0", name="variant_weight"),
        UniqueConstraint("product_id", "name", name="variant_name_once"),
    )

    id: UUID = identity()
    product_id: UUID = reference("product.id")
    name: dict[str, str] = document()
    quantity: int = whole()
    weight_g: int = whole()
    revision: int = whole(default=1)
