"""Pictures that somebody sends: known by their own first bytes, and freed of what they say beside what is seen.

A phone writes into a picture where and when it was taken and by which device. Others get to see the picture and none of
that: only what is needed to draw it is kept, among it which way up it was held.
"""

from __future__ import annotations

from typing import Final

from farmlink.kernel.pictures import jpeg, png, webp
from farmlink.kernel.pictures.shape import MOST_BYTES, MOST_PIXELS, MOST_SIDE, BrokenError, Picture, Seen

__all__ = ["MOST_BYTES", "MOST_PIXELS", "MOST_SIDE", "BrokenError", "Picture", "Seen", "bare"]
FORMATS: Final = (
    (jpeg.BEGINNING, slice(0, len(jpeg.BEGINNING)), jpeg.MEDIA_TYPE, jpeg.bare),
    (png.BEGINNING, slice(0, len(png.BEGINNING)), png.MEDIA_TYPE, png.bare),
    (webp.KIND, slice(8, 12), webp.MEDIA_TYPE, webp.bare),
)
"""By which bytes, standing where, a kind of picture is known, and what frees it of what it says."""


def bare(raw: bytes) -> Picture:
    """The picture without what it says of where, when and by whom it was taken.

    Raises
    ------
    BrokenError
        It is none of JPEG, PNG and WebP, or no whole one.
    """
    for beginning, where, media_type, freed in FORMATS:
        if raw[where] == beginning:
            seen = freed(raw)
            return Picture(media_type, seen.content, seen.width, seen.height)
    raise BrokenError
