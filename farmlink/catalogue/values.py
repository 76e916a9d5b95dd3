"""What goes into the catalogue and what comes out; names are `{"en": …, "zh-CN": …}`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

ProductId = NewType("ProductId", UUID)
VariantId = NewType("VariantId", UUID)


class BaseUnit(StrEnum):
    """What quantities of a product count."""

    GRAM = "gram"
    PIECE = "piece"


class ColdClass(StrEnum):
    """How cold goods travel; a product lists what it tolerates, a vehicle what it carries."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class Allergen(StrEnum):
    """The fourteen that must be declared (Regulation (EU) No 1169/2011, annex II)."""

    CELERY = "celery"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    GLUTEN = "gluten"
    LUPIN = "lupin"
    MILK = "milk"
    MOLLUSCS = "molluscs"
    MUSTARD = "mustard"
    NUTS = "nuts"
    PEANUTS = "peanuts"
    SESAME = "sesame"
    SOYA = "soya"
    SULPHITES = "sulphites"


@dataclass(frozen=True, slots=True)
class NamedGrade:
    """A quality by its rank, 1 to 5; larger is better."""

    rank: int
    name: dict[str, str]


STANDARD_GRADES: Final = (
    NamedGrade(1, {"en": "For processing", "zh-CN": "加工级"}),
    NamedGrade(2, {"en": "Kitchen", "zh-CN": "厨用级"}),
    NamedGrade(3, {"en": "Class II", "zh-CN": "二级"}),
    NamedGrade(4, {"en": "Class I", "zh-CN": "一级"}),
    NamedGrade(5, {"en": "Extra", "zh-CN": "特级"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """A product as its editor wrote it; `code` is its name in files, `family` what directories call its kind.

    A gram weighs a gram, so that only pieces need say what one of them weighs.
    """

    code: str
    name: dict[str, str]
    family: str = ""
    base_unit: BaseUnit = BaseUnit.GRAM
    unit_weight_g: int | None = None
    volume_ml_per_1000: int
    shelf_days: int
    cold_classes: tuple[ColdClass, ...] = (ColdClass.AMBIENT,)
    allergens: tuple[Allergen, ...] = ()
    catch_weight: bool = False
    spoilage_ppm_per_day: int = 0
    grades: tuple[NamedGrade, ...] = STANDARD_GRADES


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """A pack as its editor wrote it: base units inside, and grams on the scale with what they are packed in."""

    name: dict[str, str]
    quantity: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class VariantCard:
    """A pack as the shop shows it."""

    id: VariantId
    product_id: ProductId
    name: dict[str, str]
    quantity: int
    weight_g: int
    revision: int


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as everybody sees it."""

    id: ProductId
    code: str
    name: dict[str, str]
    family: str
    base_unit: BaseUnit
    unit_weight_g: int
    volume_ml_per_1000: int
    shelf_days: int
    cold_classes: tuple[ColdClass, ...]
    allergens: tuple[Allergen, ...]
    catch_weight: bool
    spoilage_ppm_per_day: int
    revision: int
    grades: tuple[NamedGrade, ...] = ()
    variants: tuple[VariantCard, ...] = field(default=())
