"""PNG: a signature and chunks, each with its length, name and checksum; RFC 2083."""

from __future__ import annotations

from typing import Final
from zlib import crc32

from farmlink.kernel.pictures.shape import BrokenError, Seen, number

MEDIA_TYPE: Final = "image/png"
BEGINNING: Final = b"\x89PNG\r\n\x1a\n"
DRAWN: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"})
"""Size, colours and the picture itself; texts, times, Exif and profiles with their names are left out."""


def bare(raw: bytes) -> Seen:
    """Keep what is drawn; whatever follows the end is dropped."""
    kept, at = [BEGINNING], len(BEGINNING)
    names: list[bytes] = []
    while b"IEND" not in names:
        after = at + 12 + number(raw, at, 4)
        name = raw[at + 4 : at + 8]
        if number(raw, after - 4, 4) != crc32(raw[at + 4 : after - 4]) or (not names and name != b"IHDR"):
            raise BrokenError
        if name in DRAWN:
            kept.append(raw[at:after])
        names.append(name)
        at = after
    width, height = number(raw, 16, 4), number(raw, 20, 4)
    if b"IDAT" not in names or not width or not height:
        raise BrokenError
    return Seen(b"".join(kept), width, height)
