"""What a poster is drawn from: a code that phones read, and texts that fit their lines."""

from __future__ import annotations

import unicodedata
from typing import Final

import segno

WIDE: Final = frozenset("WF")
NARROW_PPM: Final = 560_000
"""A Latin letter against the height of its type, on average and rather too wide than too narrow."""
PPM: Final = 1_000_000


def code_of(address: str) -> tuple[int, str]:
    """A QR code of an address: its modules along one side, and the path of the dark ones in a grid of one each."""
    matrix = segno.make(address, error="m", micro=False).matrix
    runs = [f"M{column} {row}h1v1h-1z" for row, cells in enumerate(matrix) for column, dark in enumerate(cells) if dark]
    return len(matrix), "".join(runs)


def width_of(text: str, size: int) -> int:
    """About how wide a text is in a type of this size; a Chinese sign is as wide as it is high."""
    signs = (PPM if unicodedata.east_asian_width(sign) in WIDE else NARROW_PPM for sign in text)
    return sum(signs) * size // PPM


def fitting(text: str, size: int, width: int, least: int = 18) -> int:
    """The size of type in which a text fits into one line of this width: as wished, or smaller down to the least."""
    return max(least, min(size, size * width // max(1, width_of(text, size))))


def wrapped(text: str, size: int, width: int, most: int = 2) -> list[str]:
    """A text in at most so many lines of this width; what does not fit ends in dots."""
    lines = [""]
    for word in _pieces(text):
        if lines[-1] and width_of(lines[-1] + word.rstrip(), size) > width:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    shown = [line.strip() for line in lines[:most]]
    over = len(lines) > most or width_of(shown[-1], size) > width
    while over and shown[-1] and width_of(f"{shown[-1]}…", size) > width:
        shown[-1] = shown[-1][:-1].rstrip()
    return [*shown[:-1], f"{shown[-1]}…"] if over else shown


def _pieces(text: str) -> list[str]:
    """Where a line may break: behind a space, and behind any Chinese sign."""
    pieces = [""]
    for sign in text:
        pieces[-1] += sign
        if sign == " " or unicodedata.east_asian_width(sign) in WIDE:
            pieces.append("")
    return pieces
