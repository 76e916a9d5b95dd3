from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.catalogue import commands, queries
from farmlink.catalogue.rules import (
    BaseUnitFixedError,
    GradeRemovedError,
    PackWeightError,
    ProductCodeTakenError,
    VariantNameTakenError,
)
from farmlink.catalogue.values import BaseUnit, ColdClass, NamedGrade, ProductDraft, ProductId, VariantDraft, VariantId
from farmlink.kernel.errors import MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.store.store import Store

APPLES = ProductDraft(
    code="apples",
    name={"en": "Apples", "zh-CN": "苹果"},
    family="fruit",
    volume_ml_per_1000=1600,
    shelf_days=30,
    cold_classes=(ColdClass.CHILLED,),
)
PEARS = replace(APPLES, code="pears", name={"en": "Pears", "zh-CN": "梨"})
EGGS = replace(
    APPLES,
    code="eggs",
    name={"en": "Eggs", "zh-CN": "鸡蛋"},
    family="eggs",
    base_unit=BaseUnit.PIECE,
    unit_weight_g=60,
)
BAG = VariantDraft(name={"en": "5 lb bag", "zh-CN": "5 磅袋"}, quantity=2300, weight_g=2350)


def test_a_new_product_is_sold_in_the_standard_grades(store: Store) -> None:
    apples = store.run(commands.create_product, APPLES)
    assert [(grade.rank, grade.name["zh-CN"]) for grade in apples.grades][-1] == (5, "特级")
    assert len(apples.grades) == 5


def test_a_product_is_found_again_as_it_was_written(store: Store) -> None:
    eggs = store.run(commands.create_product, EGGS)
    assert store.read(queries.product_card, eggs.id) == eggs
    assert (eggs.base_unit, eggs.unit_weight_g, eggs.cold_classes) == (BaseUnit.PIECE, 60, (ColdClass.CHILLED,))


def test_a_pack_stands_under_its_product(store: Store) -> None:
    apples = store.run(commands.create_product, APPLES)
    bag = store.run(commands.add_variant, apples.id, BAG)
    assert store.read(queries.product_card, apples.id).variants == (bag,)
    assert store.read(queries.variant, bag.id) == store.read(queries.variants_by_id, [bag.id])[bag.id] == bag


def test_two_products_cannot_share_a_code(store: Store) -> None:
    store.run(commands.create_product, APPLES)
    with pytest.raises(ProductCodeTakenError, match="apples"):
        store.run(commands.create_product, replace(PEARS, code="apples"))


def test_two_packs_of_a_product_cannot_share_a_name(store: Store) -> None:
    apples = store.run(commands.create_product, APPLES)
    store.run(commands.add_variant, apples.id, BAG)
    with pytest.raises(VariantNameTakenError):
        store.run(commands.add_variant, apples.id, BAG)


def test_a_change_shows_and_counts_the_revision(store: Store) -> None:
    apples = store.run(commands.create_product, APPLES)
    better = replace(APPLES, shelf_days=60, grades=(*APPLES.grades[:4], NamedGrade(5, {"en": "Best", "zh-CN": "最好"})))
    changed = store.run(commands.change_product, apples.id, better, apples.revision)
    assert (changed.shelf_days, changed.grades[4].name["en"], changed.revision) == (60, "Best", 2)


def test_the_second_of_two_editors_is_told(store: Store) -> None:
    apples = store.run(commands.create_product, APPLES)
    bag = store.run(commands.add_variant, apples.id, BAG)
    store.run(commands.change_product, apples.id, replace(APPLES, shelf_days=60), 1)
    store.run(commands.change_variant, bag.id, replace(BAG, weight_g=2400), 1)
    with pytest.raises(StaleError):
        store.run(commands.change_product, apples.id, replace(APPLES, shelf_days=90), 1)
    with pytest.raises(StaleError):
        store.run(commands.change_variant, bag.id, replace(BAG, weight_g=2500), 1)
    assert store.read(queries.product_card, apples.id).shelf_days == 60
    assert store.read(queries.variant, bag.id).weight_g == 2400


def test_a_pack_and_its_product_keep_to_one_weight(store: Store) -> None:
    eggs = store.run(commands.create_product, EGGS)
    tray = VariantDraft(name={"en": "Tray", "zh-CN": "托盘"}, quantity=30, weight_g=2_000)
    with pytest.raises(PackWeightError):
        store.run(commands.add_variant, eggs.id, replace(tray, weight_g=1_799))
    kept = store.run(commands.add_variant, eggs.id, tray)
    with pytest.raises(PackWeightError):
        store.run(commands.change_variant, kept.id, replace(tray, weight_g=3_601), kept.revision)
    with pytest.raises(PackWeightError, match="Tray"):
        store.run(commands.change_product, eggs.id, replace(EGGS, unit_weight_g=70), eggs.revision)
    assert store.read(queries.product_card, eggs.id).variants == (kept,)


def test_a_base_unit_never_changes_and_a_grade_never_goes(store: Store) -> None:
    apples = store.run(commands.create_product, APPLES)
    with pytest.raises(BaseUnitFixedError):
        store.run(commands.change_product, apples.id, replace(APPLES, base_unit=BaseUnit.PIECE), 1)
    with pytest.raises(GradeRemovedError, match="Grade 5"):
        store.run(commands.change_product, apples.id, replace(APPLES, grades=APPLES.grades[:4]), 1)


def test_products_are_listed_by_family_and_found_in_either_language(store: Store) -> None:
    apples, pears, eggs = (store.run(commands.create_product, draft) for draft in (APPLES, PEARS, EGGS))
    first = store.read(queries.products, Paging(limit=2))
    assert [card.id for card in first.items] == [apples.id, pears.id]
    assert [card.id for card in store.read(queries.products, Paging(after=first.next)).items] == [eggs.id]
    assert len(store.read(queries.products, Paging(), family="fruit").items) == 2
    assert [card.id for card in store.read(queries.products, Paging(), named="蛋", language="zh-CN").items] == [eggs.id]
    assert store.read(queries.products, Paging(), named="蛋", language="en").items == []
    assert store.read(queries.products, Paging(), named="%").items == []
    assert set(store.read(queries.products_by_code)) == {"apples", "pears", "eggs"}


def test_what_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(MissingError):
        store.read(queries.product_card, ProductId(uuid7()))
    with pytest.raises(MissingError):
        store.run(commands.change_variant, VariantId(uuid7()), BAG, 1)


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("name", """'{"en": "Apples"}'""", "product_name_in_both_languages"),
        ("name", """'{"en": "Apples", "zh-CN": " "}'""", "product_name_in_both_languages"),
        ("name", """'{"en": "Apples", "zh-CN": "苹果", "fr": "Pommes"}'""", "product_name_in_both_languages"),
        ("unit_weight_g", "2", "product_unit_weight"),
        ("base_unit", "'bushel'", "product_base_unit"),
        ("cold_classes", "'{}'", "product_cold_classes"),
        ("cold_classes", "'{warm}'", "product_cold_classes"),
        ("allergens", "'{love}'", "product_allergens"),
        ("catch_weight", "true", "product_catch_weight_is_counted"),
        ("shelf_days", "0", "product_shelf_days"),
        ("spoilage_ppm_per_day", "1000001", "product_spoilage"),
    ],
)
def test_the_database_itself_refuses_what_no_product_is(store: Store, column: str, value: str, constraint: str) -> None:
    store.run(commands.create_product, APPLES)
    with pytest.raises(IntegrityError, match=constraint):
        store.run(lambda tx: tx.execute(f"UPDATE product SET {column} = {value}"))
