"""Small pictures as phones write them, with what they say beside what is seen."""

from __future__ import annotations

from typing import Final
from zlib import compress, crc32

SECRET: Final = b"42.9633,-85.6681 Ana's phone"


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def exif(turned: int, order: bytes = b"MM", entries: int = 2) -> bytes:
    """What a phone says of a picture: by which device, and which way up it was held."""

    def number(whole: int, size: int) -> bytes:
        return whole.to_bytes(size, "little" if order == b"II" else "big")

    maker = number(0x010F, 2) + number(2, 2) + number(len(SECRET), 4) + number(38, 4)
    way_up = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(turned, 2) + b"\0\0"
    return b"Exif\0\0" + order + number(42, 2) + number(8, 4) + number(entries, 2) + maker + way_up + b"\0" * 4 + SECRET


def jpeg(width: int = 40, height: int = 30, said: bytes | None = None, *, frame: int = 0xC0) -> bytes:
    """A JPEG of tables, a frame, a scan with a stuffed byte and a restart, and a second picture behind its end."""
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            b"" if said is None else segment(0xE1, said),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
            segment(0xED, SECRET),
            segment(0xFE, SECRET),
            segment(0xDB, bytes(65)),
            b"\xff",
            segment(frame, b"\x08" + size + b"\x01\x01\x11\x00"),
            segment(0xC4, bytes(19)),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            b"\x12\xff\x00\x34\xff\xd0\x56",
            b"\xff\xd9",
            SECRET,
        ]
    )


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return len(content).to_bytes(4, "big") + name + content + crc32(name + content).to_bytes(4, "big")


def png(width: int = 1, height: int = 1, *more: bytes) -> bytes:
    """A PNG whose texts say where it was taken."""
    head = chunk(b"IHDR", width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00")
    said = chunk(b"tEXt", b"Place\0" + SECRET) + chunk(b"eXIf", SECRET)
    drawn = chunk(b"IDAT", compress(b"\0" * (width + 1) * min(height, 10)))
    return b"\x89PNG\r\n\x1a\n" + head + said + b"".join(more) + drawn + chunk(b"IEND", b"") + SECRET


PNG: Final = png()


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of these chunks."""
    parts = (name + len(part).to_bytes(4, "little") + part + b"\0" * (len(part) % 2) for name, part in chunks)
    content = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(content).to_bytes(4, "little") + content


def lossy(width: int = 40, height: int = 30) -> tuple[bytes, bytes]:
    """The picture of a lossy WebP."""
    return b"VP8 ", b"\0\0\0\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"drawn"


def lossless(width: int = 40, height: int = 30) -> tuple[bytes, bytes]:
    """The picture of a lossless WebP."""
    return b"VP8L", b"\x2f" + ((height - 1) << 14 | (width - 1)).to_bytes(4, "little") + b"drawn"
