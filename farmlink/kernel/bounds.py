"""Whole numbers stay within what makes sense; the refusal names the field and both limits."""

from typing import Final

from farmlink.kernel.errors import InvalidError

MOST: Final = 10**12
"""A million tonnes in grams, ten milliard in minor units: nothing in the trade is larger."""


class OutOfBoundsError(InvalidError):
    """A number that no unit slip explains away: too small or too large."""

    code = "out-of-bounds"
    message = "{field}: this must be a whole number from {least} to {most}."


def within(field: str, number: int, least: int, most: int = MOST) -> None:
    """Refuse a number outside its limits."""
    if not least <= number <= most:
        raise OutOfBoundsError(field=field, least=least, most=most)
