"""The description of the API for people: readable as it comes, and to be tried out where scripts run."""

from typing import Any, Final

from litestar import Request, Response, get
from litestar.response import Redirect, Template

from api.auth import csrf_word
from api.dependencies import Language
from api.guards import OPT, anyone
from api.kept import operations
from api.language import texts

DESCRIPTION: Final = "/api/schema/openapi.json"


@get("/api", opt={OPT: anyone}, sync_to_thread=False, include_in_schema=False)
def api_front() -> Redirect:
    """The address that people guess first."""
    return Redirect("/api/docs", status_code=303)


@get("/api/docs", opt={OPT: anyone}, sync_to_thread=False, include_in_schema=False)
def api_page(request: Request[Any, Any, Any], language: Language) -> Response[Any]:
    """List every operation; a script on top makes the list something to try."""
    context = {
        "language": language,
        "t": texts(language),
        "operations": operations(),
        "description": DESCRIPTION,
        "csrf": csrf_word(request),
    }
    return Template("api.html", context=context)
