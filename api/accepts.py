"""What a write may carry: JSON, unless its handler says otherwise."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

from api.auth import FILES, FORM, SAFE
from api.body import MalformedError
from api.errors import UnsupportedTypeError

OPT_ACCEPTS = "accepts"
JSON = "application/json"
ANYTHING = "*/*"
"""What a handler takes that reads no body at all."""
LARGEST_NUMBER = 10**18


def refuse_other_types(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse a body of another type than the handler reads, and NUL characters in the address."""
    if "\0" in connection.url.path or any("\0" in part for _, part in connection.query_params.multi_items()):
        raise MalformedError
    spelt = set(connection.scope["path"].split("/"))
    for number in (part for part in connection.path_params.values() if isinstance(part, int)):
        if abs(number) >= LARGEST_NUMBER or str(number) not in spelt:
            raise NotFoundException  # 1_0, +1 and the digits of other scripts are numbers to Python, not addresses
    if connection.scope.get("method") in SAFE or not _has_body(connection):
        return
    expected = handler.opt.get(OPT_ACCEPTS, JSON)
    taken = {FORM, FILES} if expected == FILES else {expected}  # a form with files may also come without any
    kind, _, parameters = connection.headers.get("content-type", "").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "') or "utf-8"
    if expected != ANYTHING and (kind.strip() not in taken or charset not in {"utf-8", "us-ascii"}):
        raise UnsupportedTypeError(expected=expected)


def _has_body(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    return connection.headers.get("content-length", "0") != "0" or "transfer-encoding" in connection.headers
