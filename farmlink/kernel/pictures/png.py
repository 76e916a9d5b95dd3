"""PNG: a signature and chunks, each with its length, name and checksum; RFC 2083."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from zlib import crc32

from farmlink.kernel.pictures.shape import BrokenError, Seen, number

MEDIA_TYPE: Final = "image/png"
BEGINNING: Final = b"\x89PNG\r\n\x1a\n"
HEAD, CONTENT, END = b"IHDR", b"IDAT", b"IEND"
DRAWN: Final = frozenset({HEAD, b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", CONTENT, END})
"""Size, colours and the picture itself; texts, times, Exif and profiles with their names are left out."""
MOST_CHUNKS: Final = 10_000


def bare(raw: bytes) -> Seen:
    """Keep what is drawn; whatever follows the end is dropped."""
    kept, drawn = [BEGINNING], False
    for name, at, after in _chunks(raw):
        if (name == HEAD) is not (at == len(BEGINNING)):  # a second head would say another size than the first
            raise BrokenError
        drawn = drawn or name == CONTENT
        if name in DRAWN:
            kept.append(raw[at:after])
    width, height = number(raw, 16, 4), number(raw, 20, 4)
    if not drawn or not width or not height:
        raise BrokenError
    return Seen(b"".join(kept), width, height)


def _chunks(raw: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk up to the end: its name, where it stands and where the next one does."""
    at = len(BEGINNING)
    for _ in range(MOST_CHUNKS):
        after = at + 12 + number(raw, at, 4)
        name = raw[at + 4 : at + 8]
        if number(raw, after - 4, 4) != crc32(raw[at + 4 : after - 4]):
            raise BrokenError
        yield name, at, after
        if name == END:
            return
        at = after
    raise BrokenError
