"""Every refusal and error as one problem document (RFC 9457), in the reader's language."""

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect, Template
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from api.asked import parameters
from api.body import Fault, FieldsError, MalformedError, fault
from api.language import language_of
from api.pages.page import shown
from farmlink.kernel.errors import (
    ForbiddenError,
    InvalidError,
    MissingError,
    RefusedError,
    StaleError,
    UnknownPersonError,
)
from farmlink.kernel.locale import marked, render
from farmlink.people.rules import TooManyFailuresError, TooManyLettersError
from farmlink.store.broken import what_broke
from farmlink.store.store import OutcomeUnknownError

LOG = logging.getLogger("api")
PROBLEM = "application/problem+json"
STATUS: dict[type[RefusedError], int] = {
    MalformedError: 400,
    UnknownPersonError: 401,
    ForbiddenError: 403,
    MissingError: 404,
    RefusedError: 409,
    StaleError: 412,
    InvalidError: 422,
    TooManyFailuresError: 429,
    TooManyLettersError: 429,
}
TITLES = {
    400: marked("The request cannot be read"),
    401: marked("Sign in first"),
    403: marked("Not allowed"),
    404: marked("Not found"),
    405: marked("This address does not do that"),
    409: marked("Not as things stand"),
    412: marked("Changed in between"),
    413: marked("Too large"),
    415: marked("Wrong content type"),
    422: marked("Something is not right"),
    428: marked("Say which version you saw"),
    429: marked("Too many tries"),
    500: marked("Our mistake"),
    503: marked("Not available right now"),
}
PLAIN: dict[int, tuple[str, str]] = {
    400: ("malformed", MalformedError.message),
    404: ("no-such-address", marked("There is nothing at this address.")),
    405: ("method-not-allowed", marked("This address does not answer to this method.")),
    413: ("too-large", marked("This is larger than what is taken here.")),
    500: ("internal", marked("Something went wrong on our side. It was written down; try again later.")),
    503: ("unavailable", marked("The database does not answer. Try again in a moment.")),
}
NOT_YOURS = marked("Nothing of yours is here: it is gone, or it is somebody else's.")
"""What a page says of what does not exist for its reader, who asked for no id."""
OUTCOME_UNKNOWN = "outcome-unknown"
IN_DOUBT = marked("The connection broke while this was being written. Look whether it happened before you repeat it.")
RETRY_SOON = {"retry-after": "5"}


class UnsupportedTypeError(RefusedError):
    """Writes carry JSON and say so; a form of another site cannot, which is half of the protection against them."""

    code = "unsupported-media-type"
    message = "Send this as {expected}."


class KeyNeededError(RefusedError):
    """A write that must happen once carries a key that says which one it is."""

    code = "key-needed"
    message = "Send an Idempotency-Key header holding a UUID."


class VersionNeededError(RefusedError):
    """What two people can edit is changed only by whoever says which version they saw."""

    code = "version-needed"
    message = "Send an If-Match header holding the ETag that you read."


HEADERS_AS_SENT = {"idempotency_key": "Idempotency-Key", "if_match": "If-Match"}
STATUS |= {UnsupportedTypeError: 415, KeyNeededError: 400, VersionNeededError: 428}


def status_of(refusal: type[RefusedError]) -> int:
    """The HTTP status of a refusal: that of its nearest family."""
    return next(STATUS[family] for family in refusal.__mro__ if family in STATUS)


def refused(request: Request[Any, Any, Any], refusal: RefusedError) -> Response[Any]:
    """Answer a refusal."""
    language = language_of(request)
    faults: list[Fault] = []
    facts: dict[str, Any] = dict(refusal.facts)
    if isinstance(refusal, FieldsError):
        faults = refusal.faults
    elif isinstance(refusal, InvalidError):
        if "reason" in facts:
            facts["reason"] = render(str(facts["reason"]), language)
        said = facts.get("reason") or render(refusal.message, language, facts)
        faults = [Fault(str(facts.get("field", "")), refusal.code, said.replace("{", "{{").replace("}", "}}"), {})]
    detail = render(refusal.message, language, facts)
    headers = {"retry-after": str(facts["retry_after_s"])} if "retry_after_s" in facts else None
    return problem(request, status_of(type(refusal)), refusal.code, detail, facts, faults, headers)


