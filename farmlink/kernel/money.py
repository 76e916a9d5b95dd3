"""Money in whole minor units; a product of quantity and price is rounded once, half up."""

from dataclasses import dataclass

PRICE_BASIS = 1000
"""Prices are stated for this many base units: a kilogram when the base unit is the gram."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of an ISO 4217 currency."""

    minor: int
    currency: str


def divide_half_up(dividend: int, divisor: int) -> int:
    """Whole quotient, halves away from zero; `divisor` is positive."""
    whole = (2 * abs(dividend) + divisor) // (2 * divisor)
    return whole if dividend >= 0 else -whole


def line_total_minor(quantity: int, price_minor_per_1000: int) -> int:
    """Price of one line: `quantity` base units at a price stated for a thousand of them."""
    return divide_half_up(quantity * price_minor_per_1000, PRICE_BASIS)
