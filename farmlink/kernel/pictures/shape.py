"""What a picture is, and how large it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 2_000_000
MOST_SIDE: Final = 10_000
MOST_PIXELS: Final = 50_000_000
"""More than that fills a phone's memory when it is drawn, however few bytes it came in."""


class BrokenError(ValueError):
    """These bytes are no whole picture of a kind that is taken."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The bytes that are left, and how large the picture is, in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept and shown."""

    media_type: str
    content: bytes
    width: int
    height: int


def number(raw: bytes, at: int, size: int, *, little: bool = False) -> int:
    """The whole number in so many bytes; a picture that ends before them is broken."""
    if at < 0 or at + size > len(raw):
        raise BrokenError
    return int.from_bytes(raw[at : at + size], "little" if little else "big")
