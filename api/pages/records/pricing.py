"""The fields of a listing, in the unit of its product: kilograms and their price, or pieces and the price of one."""

from typing import Final

from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Kind, Money, Scaled, Whole
from api.pages.records.several import Choice, Steps
from api.pages.records.words import UNMETS
from farmlink.catalogue.values import BaseUnit
from farmlink.cycles.values import Unmet
from farmlink.kernel.locale import marked

PRICE: Final = "price_minor_per_1000"


def listing_groups(unit: BaseUnit) -> tuple[Group, ...]:
    """The form's fields."""
    return (WHAT, _price(unit), _amount(unit))


def price_kind(unit: BaseUnit) -> Money:
    """Of a kilogram in whole coins, of a piece in thousandths of them."""
    return Money() if unit is BaseUnit.GRAM else Money(places=3)


def _quantity(unit: BaseUnit) -> Kind:
    return Scaled(places=3, unit=marked("kg")) if unit is BaseUnit.GRAM else Whole(unit=marked("pieces"))


def _price(unit: BaseUnit) -> Group:
    return Group(
        marked("Price"),
        (
            Field(
                name=PRICE,
                label=marked("Price of a kilogram, with tax")
                if unit is BaseUnit.GRAM
                else marked("Price of one piece, with tax"),
                kind=price_kind(unit),
                hint=marked("Left empty, the farms' prices and the cycle's markup make one."),
            ),
            Field(name="tax_ppm", label=marked("Tax in it"), kind=Scaled(places=4, unit="%"), start=0),
            Field(
                name="price_steps",
                label=marked("The price falls with what all order"),
                kind=Steps(quantity=_quantity(unit), price=price_kind(unit)),
            ),
        ),
    )


def _amount(unit: BaseUnit) -> Group:
    return Group(
        marked("How much"),
        (
            Field(
                name="threshold",
                label=marked("Comes only from"),
                kind=_quantity(unit),
                start=0,
                hint=marked("What all must order of it together; 0 is no minimum."),
            ),
            Field(
                name="unmet",
                label=marked("When less is ordered"),
                kind=Choice(words=UNMETS),
                start=Unmet.ZERO,
            ),
            Field(
                name="cap",
                label=marked("Sold at most"),
                kind=_quantity(unit),
                hint=marked("Left empty, as much as the lots hold."),
            ),
        ),
    )


WHAT: Final = Group(
    marked("What is sold"),
    (
        Field(name="variant_id", label=marked("Pack"), kind=Choice(), needed=True),
        Field(name="grade", label=marked("Grade"), kind=Choice(), needed=True),
        Field(
            name="case_packs",
            label=marked("Packs in a case"),
            kind=Whole(),
            needed=True,
            start=1,
            hint=marked("Whole cases are bought."),
        ),
    ),
)
