"""JPEG: segments up to the scans, and the scans; ITU-T T.81, annex B."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from farmlink.kernel.pictures.shape import BrokenError, Seen, number

MEDIA_TYPE: Final = "image/jpeg"
BEGINNING: Final = b"\xff\xd8\xff"
END, SCAN = 0xD9, 0xDA
ALONE: Final = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
"""Markers without a segment; none of them stands between segments."""
DRAWN: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
"""Tables, and the interval of restarts; names and places stand elsewhere."""
JFIF: Final = (0xE0, b"JFIF\0")
HEAD: Final = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
"""That colours are meant as JFIF says, of square dots, without the smaller picture that may stand in it."""
ADOBE: Final = (0xEE, b"Adobe", 12)
"""How colours are meant otherwise; whoever writes more into it says something else."""
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
WITHIN_SCANS: Final = frozenset({0x00, *range(0xD0, 0xD8)})
"""What follows 0xFF inside a scan without ending it: a stuffed byte, or a restart."""
FILLING: Final = b"\xff\xff"
EXIF: Final = (0xE1, b"Exif\0\0")
ORIENTATION: Final = 0x0112


def bare(raw: bytes) -> Seen:
    """Keep tables, frame and scans, and which way up it is; whatever follows the end is dropped."""
    kept, sizes, turned = [], [], 1
    for marker, at, after in _segments(raw):
        if marker in FRAMES:
            sizes.append((number(raw, at + 7, 2), number(raw, at + 5, 2)))
        elif (marker, raw[at + 4 : at + 10]) == EXIF:
            turned = _turned(raw[at + 10 : after])
        if marker in DRAWN or marker in FRAMES or marker == SCAN:
            kept.append(raw[at:after])
        elif (marker, raw[at + 4 : at + 9]) == JFIF and HEAD not in kept:
            kept.append(HEAD)
        elif (marker, raw[at + 4 : at + 9], after - at - 4) == ADOBE:
            kept.append(raw[at:after])
    if len(sizes) != 1 or not all(sizes[0]):  # a second frame would be drawn in another size than the first
        raise BrokenError
    upright = [] if turned == 1 else [_exif_of(turned)]
    return Seen(b"".join([raw[:2], *upright, *kept, bytes([0xFF, END])]), *sizes[0])


def _segments(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """Each segment up to the end: its marker, where it stands and where the next one does; a scan with its bytes."""
    at = 2
    while True:
        while raw[at : at + 2] == FILLING:
            at += 1
        marker = number(raw, at + 1, 1)
        if raw[at] != 0xFF or marker in ALONE:
            raise BrokenError
        if marker == END:
            return
        after = at + 2 + max(2, number(raw, at + 2, 2))
        if after > len(raw):
            raise BrokenError
        after = _after_scan(raw, after) if marker == SCAN else after
        yield marker, at, after
        at = after


def _after_scan(raw: bytes, at: int) -> int:
    """Where the next marker stands that is not a part of the scan."""
    while True:
        at = raw.find(b"\xff", at)
        if at < 0:
            raise BrokenError
        if number(raw, at + 1, 1) not in WITHIN_SCANS:
            return at
        at += 2


def _turned(tiff: bytes) -> int:
    """Which way up the picture is to be shown, 1 to 8; what cannot be read says nothing."""
    little = tiff[:2] == b"II"
    try:
        first = number(tiff, 4, 4, little=little)
        for entry in range(number(tiff, first, 2, little=little)):
            at = first + 2 + 12 * entry
            if number(tiff, at, 2, little=little) == ORIENTATION:
                said = number(tiff, at + 8, 2, little=little)
                return said if 1 <= said <= 8 else 1
    except BrokenError:
        return 1
    return 1


def _exif_of(turned: int) -> bytes:
    """An Exif segment that says which way up it is, and nothing else."""
    entry = ORIENTATION.to_bytes(2, "big") + b"\0\x03\0\0\0\x01" + turned.to_bytes(2, "big") + b"\0\0"
    said = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + (len(said) + 2).to_bytes(2, "big") + said
