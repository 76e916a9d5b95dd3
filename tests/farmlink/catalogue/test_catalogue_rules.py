from dataclasses import replace

import pytest

from farmlink.catalogue import rules
from farmlink.catalogue.values import (
    STANDARD_GRADES,
    BaseUnit,
    NamedGrade,
    ProductDraft,
    ProductId,
    VariantCard,
    VariantDraft,
    VariantId,
)
from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.ids import uuid7

EGGS = ProductDraft(
    code="eggs",
    name={"en": "Eggs", "zh-CN": "鸡蛋"},
    base_unit=BaseUnit.PIECE,
    unit_weight_g=60,
    volume_ml_per_1000=90_000,
    shelf_days=28,
    catch_weight=True,
)
DOZEN = VariantDraft(name={"en": "Dozen", "zh-CN": "一打"}, quantity=12, weight_g=780)


def test_eggs_by_the_piece_and_by_the_dozen_may_be_sold() -> None:
    rules.check_product(EGGS)
    rules.check_variant(DOZEN, 60)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(EGGS, code="Fresh eggs"), rules.CodeNotASlugError),
        (replace(EGGS, code="e" * 61), rules.CodeNotASlugError),
        (replace(EGGS, name={"en": "Eggs"}), rules.NameNotInBothLanguagesError),
        (replace(EGGS, name={"en": "Eggs", "zh-CN": "  "}), rules.NameNotInBothLanguagesError),
        (replace(EGGS, name={"en": "E" * 121, "zh-CN": "蛋"}), rules.NameNotInBothLanguagesError),
        (replace(EGGS, base_unit=BaseUnit.GRAM, catch_weight=False), rules.UnitWeightError),
        (replace(EGGS, base_unit=BaseUnit.GRAM, unit_weight_g=1), rules.CatchWeightNotCountedError),
        (replace(EGGS, unit_weight_g=0), OutOfBoundsError),
        (replace(EGGS, unit_weight_g=None), rules.UnitWeightMissingError),
        (replace(EGGS, volume_ml_per_1000=0), OutOfBoundsError),
        (replace(EGGS, shelf_days=3651), OutOfBoundsError),
        (replace(EGGS, spoilage_ppm_per_day=-1), OutOfBoundsError),
        (replace(EGGS, cold_classes=()), rules.ColdClassMissingError),
        (replace(EGGS, grades=()), rules.GradesError),
        (replace(EGGS, grades=(STANDARD_GRADES[0], STANDARD_GRADES[0])), rules.GradesError),
        (replace(EGGS, grades=(NamedGrade(6, EGGS.name),)), rules.GradesError),
        (replace(EGGS, grades=(NamedGrade(1, {}),)), rules.NameNotInBothLanguagesError),
    ],
)
def test_a_product_that_cannot_be_named_counted_carried_or_kept_is_refused(
    wrong: ProductDraft, refusal: type[RefusedError]
) -> None:
    with pytest.raises(refusal):
        rules.check_product(wrong)


@pytest.mark.parametrize("wrong", [replace(DOZEN, quantity=0), replace(DOZEN, weight_g=0)])
def test_a_pack_that_holds_or_weighs_nothing_is_refused(wrong: VariantDraft) -> None:
    with pytest.raises(OutOfBoundsError):
        rules.check_variant(wrong, 60)


@pytest.mark.parametrize(
    ("quantity", "unit_weight_g", "weight_g"),
    [(2_001, 1, 2_001), (12, 60, 720), (12, 60, 1_720), (20, 1, 1_020), (10_000, 1, 20_000)],
)
def test_a_pack_weighs_its_contents_and_their_packaging(quantity: int, unit_weight_g: int, weight_g: int) -> None:
    rules.check_variant(replace(DOZEN, quantity=quantity, weight_g=weight_g), unit_weight_g)


@pytest.mark.parametrize(
    ("quantity", "unit_weight_g", "weight_g"),
    [(2_001, 1, 100), (2_001, 1, 2_000), (12, 60, 719), (12, 60, 1_721), (30, 1, 2_000), (10_000, 1, 20_001)],
)
def test_a_pack_that_weighs_less_than_its_contents_or_far_more_is_refused_with_both_figures(
    quantity: int, unit_weight_g: int, weight_g: int
) -> None:
    with pytest.raises(rules.PackWeightError) as refused:
        rules.check_variant(replace(DOZEN, quantity=quantity, weight_g=weight_g), unit_weight_g)
    facts = refused.value.facts
    assert (facts["field"], facts["weight"], facts["contents"]) == ("weight_g", weight_g, quantity * unit_weight_g)


def test_only_a_gram_need_not_say_what_it_weighs() -> None:
    grams = replace(EGGS, base_unit=BaseUnit.GRAM, catch_weight=False, unit_weight_g=None)
    assert rules.completed(grams).unit_weight_g == 1
    assert rules.completed(EGGS).unit_weight_g == 60
    assert rules.completed(replace(EGGS, unit_weight_g=None)).unit_weight_g is None


def test_a_grade_may_be_renamed_and_added_but_not_removed() -> None:
    rules.check_change("piece", {1, 2}, [], EGGS)
    with pytest.raises(rules.GradeRemovedError):
        rules.check_change("piece", {1, 2}, [], replace(EGGS, grades=STANDARD_GRADES[:1]))


def test_a_piece_never_comes_to_weigh_more_than_the_packs_it_is_in() -> None:
    dozen = VariantCard(VariantId(uuid7()), ProductId(uuid7()), DOZEN.name, DOZEN.quantity, DOZEN.weight_g, 1)
    rules.check_change("piece", {1}, [dozen], replace(EGGS, unit_weight_g=65))
    with pytest.raises(rules.PackWeightError, match=r"unit_weight_g: the pack Dozen weighs 780 g.* 792 g"):
        rules.check_change("piece", {1}, [dozen], replace(EGGS, unit_weight_g=66))


def test_a_piece_never_becomes_grams() -> None:
    with pytest.raises(rules.BaseUnitFixedError):
        rules.check_change("gram", {1}, [], EGGS)
