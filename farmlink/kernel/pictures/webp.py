"""WebP: a RIFF of chunks of even length; RFC 9649."""

from __future__ import annotations

from typing import Final

from farmlink.kernel.pictures.shape import BrokenError, Seen, number

MEDIA_TYPE: Final = "image/webp"
KIND: Final = b"WEBP"
LOSSY, LOSSLESS, EXTENDED, ALPHA = b"VP8 ", b"VP8L", b"VP8X", b"ALPH"
SIZED: Final = frozenset({LOSSY, LOSSLESS, EXTENDED})
"""Each says how large the picture is, and stands in it once."""
HAS_ALPHA: Final = 0x10
"""Of what an extended picture says it holds, this alone is kept."""
SIGNED: Final = b"\x9d\x01\x2a"
LOSSLESS_SIGN: Final = 0x2F


def bare(raw: bytes) -> Seen:
    """Keep the still picture and what of it can be seen through; one that moves holds no such picture."""
    if raw[:4] != b"RIFF":
        raise BrokenError
    chunks = _chunks(raw[: number(raw, 4, 4, little=True) + 8])
    if (LOSSY in chunks) is (LOSSLESS in chunks):
        raise BrokenError
    drawn = LOSSY if LOSSY in chunks else LOSSLESS
    width, height = _size(drawn, chunks[drawn])
    kept = [(drawn, chunks[drawn])]
    if ALPHA in chunks and drawn == LOSSY:
        sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        kept = [(EXTENDED, bytes([HAS_ALPHA, 0, 0, 0]) + sides), (ALPHA, chunks[ALPHA]), *kept]
    content = KIND + b"".join(map(_chunk, kept))
    return Seen(b"RIFF" + len(content).to_bytes(4, "little") + content, width, height)


def _chunks(raw: bytes) -> dict[bytes, bytes]:
    """What stands under each name, the first of it."""
    found: dict[bytes, bytes] = {}
    at = 12
    while at < len(raw):
        size = number(raw, at + 4, 4, little=True)
        name = raw[at : at + 4]
        if at + 8 + size > len(raw) or (name in SIZED and name in found):
            raise BrokenError
        found.setdefault(name, raw[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found


def _size(drawn: bytes, chunk: bytes) -> tuple[int, int]:
    if drawn == LOSSY:
        if chunk[3:6] != SIGNED:
            raise BrokenError
        width, height = number(chunk, 6, 2, little=True) & 0x3FFF, number(chunk, 8, 2, little=True) & 0x3FFF
    else:
        if number(chunk, 0, 1) != LOSSLESS_SIGN:
            raise BrokenError
        bits = number(chunk, 1, 4, little=True)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if not width or not height:
        raise BrokenError
    return width, height


def _chunk(named: tuple[bytes, bytes]) -> bytes:
    name, content = named
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
