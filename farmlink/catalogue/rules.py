"""What a product and a pack may be."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal

from farmlink.catalogue.values import BaseUnit, NamedGrade, ProductDraft, VariantCard, VariantDraft
from farmlink.kernel.bounds import MOST_DAYS, MOST_VOLUME_ML_PER_1000, within
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import ENGLISH, LANGUAGES, marked, render

NAME_LENGTH = 120
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LIGHT_PACKAGING_G: Final = 1_000
"""A jar may weigh more than the herbs in it; what packs more than this holds more than it weighs itself."""

KILOGRAMS: Final = marked("{amount} kg")
PIECES: Final = marked("{amount} pieces")


class NameNotInBothLanguagesError(InvalidError):
    """Somebody would see an empty line."""

    code = "name-languages"
    message = "{field}: give the name in English (en) and in Chinese (zh-CN), each at most {longest} characters."


class CodeNotASlugError(InvalidError):
    """The code is typed into files; it has to be typed the same by everybody."""

    code = "code-not-a-slug"
    message = "{field}: use small letters, digits and single hyphens, at most 60, as in sweet-corn."


class UnitWeightError(InvalidError):
    """Grams and pieces were mixed up."""

    code = "unit-weight"
    message = "{field}: a product counted in grams has a unit weight of 1 g."


class UnitWeightMissingError(InvalidError):
    """Trucks and plans would take a piece for a gram."""

    code = "unit-weight-missing"
    message = "{field}: say what one piece weighs in grams, on average."


class PackWeightError(InvalidError):
    """A pack that is lighter than its contents, or much heavier: one of the figures is a slip."""

    code = "pack-weight"
    message = (
        "{field}: the pack {pack} weighs {weight} g, but its contents weigh {contents} g. With packaging it may weigh"
        " up to {most} g."
    )


class ColdClassMissingError(InvalidError):
    """Nobody would know how to carry it."""

    code = "cold-class-missing"
    message = "{field}: name at least one cold class."


class CatchWeightNotCountedError(InvalidError):
    """What is counted in grams is weighed anyway."""

    code = "catch-weight-not-counted"
    message = "{field}: only goods counted in pieces are ordered by the piece and priced by weight."


class GradesError(InvalidError):
    """Grades are told apart by their rank."""

    code = "grades"
    message = "{field}: name at least one grade, each with its own rank from 1 to 5."


class ProductCodeTakenError(RefusedError):
    """Two products with one code could not be told apart in files."""

    code = "product-code-taken"
    message = "There is already a product with the code {product}."


class VariantNameTakenError(RefusedError):
    """Two packs with one name could not be told apart in the shop."""

    code = "variant-name-taken"
    message = "This product already has a pack with this name."


class BaseUnitFixedError(RefusedError):
    """Lots and orders count in the base unit; it cannot change under them."""

    code = "base-unit-fixed"
    message = "The base unit of a product never changes. Make a new product instead."


class GradeRemovedError(RefusedError):
    """Lots may stand in the grade."""

    code = "grade-removed"
    message = "Grade {rank} may be renamed but not removed, because lots may be offered in it."


def check_name(field: str, name: dict[str, str]) -> None:
    """A name stands in both languages."""
    right = set(name) == set(LANGUAGES) and all(text.strip() and len(text) <= NAME_LENGTH for text in name.values())
    if not right:
        raise NameNotInBothLanguagesError(field=field, longest=NAME_LENGTH)


def check_code(field: str, code: str) -> None:
    """A code reads the same for everybody."""
    if len(code) > 60 or not SLUG.fullmatch(code):
        raise CodeNotASlugError(field=field)


def check_grades(grades: tuple[NamedGrade, ...]) -> None:
    """Every grade has its own rank and a name in both languages."""
    ranks = [grade.rank for grade in grades]
    if not ranks or len(set(ranks)) < len(ranks) or not all(1 <= rank <= 5 for rank in ranks):
        raise GradesError(field="grades")
    for grade in grades:
        check_name("grades", grade.name)


def completed(draft: ProductDraft) -> ProductDraft:
    """Say outright that a gram weighs a gram."""
    weighs = 1 if draft.base_unit is BaseUnit.GRAM and draft.unit_weight_g is None else draft.unit_weight_g
    return replace(draft, unit_weight_g=weighs)


def check_product(draft: ProductDraft) -> None:
    """A product can be named, counted, carried and kept."""
    check_code("code", draft.code)
    check_name("name", draft.name)
    _check_unit_weight(draft.base_unit, draft.unit_weight_g)
    within("volume_ml_per_1000", draft.volume_ml_per_1000, 1, MOST_VOLUME_ML_PER_1000)
    within("shelf_days", draft.shelf_days, 1, MOST_DAYS)
    within("spoilage_ppm_per_day", draft.spoilage_ppm_per_day, 0, 1_000_000)
    if not draft.cold_classes:
        raise ColdClassMissingError(field="cold_classes")
    if draft.catch_weight and draft.base_unit is BaseUnit.GRAM:
        raise CatchWeightNotCountedError(field="catch_weight")
    check_grades(draft.grades)


def check_change(base_unit: str, ranks: set[int], packs: Iterable[VariantCard], draft: ProductDraft) -> None:
    """A changed product keeps what lots, orders and packs stand on."""
    if draft.base_unit != base_unit:
        raise BaseUnitFixedError
    check_product(draft)
    assert draft.unit_weight_g is not None  # completed
    for pack in packs:
        check_pack_weight("unit_weight_g", pack, draft.unit_weight_g)
    for rank in sorted(ranks - {grade.rank for grade in draft.grades}):
        raise GradeRemovedError(rank=rank)


def check_variant(draft: VariantDraft, unit_weight_g: int) -> None:
    """A pack holds something and weighs about that."""
    check_name("name", draft.name)
    within("quantity", draft.quantity, 1, 10**9)
    within("weight_g", draft.weight_g, 1, 10**7)
    check_pack_weight("weight_g", draft, unit_weight_g)


def check_pack_weight(field: str, pack: VariantDraft | VariantCard, unit_weight_g: int) -> None:
    """A pack weighs no less than its contents, and no more than they and their packaging."""
    contents_g = pack.quantity * unit_weight_g
    most_g = contents_g + max(contents_g, LIGHT_PACKAGING_G)
    if not contents_g <= pack.weight_g <= most_g:
        raise PackWeightError(
            field=field, pack=pack.name[ENGLISH], weight=pack.weight_g, contents=contents_g, most=most_g
        )


def _check_unit_weight(base_unit: BaseUnit, unit_weight_g: int | None) -> None:
    if unit_weight_g is None:
        raise UnitWeightMissingError(field="unit_weight_g")
    within("unit_weight_g", unit_weight_g, 1, 1_000_000)
    if base_unit is BaseUnit.GRAM and unit_weight_g != 1:
        raise UnitWeightError(field="unit_weight_g")


def amount(quantity: int, unit: BaseUnit, language: str) -> str:
    """Write a quantity of base units as people weigh and count."""
    tag = language.replace("-", "_")
    if unit is BaseUnit.GRAM:
        return render(KILOGRAMS, language, {"amount": format_decimal(Decimal(quantity).scaleb(-3), locale=tag)})
    return render(PIECES, language, {"amount": quantity})
