"""What the consumer's pages keep in the browser: the pick-up point, and a basket that is not ordered yet."""

from typing import Any, Final
from uuid import UUID

from litestar import Response

from api.auth import cookie_name, is_secure, keep
from api.pages.choices import YEAR_S
from api.pages.page import Asked
from api.pages.shop import baskets
from api.pages.shop.baskets import Lines
from farmlink.cycles.values import CycleId
from farmlink.network.values import PointId

POINT: Final = "farmlink_point"
BASKET: Final = "farmlink_basket"
BASKET_S: Final = 7 * 24 * 3600
LONGEST: Final = 3500
"""A browser keeps no cookie that is much longer; so large a basket goes along in the address alone."""


def point_kept(request: Asked) -> PointId | None:
    """The pick-up point that somebody chose last."""
    try:
        return PointId(UUID(_cookie(request, POINT)))
    except ValueError:
        return None


def keep_point(response: Response[Any], request: Asked, point_id: PointId) -> None:
    """Remember a pick-up point."""
    keep(response, request, POINT, str(point_id), YEAR_S)


def basket_kept(request: Asked, cycle_id: CycleId) -> Lines:
    """The basket that waits for a cycle."""
    return baskets.unkept(_cookie(request, BASKET), cycle_id)


def cycle_kept(request: Asked) -> CycleId | None:
    """For which cycle a basket waits."""
    try:
        return CycleId(UUID(hex=_cookie(request, BASKET).partition(".")[0]))
    except ValueError:
        return None


def keep_basket(response: Response[Any], request: Asked, cycle_id: CycleId, lines: Lines) -> None:
    """Keep a basket for later, such as after signing in; an empty one is forgotten."""
    text = baskets.kept(cycle_id, lines) if lines else ""
    lasts = BASKET_S if 0 < len(text) <= LONGEST else 0
    keep(response, request, BASKET, text if lasts else "", lasts)


def forget_shopping(response: Response[Any], request: Asked) -> None:
    """Leave nothing of what somebody was about to order to whoever uses the browser next."""
    for name in (POINT, BASKET):
        keep(response, request, name, "", 0)


def _cookie(request: Asked, name: str) -> str:
    return request.cookies.get(cookie_name(name, secure=is_secure(request)), "")
