"""The description of the API for people: readable as it comes, and to be tried out where scripts run."""

from typing import Any, Final

from litestar import Response, get
from litestar.response import Redirect

from api.guards import OPT, anyone
from api.kept import operations
from api.pages.page import Asked, page

DESCRIPTION: Final = "/api/schema/openapi.json"


@get("/api", opt={OPT: anyone}, sync_to_thread=False, include_in_schema=False)
def api_front() -> Redirect:
    """The address that people guess first."""
    return Redirect("/api/docs", status_code=303)


@get("/api/docs", opt={OPT: anyone}, sync_to_thread=False, include_in_schema=False)
def api_page(request: Asked) -> Response[Any]:
    """List every operation; a script on top makes the list something to try."""
    return page("api.html", request, operations=operations(), description=DESCRIPTION)
