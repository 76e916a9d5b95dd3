"""What lies behind a map: open data of our own, or a tile server of the settings, which its pages then may ask."""

from typing import Any

from litestar import Response

from api.pages.page import Asked, page
from api.security import picturing
from farmlink.settings import read_settings


def mapped(name: str, request: Asked, *, status: int = 200, **context: object) -> Response[Any]:
    """A page with a map on it."""
    tiles = read_settings().tiles
    answer = page(name, request, status=status, tiles=tiles, **context)
    if tiles is not None:
        answer.headers["content-security-policy"] = picturing(tiles.origin)
    return answer
