"""What a line comes to: each amount rounded once, and what is shared adds up to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from farmlink.kernel.money import PRICE_BASIS, divide_half_up, line_total_minor
from farmlink.settlement.values import EndedLine

PPM: Final = 1_000_000
KILO_G: Final = 1000


def sale_minor(line: EndedLine) -> int:
    """What was handed out comes to at the line's price; what was weighed, at its price per nominal weight."""
    if line.weighed is None or not line.handed_out:
        return line_total_minor(line.handed_out, line.price_minor_per_1000)
    worth = line.handed_out * line.price_minor_per_1000 * line.weighed.weight_g * line.quantity
    return divide_half_up(worth, PRICE_BASIS * line.weight_g * line.weighed.quantity)


def tax_within(gross_minor: int, tax_ppm: int) -> int:
    """The tax that a price with tax contains."""
    return divide_half_up(gross_minor * tax_ppm, PPM + tax_ppm)


def share_of(minor: int, ppm: int) -> int:
    """So many millionths of an amount."""
    return divide_half_up(minor * ppm, PPM)


def spread_over(total: int, weights: Sequence[int]) -> list[int]:
    """Share a total by weights in whole numbers: what remains goes by largest remainder, the first of equals first.

    Without any weight nobody gets anything.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda row: (-(total * weights[row] % whole), row))
    for row in by_remainder[: total - sum(shares)]:
        shares[row] += 1
    return shares
