"""Pictures in the database: judged and bared before they are kept, and gone with who sent them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NewType
from uuid import UUID

from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.pictures import MOST_BYTES, MOST_PIXELS, MOST_SIDE, BrokenError, Picture, bare
from farmlink.store.tables import PictureRow
from farmlink.store.transaction import Transaction

PictureId = NewType("PictureId", UUID)


class PictureTooLargeError(InvalidError):
    """What nobody could look at on a phone."""

    code = "picture-too-large"
    message = (
        "{field}: a photo has at most {most_bytes} bytes, {most_side} pixels a side and {most_pixels} in all."
        " Send a smaller one."
    )


class NotAPictureError(InvalidError):
    """What cannot be shown, or cannot be freed of where it was taken."""

    code = "not-a-picture"
    message = "{field}: this is no whole photo. Send JPEG, PNG or a still WebP."


class TooManyPicturesError(InvalidError):
    """So many say no more than a few."""

    code = "too-many-pictures"
    message = "{field}: at most {most} photos. Leave some out."


def seen(raw: Sequence[bytes], most: int, field: str = "photos") -> list[Picture]:
    """The pictures that somebody sends, without what they say of where and when they were taken.

    Raises
    ------
    InvalidError
        They are too many or too large, or not pictures.
    """
    if len(raw) > most:
        raise TooManyPicturesError(field=field, most=most)
    return [_seen(one, field) for one in raw]


def keep(tx: Transaction, pictures: Sequence[Picture], sent_by: UUID) -> list[PictureId]:
    """Keep pictures of one sender, in their order."""
    kept = []
    for one in pictures:
        row = PictureRow(
            sent_by=sent_by,
            media_type=one.media_type,
            content=one.content,
            width=one.width,
            height=one.height,
            sent_at=tx.now,
        )
        kept.append(PictureId(tx.add(row).id))
    return kept


def picture(tx: Transaction, picture_id: PictureId) -> Picture:
    """One picture; whoever asks for it has been judged before."""
    row = tx.find(PictureRow, picture_id)
    if row is None:
        raise MissingError(noun="picture", id=picture_id)
    return Picture(row.media_type, row.content, row.width, row.height)


def forget(tx: Transaction, picture_id: PictureId) -> None:
    """Forget a picture that another took the place of."""
    tx.execute("DELETE FROM picture WHERE id = :id", {"id": picture_id})


def forget_pictures_of(tx: Transaction, sent_by: UUID) -> int:
    """Forget every picture that somebody sent, wherever it is shown; how many."""
    return tx.execute("DELETE FROM picture WHERE sent_by = :sender", {"sender": sent_by}).rowcount


def _seen(raw: bytes, field: str) -> Picture:
    too_large = PictureTooLargeError(field=field, most_bytes=MOST_BYTES, most_side=MOST_SIDE, most_pixels=MOST_PIXELS)
    if len(raw) > MOST_BYTES:
        raise too_large
    try:
        found = bare(raw)
    except BrokenError as broken:
        raise NotAPictureError(field=field) from broken
    if max(found.width, found.height) > MOST_SIDE or found.width * found.height > MOST_PIXELS:
        raise too_large
    return found
