"""Pictures are known by their own first bytes, and say nothing beside what is seen."""

from __future__ import annotations

import pytest

from farmlink.kernel.pictures import BrokenError, bare
from tests.farmlink.kernel.drawn import SECRET, chunk, exif, jpeg, lossless, lossy, png, riff, segment

EXTENDED = (b"VP8X", b"\x3c\0\0\0" + (39).to_bytes(3, "little") + (29).to_bytes(3, "little"))
TOLD = [(b"EXIF", SECRET), (b"XMP ", SECRET), (b"ICCP", SECRET)]
WAY_UP = 6


@pytest.mark.parametrize(
    ("raw", "media_type", "size"),
    [
        (jpeg(said=exif(1)), "image/jpeg", (40, 30)),
        (jpeg(frame=0xC2), "image/jpeg", (40, 30)),
        (png(7, 3), "image/png", (7, 3)),
        (riff(EXTENDED, *TOLD, lossy()) + SECRET, "image/webp", (40, 30)),
        (riff(lossless(), *TOLD), "image/webp", (40, 30)),
        (riff(EXTENDED, (b"ALPH", b"seen through"), lossy(), *TOLD), "image/webp", (40, 30)),
    ],
    ids=["jpeg", "progressive jpeg", "png", "lossy webp", "lossless webp", "webp one sees through"],
)
def test_a_picture_keeps_what_is_seen_and_not_where_and_by_whom_it_was_taken(
    raw: bytes, media_type: str, size: tuple[int, int]
) -> None:
    found = bare(raw)
    assert (found.media_type, (found.width, found.height)) == (media_type, size)
    assert SECRET in raw
    assert SECRET not in found.content
    assert bare(found.content) == found


@pytest.mark.parametrize("order", [b"MM", b"II"])
def test_a_photo_that_was_taken_on_its_side_is_still_shown_upright(order: bytes) -> None:
    upright, found = bare(jpeg(said=exif(1))), bare(jpeg(said=exif(WAY_UP, order)))
    told = segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    assert found.content == upright.content[:2] + told + upright.content[2:]


@pytest.mark.parametrize(
    "said", [b"Exif\0\0", b"Exif\0\0MM\0\x2a\xff\xff\xff\xff", exif(9), exif(WAY_UP, entries=1)], ids=repr
)
def test_what_cannot_be_read_of_which_way_up_it_is_says_nothing(said: bytes) -> None:
    assert bare(jpeg(said=said)) == bare(jpeg())


def test_a_webp_that_one_sees_through_says_so_and_nothing_else() -> None:
    found = bare(riff(EXTENDED, (b"ALPH", b"odd"), lossy(), *TOLD))
    flags, sides = b"\x10\0\0\0", (39).to_bytes(3, "little") + (29).to_bytes(3, "little")
    assert found.content == riff((b"VP8X", flags + sides), (b"ALPH", b"odd"), lossy())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(40),
        jpeg()[:20],
        jpeg()[: -len(SECRET) - 2],
        jpeg(0, 30),
        b"\xff\xd8\xff\xd0\xff\xd9",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + segment(0xDB, bytes(4)) + b"plain text instead of a marker",
        b"\xff\xd8\xff\xdb\xff\xff" + bytes(9),
        png()[:30],
        png(0, 4),
        png().replace(b"IDAT", b"IDAX"),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes([0, 0, 0, 1] * 2 + [8, 0, 0, 0, 0])) + chunk(b"IEND", b""),
        b"RIFX" + riff(lossy())[4:],
        riff(lossy())[:20] + b"\xff\xff\xff\xff",
        riff(EXTENDED, (b"ANIM", bytes(6)), (b"ANMF", bytes(16))),
        riff((b"VP8 ", b"\0\0\0plain text")),
        riff((b"VP8L", b"\x2e\0\0\0\0")),
        riff((b"VP8L", b"\x2f\0")),
        riff((b"VP8 ", b"\0\0\0\x9d\x01\x2a\0\0\0\0")),
    ],
    ids=range(22),
)
def test_what_is_no_whole_picture_is_none(raw: bytes) -> None:
    with pytest.raises(BrokenError):
        bare(raw)


def test_a_riff_that_says_it_is_longer_than_it_is_is_broken() -> None:
    whole = riff(lossy(), (b"EXIF", SECRET))
    with pytest.raises(BrokenError):
        bare(whole[:-4])
