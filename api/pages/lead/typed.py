"""Numbers as a dock hand types them: kilograms or pieces, with a decimal comma or point, in signs of any width."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from farmlink.kernel.bounds import MOST
from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked

NUMBER: Final = re.compile(r"(\d{1,12}(?:[.,]\d{1,6})?)\s*(kg|g|公斤|千克|斤|克|lb|lbs)?", re.IGNORECASE)
GRAMS: Final[dict[str, int | Decimal]] = {
    "kg": 1000,
    "公斤": 1000,
    "千克": 1000,
    "斤": 500,
    "g": 1,
    "克": 1,
    "lb": Decimal("453.59237"),
}
THOUSAND: Final = 3
"""So many digits stand behind a comma that parts thousands."""
NO_WEIGHT: Final = marked("Write a weight such as 23.5, or with its unit: 23.5 kg, 500 g, 3 斤.")
NO_COUNT: Final = marked("Write a whole number of pieces, such as 24.")


class TwoMeaningsError(InvalidError):
    """A number that is a thousand or a thousandth of it, as one reads its comma."""

    message = marked("Write {whole} or {part}: a comma before three digits can mean both.")


def base_units(text: str, unit: str) -> int:
    """What was typed in base units: grams of what is weighed, where a bare number is kilograms, or pieces.

    Raises
    ------
    InvalidError
        When it is no such number, or could be two.
    """
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    refused = InvalidError(field="", reason=NO_WEIGHT if unit == "gram" else NO_COUNT)
    if found is None:
        raise refused
    whole, comma, part = found[1].partition(",")
    if comma and len(part) == THOUSAND and int(whole):  # what begins with nought is no thousands
        raise TwoMeaningsError(whole=whole + part, part=f"{whole}.{part}")
    number, said = Decimal(found[1].replace(",", ".")), (found[2] or "").lower().removesuffix("s")
    if unit == "gram":
        number *= GRAMS[said or "kg"]
    elif said:
        raise refused
    if number > MOST or (unit != "gram" and number % 1):
        raise refused
    return int(number.quantize(Decimal(1)))


def as_typed(units: int | None, unit: str) -> str:
    """A quantity as it would be typed."""
    if units is None:
        return ""
    if unit != "gram":
        return str(units)
    whole, grams = divmod(units, 1000)
    return f"{whole}.{grams:03}".rstrip("0").rstrip(".")
