"""What somebody sent whose session was lost: it goes along while they sign in, and is sent when they say so."""

from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.auth import CSRF_FIELD, FORM, viewer
from api.errors import refused, wants_page
from api.guards import audience_of
from api.pages.forms import blank
from api.pages.sign_in import sign_in_form
from farmlink.kernel.errors import UnknownPersonError

SENT: Final = "sent"
LONGEST: Final = 200_000
"""What is longer would no longer fit into the next form beside its own signs."""


async def remember_sent(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Keep the fields of a form for the page that asks its sender to sign in."""
    audience = audience_of(handler)
    if viewer(connection) is not None or audience is None or not audience.needs_sign_in:
        return
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not isinstance(connection, Request) or connection.method != "POST" or kind != FORM or not wants_page(connection):
        return
    fields = [(name, str(value)) for name, value in (await connection.form()).multi_items() if name != CSRF_FIELD]
    written = f"{connection.url.path}?{urlencode(fields)}"
    if fields and len(written) <= LONGEST:
        connection.scope["state"][SENT] = written


def ask_to_sign_in(request: Request[Any, Any, Any], error: UnknownPersonError) -> Response[Any]:
    """Ask whoever sent a form to sign in, with the form in their luggage; everybody else is answered as ever."""
    again = request.scope["state"].get(SENT)
    if again is None:
        return refused(request, error)
    answer = sign_in_form(request, blank(again=again, to="/"), status=401)
    answer.headers["www-authenticate"] = "Bearer"
    return answer
