"""What a product and a pack may be."""

import re

from farmlink.catalogue.values import BaseUnit, NamedGrade, ProductDraft, VariantDraft
from farmlink.kernel.bounds import within
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import LANGUAGES

NAME_LENGTH = 120
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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


def check_product(draft: ProductDraft) -> None:
    """A product can be named, counted, carried and kept."""
    check_code("code", draft.code)
    check_name("name", draft.name)
    within("unit_weight_g", draft.unit_weight_g, 1, 1_000_000)
    if draft.base_unit is BaseUnit.GRAM and draft.unit_weight_g != 1:
        raise UnitWeightError(field="unit_weight_g")
    within("volume_ml_per_1000", draft.volume_ml_per_1000, 1, 10**9)
    within("shelf_days", draft.shelf_days, 1, 3650)
    within("spoilage_ppm_per_day", draft.spoilage_ppm_per_day, 0, 1_000_000)
    if not draft.cold_classes:
        raise ColdClassMissingError(field="cold_classes")
    if draft.catch_weight and draft.base_unit is BaseUnit.GRAM:
        raise CatchWeightNotCountedError(field="catch_weight")
    check_grades(draft.grades)


def check_change(base_unit: str, ranks: set[int], draft: ProductDraft) -> None:
    """A changed product keeps what lots and orders stand on."""
    check_product(draft)
    if draft.base_unit != base_unit:
        raise BaseUnitFixedError
    for rank in sorted(ranks - {grade.rank for grade in draft.grades}):
        raise GradeRemovedError(rank=rank)


def check_variant(draft: VariantDraft) -> None:
    """A pack holds something and weighs something."""
    check_name("name", draft.name)
    within("quantity", draft.quantity, 1, 10**9)
    within("weight_g", draft.weight_g, 1, 10**7)
