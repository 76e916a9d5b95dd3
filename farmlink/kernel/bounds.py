"""Whole numbers stay within what makes sense; the refusal names the field and both limits.

No room accepts what a plan could not be made of: the limits below are the solver's own or narrower.
"""

from typing import Final

from farmlink.kernel.errors import InvalidError

MOST: Final = 10**12
"""A million tonnes in grams, ten milliard in minor units: nothing in the trade is larger."""
MOST_QUANTITY: Final = 10**10
"""Base units of a lot: ten thousand tonnes, or as many pieces."""
MOST_PRICE_MINOR: Final = 10**9
"""For a thousand base units: a piece may cost a million minor units, a kilogram a thousand times as much."""
MOST_MINOR: Final = 10**9
"""What a hub, a truck, a toll or a parcel costs once, or in an hour."""
MOST_MINOR_PER_KG: Final = 100_000
MOST_MINOR_PER_KM: Final = 1_000_000
MOST_VOLUME_ML_PER_1000: Final = 10**9
"""A thousand base units: a piece of a cubic metre."""
MOST_CRATES: Final = 10**9
MOST_M: Final = 10**9
MOST_PARCEL_G: Final = 10**9
MOST_DAYS: Final = 3650
"""How long goods keep, and how much of that is left."""
LATEST_HAND_OUT_DAYS: Final = 7
"""How long after their collection goods are handed out."""
MOST_CIRCUITY_PPM: Final = 5_000_000


class OutOfBoundsError(InvalidError):
    """A number that no unit slip explains away: too small or too large."""

    code = "out-of-bounds"
    message = "{field}: this must be a whole number from {least} to {most}."


def within(field: str, number: int, least: int, most: int = MOST) -> None:
    """Refuse a number outside its limits."""
    if not least <= number <= most:
        raise OutOfBoundsError(field=field, least=least, most=most)
