"""Pictures are judged before they are kept."""

from __future__ import annotations

import pytest

from farmlink.kernel.errors import InvalidError
from farmlink.store import pictures
from tests.farmlink.kernel.drawn import PNG, SECRET, jpeg, png


def test_what_is_taken_says_nothing_of_where_it_was_taken() -> None:
    (one, other) = pictures.seen([PNG, jpeg()], 2)
    assert (one.media_type, other.media_type) == ("image/png", "image/jpeg")
    assert SECRET not in one.content + other.content


@pytest.mark.parametrize(
    ("raw", "refused"),
    [
        ([PNG, PNG], pictures.TooManyPicturesError),
        ([b"<html>"], pictures.NotAPictureError),
        ([PNG + b"\0" * 2_000_000], pictures.PictureTooLargeError),
        ([png(10_001, 1)], pictures.PictureTooLargeError),
        ([png(9_000, 9_000)], pictures.PictureTooLargeError),
    ],
    ids=["two where one is taken", "a page", "too many bytes", "too long a side", "too many pixels"],
)
def test_what_nobody_could_look_at_is_refused(raw: list[bytes], refused: type[InvalidError]) -> None:
    with pytest.raises(refused):
        pictures.seen(raw, 1)
