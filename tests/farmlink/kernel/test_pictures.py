"""Pictures are known by their own first bytes, and say nothing beside what is seen."""

from __future__ import annotations

import pytest

from farmlink.kernel.pictures import BrokenError, bare
from tests.farmlink.kernel.drawn import SECRET, chunk, exif, jpeg, lossless, lossy, png, riff, segment

EXTENDED = (b"VP8X", b"\x3c\0\0\0" + (39).to_bytes(3, "little") + (29).to_bytes(3, "little"))
TOLD = [(b"EXIF", SECRET), (b"XMP ", SECRET), (b"ICCP", SECRET)]
WAY_UP = 6
JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


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


def second(frame: int) -> bytes:
    """A JPEG with another frame behind its first, which a decoder may draw instead."""
    return jpeg(10, 10).replace(b"\xff\xc4", segment(frame, b"\x08\xff\xdc\xff\xdc\x01\x01\x11\x00") + b"\xff\xc4", 1)


@pytest.mark.parametrize(
    "raw",
    [
        second(0xC0),
        second(0xC2),
        png(10, 10, png(65_500, 65_500)[8:33]),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"") + png()[8:],
        riff(lossy(10, 10), lossy(16_000, 16_000)),
        riff(lossy(10, 10), lossless(16_000, 16_000)),
        riff(EXTENDED, EXTENDED, lossy()),
    ],
    ids=["jpeg", "progressive jpeg", "png", "png with an empty head", "lossy webp", "both kinds of webp", "webp"],
)
def test_a_picture_that_says_two_sizes_is_none(raw: bytes) -> None:
    with pytest.raises(BrokenError):
        bare(raw)


def test_a_png_in_endless_pieces_is_not_read_to_its_end() -> None:
    assert bare(png(1, 1, chunk(b"tEXt", b"") * 9_000)) == bare(png())
    with pytest.raises(BrokenError):
        bare(png(1, 1, chunk(b"tEXt", b"") * 10_000))


ADOBE = b"Adobe\0\x64\0\0\0\0\x01"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (segment(0xE0, b"JFIF\0\1\2\1\0\x48\0\x48\1\1" + SECRET[:3]), b""),
        (segment(0xE0, b"JFXX\0\x10" + SECRET), b""),
        (segment(0xE0, SECRET) + segment(0xEE, SECRET), b""),
        (segment(0xEE, ADOBE), segment(0xEE, ADOBE)),
        (segment(0xEE, ADOBE + SECRET), b""),
        (segment(0xEE, SECRET[:12]), b""),
    ],
    ids=["a second head", "a small picture", "devices", "colours", "colours and more", "other colours"],
)
def test_a_jpeg_says_how_it_is_drawn_and_shows_no_smaller_picture_beside(said: bytes, kept: bytes) -> None:
    plain = jpeg()
    assert bare(plain[:20] + said + plain[20:]).content == bare(plain).content.replace(JFIF, JFIF + kept)


def test_a_jpeg_with_a_small_picture_in_its_head_is_told_without_and_one_without_a_head_gets_none() -> None:
    plain, small = jpeg(), segment(0xE0, b"JFIF\0\1\2\1\0\x48\0\x48\1\1abc")
    assert bare(plain.replace(JFIF, small)) == bare(plain)
    assert JFIF not in bare(plain.replace(JFIF, b"")).content
