"""What may be asked for in an address: the query parameters that a handler names, each at most once, and no others."""

from functools import cache
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from api.body import Fault, FieldsError
from farmlink.kernel.locale import marked

PAGED = ("limit", "after")
MISSING = marked("This is needed.")
UNKNOWN = marked("There is no such parameter here.")
REPEATED = marked("Give this once.")


def refuse_other_parameters(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse query parameters that are missing, unknown or repeated; our pages take what links bring along."""
    wanted = parameters(handler)
    given = [name for name, _ in connection.query_params.multi_items()]
    faults = [Fault(name, "missing", MISSING, {}) for name in needed(handler) if name not in given]
    for name in dict.fromkeys(given) if connection.scope["path"].startswith("/api/v1") else ():
        if name not in wanted.values():
            faults.append(Fault(name, "unknown", UNKNOWN, {}))
        elif given.count(name) > 1:
            faults.append(Fault(name, "repeated", REPEATED, {}))
    if faults:
        raise FieldsError(faults)


@cache
def parameters(handler: BaseRouteHandler) -> dict[str, str]:
    """The query parameters of a handler: as its function calls them, and as they are written."""
    found = {}
    for name, field in handler.parsed_fn_signature.parameters.items():
        if isinstance(field.kwarg_definition, QueryParameter):
            found[name] = field.kwarg_definition.name or name
        elif name == "paging":
            found |= {part: part for part in PAGED}
    return found


@cache
def needed(handler: BaseRouteHandler) -> tuple[str, ...]:
    """The query parameters that a handler cannot do without."""
    signature = handler.parsed_fn_signature.parameters
    return tuple(
        written for name, written in parameters(handler).items() if name in signature and signature[name].is_required
    )