def misread(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    """Answer wrong path, query and header values field by field; a path that names nothing is not found."""
    found = error.extra if isinstance(error.extra, list) else []
    names = HEADERS_AS_SENT | parameters(request.route_handler)
    faults = [_misread(str(entry.get("message", "")), str(entry.get("key", "")), names) for entry in found]
    if any(entry.get("source") == "path" for entry in found):
        return plain(request, 404)
    return refused(request, FieldsError(faults))


def _misread(message: str, key: str, names: Mapping[str, str]) -> Fault:
    """One value as its sender knows it: a header or parameter by its own name, and no body at all as the body."""
    if key == "data":
        return fault(f"Object missing required field `{key}`", "")
    return fault(message, names.get(key, key))


def failed(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what Litestar itself refuses: no such route, wrong method, too large, unreadable."""
    return plain(request, error.status_code, dict(error.headers or {}))


def not_kept(request: Request[Any, Any, Any], error: DataError | IntegrityError) -> Response[Any]:
    """Answer what only the database noticed: a value it cannot hold, or a race that somebody else won."""
    LOG.warning("the database refused %s: %s", _asked(request), what_broke(error))
    if isinstance(error, DataError):
        return plain(request, 400)
    return refused(request, RefusedError())


def unreachable(request: Request[Any, Any, Any], error: OperationalError) -> Response[Any]:
    """Answer while the database is away."""
    LOG.error("the database did not answer %s: %s", _asked(request), what_broke(error))
    return plain(request, 503, RETRY_SOON)


def in_doubt(request: Request[Any, Any, Any], error: OutcomeUnknownError) -> Response[Any]:
    """Answer when the database went away while it was writing: nobody knows yet whether it did."""
    LOG.error("the outcome of %s is unknown: %s", _asked(request), what_broke(error.__cause__ or error))
    return problem(request, 503, OUTCOME_UNKNOWN, render(IN_DOUBT, language_of(request)), headers=RETRY_SOON)


def unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a mistake of ours without showing it, and write it down."""
    LOG.error("unforeseen: %s", _asked(request), exc_info=error)
    return plain(request, 500)


def plain(request: Request[Any, Any, Any], status: int, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """Answer with a status that needs no facts."""
    code, text = PLAIN.get(status, PLAIN[400 if status < 500 else 500])
    return problem(request, status, code, render(text, language_of(request)), headers=headers)


def problem(  # the members of a problem document
    request: Request[Any, Any, Any],
    status: int,
    code: str,
    detail: str,
    facts: Mapping[str, Any] | None = None,
    faults: list[Fault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    """Write the problem: as a page for a browser that asks for one, as JSON for everybody else."""
    language = language_of(request)
    title = render(TITLES.get(status, TITLES[400 if status < 500 else 500]), language)
    headers = dict(headers or {})
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if wants_page(request):
        if status == 401:
            return Redirect(f"/sign-in?to={quote(_wanted(request))}", status_code=303)
        if status == 405 and request.method == "GET":
            # Somebody came back to where a form was sent, after signing in or by the address line.
            return Redirect(request.url.path.rstrip("/").rpartition("/")[0] or "/", status_code=303)
        detail = render(NOT_YOURS, language) if code == MissingError.code else without_field(detail, facts or {})
        wrong = [(one.field, said_of(one, language)) for one in faults or () if one.field]
        said = shown(request) | {"title": title, "detail": detail, "status": status, "code": code, "wrong": wrong}
        return Template("problem.html", context=said, status_code=status, headers=headers, media_type="text/html")
    content: dict[str, Any] = {
        "type": f"urn:farmlink:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "facts": dict(facts or {}),
    }
    if faults:
        content["errors"] = [
            {"field": one.field, "code": one.code, "message": said_of(one, language)} for one in faults
        ]
    headers["content-language"] = language
    return Response(content, status_code=status, headers=headers, media_type=PROBLEM)


def _asked(request: Request[Any, Any, Any]) -> str:
    """What was asked as logs name it: the path as it is written in the code, for the real one may hold a secret."""
    return f"{request.method} {request.scope.get('path_template') or 'an address of nothing'}"


def _wanted(request: Request[Any, Any, Any]) -> str:
    """Where to go on after signing in: to the page that was asked for, or to the one whose form was sent."""
    asked = str(request.url) if request.method in {"GET", "HEAD"} else request.headers.get("referer", "")
    parts = urlsplit(asked)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Tell a browser at a page from a client of the API."""
    path = request.scope["path"]
    return "text/html" in request.headers.get("accept", "") and not path.startswith(("/api/v1", "/static"))


def without_field(said: str, facts: Mapping[str, Any]) -> str:
    """A refusal as a page says it, which shows where it belongs: without the name of its field before it."""
    bare = re.sub(rf"^{re.escape(str(facts['field']))}\s*[:：]\s*", "", said) if "field" in facts else said  # noqa: RUF001  # Chinese
    return bare[:1].upper() + bare[1:]


def said_of(one: Fault, language: str) -> str:
    """What is wrong with one field, in a language."""
    return render(one.message, language, {name: render(fact, language) for name, fact in one.facts.items()})


HANDLERS: dict[Any, Any] = {
    RefusedError: refused,
    ValidationException: misread,
    HTTPException: failed,
    DataError: not_kept,
    IntegrityError: not_kept,
    OperationalError: unreachable,
    OutcomeUnknownError: in_doubt,
    Exception: unforeseen,
}
