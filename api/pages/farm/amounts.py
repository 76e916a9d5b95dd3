"""Amounts as farmers type them: kilograms with a comma or a point, prices in money."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from babel.numbers import get_currency_precision

from api.body import Fault, FieldsError
from farmlink.catalogue.values import BaseUnit, ProductCard
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import marked, render

UNREADABLE: Final = marked("Write a number, such as 12 or 2.5.")
TOO_FINE: Final = marked("This has more places than there are.")
EITHER: Final = marked("Write {whole} or {part}: a comma before three digits can mean both.")
GRAM_PLACES: Final = 3
PIECES: Final = 1000
NUMBER: Final = re.compile(r"[0-9]{1,12}([.,][0-9]{1,6})?")
GROUPED: Final = re.compile(r"([1-9][0-9]{0,2}),([0-9]{3})")
"""Twelve hundred and fifty for some readers, one and a quarter for others."""


def grams_in(field: str, kilograms: str) -> int:
    """Kilograms as typed, in grams."""
    return _whole(field, kilograms, GRAM_PLACES)


def minor_in(field: str, money: str, currency: str) -> int:
    """An amount of money as typed, in minor units."""
    return _whole(field, money, get_currency_precision(currency))


def whole_in(field: str, number: str) -> int:
    """A whole number as typed."""
    return _whole(field, number, 0)


def amount_in(field: str, typed: str, product: ProductCard) -> int:
    """How much of a product was typed, in base units: kilograms of what is weighed, else pieces."""
    return grams_in(field, typed) if product.base_unit is BaseUnit.GRAM else whole_in(field, typed)


def price_in(field: str, typed: str, product: ProductCard, currency: str) -> int:
    """A price for a kilogram, or for a piece, as typed: in minor units for a thousand base units."""
    return minor_in(field, typed, currency) * (1 if product.base_unit is BaseUnit.GRAM else PIECES)


def price_typed(minor_per_1000: int, product: ProductCard, currency: str) -> str:
    """A price for a thousand base units as it would be typed: for a kilogram, or for a piece."""
    places = get_currency_precision(currency)
    price = (Decimal(minor_per_1000) / (1 if product.base_unit is BaseUnit.GRAM else PIECES)).scaleb(-places)
    usual = f"{price:.{places}f}"
    return usual if Decimal(usual) == price else f"{price.normalize():f}"


def quantity_typed(base_units: int, product: ProductCard) -> str:
    """How much of a product it is, as it would be typed: in kilograms, or in pieces."""
    kilograms = Decimal(base_units).scaleb(-GRAM_PLACES).normalize()
    return f"{kilograms:f}" if product.base_unit is BaseUnit.GRAM else str(base_units)


def placed(refusal: RefusedError, fields: Mapping[str, tuple[str, str]], language: str) -> RefusedError:
    """A refusal of the rules at the field of the form that asks for it, named as the form names it."""
    named = str(refusal.facts.get("field", ""))
    if not isinstance(refusal, InvalidError) or isinstance(refusal, FieldsError) or named not in fields:
        return refusal
    field, words = fields[named]
    facts = {name: render(str(fact), language) if name == "reason" else fact for name, fact in refusal.facts.items()}
    said = render(refusal.message, language, facts | {"field": render(words, language)})
    return FieldsError([Fault(field, refusal.code, said.replace("{", "{{").replace("}", "}}"), {})])


def _whole(field: str, typed: str, places: int) -> int:
    text = unicodedata.normalize("NFKC", typed).strip()
    if not NUMBER.fullmatch(text):
        raise FieldsError([Fault(field, "kind", UNREADABLE, {})])
    if grouped := GROUPED.fullmatch(text):
        part = f"{grouped[1]}.{grouped[2]}".rstrip("0").rstrip(".")
        raise FieldsError([Fault(field, "form", EITHER, {"whole": grouped[1] + grouped[2], "part": part})])
    scaled = Decimal(text.replace(",", ".")).scaleb(places)
    whole = int(scaled)
    if whole != scaled:
        raise FieldsError([Fault(field, "form", TOO_FINE, {})])
    return whole
