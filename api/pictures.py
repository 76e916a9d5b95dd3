"""Pictures on the wire: read from a body or a form, and shown to those whom they concern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response
from litestar.datastructures import UploadFile

from farmlink.kernel.pictures import MOST_BYTES, Picture

LARGEST_BODY: Final = 9_000_000
"""Three of the largest photos as base64, and what is said of them."""
KEPT: Final = {"cache-control": "private, max-age=3600"}
"""The browser of whom it concerns may keep it for an hour, and nobody on the way."""


def shown(picture: Picture) -> Response[bytes]:
    """A picture, as what its own bytes say that it is."""
    return Response(picture.content, media_type=picture.media_type, headers=KEPT)


def sent(form: Mapping[str, Any], name: str) -> list[bytes]:
    """The files that a form sent under a name; a field that was left empty sent none."""
    given = form.get(name, [])
    files = given if isinstance(given, list) else [given]
    return [one.file.read(MOST_BYTES + 1) for one in files if isinstance(one, UploadFile)]
