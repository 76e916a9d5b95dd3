"""How somebody reads: language, light or dark, larger letters; kept in the browser, for pages only."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from litestar import Response, get
from litestar.params import FromQuery
from litestar.response import Redirect

from api.auth import keep
from api.guards import OPT, anyone
from api.language import CHOICE
from api.pages.page import SIZE, THEME, Asked
from farmlink.kernel.locale import LANGUAGES

YEAR_S = 365 * 24 * 3600
OFFERED = {CHOICE: LANGUAGES, THEME: ("", "light", "dark"), SIZE: ("", "large")}


@get("/choose", opt={OPT: anyone}, sync_to_thread=False, include_in_schema=False)
def choose(
    request: Asked,
    language: FromQuery[str | None] = None,
    theme: FromQuery[str | None] = None,
    size: FromQuery[str | None] = None,
    to: FromQuery[str] = "/",
) -> Response[Any]:
    """Keep what was chosen and go back to where it was chosen; a choice that is not offered changes nothing."""
    response: Response[Any] = Redirect(local(to), status_code=303)
    for name, chosen in ((CHOICE, language), (THEME, theme), (SIZE, size)):
        if chosen in OFFERED[name]:
            keep(response, request, name, str(chosen), YEAR_S if chosen else 0)
    return response


def local(address: str) -> str:
    """An address of ours, never somebody else's."""
    parts = urlsplit(address.strip().replace("\\", "/"))
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return "/"
    # Written anew with a single slash: browsers take /// for another site too.
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, parts.fragment))
