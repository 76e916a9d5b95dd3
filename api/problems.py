"""What each operation may answer instead: every problem by its status and code, in the OpenAPI document."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from litestar.handlers import HTTPRouteHandler

from api.auth import SAFE, CrossSiteError
from api.dependencies import tagged
from api.errors import (
    IN_DOUBT,
    OUTCOME_UNKNOWN,
    PLAIN,
    PROBLEM,
    TITLES,
    KeyNeededError,
    UnsupportedTypeError,
    VersionNeededError,
    status_of,
)
from api.guards import Audience
from api.refusals import reached_by, refusals_of
from farmlink.kernel.errors import ForbiddenError, InvalidError, RefusedError, StaleError, UnknownPersonError

Document = dict[str, Any]
Codes = dict[int, set[str]]
EXAMPLES: Final = "#/components/examples/"
RAW: Final = "body"
"""What a handler calls a body that it reads as it came, such as a provider's call."""
ETAG: Final[Document] = {
    "ETag": {
        "description": "The version; send it back as If-Match with a change.",
        "schema": {"type": "string", "examples": ['"1"']},
    }
}
RETRY_AFTER: Final[Document] = {
    "Retry-After": {"description": "Seconds until it is worth another try.", "schema": {"type": "integer"}}
}
SCHEMA: Final[Document] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457; `code` is stable, `detail` is for people and follows Accept-Language.",
    "required": ["type", "title", "status", "detail", "code", "facts"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:farmlink:problem:cycle-closed"]},
        "title": {"type": "string", "examples": ["Not as things stand"]},
        "status": {"type": "integer", "examples": [409]},
        "detail": {"type": "string", "examples": ["Ordering stopped at the cut-off."]},
        "code": {"type": "string", "examples": ["cycle-closed"]},
        "facts": {"type": "object", "additionalProperties": True},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}


def codes_of(handler: HTTPRouteHandler, audience: Audience, operation: Document) -> Codes:
    """The codes that an operation may answer, by status."""
    refusals: set[type[RefusedError]] = {InvalidError, *refusals_of(handler.fn, *_provided(handler))}
    codes: Codes = defaultdict(set, {400: {"malformed"}, 503: {"unavailable"}})
    parameters = operation.get("parameters", [])
    if audience.needs_sign_in:
        refusals |= {UnknownPersonError} | ({ForbiddenError} if audience.roles else set())
    if not handler.http_methods <= SAFE:
        refusals |= {CrossSiteError, RefusedError}
        codes[503].add(OUTCOME_UNKNOWN)
    if any(one["in"] == "path" for one in parameters):
        codes[404].add(PLAIN[404][0])
    if any(one["name"] == "Idempotency-Key" for one in parameters):
        refusals.add(KeyNeededError)
    if any(one["name"] == "If-Match" for one in parameters):
        refusals |= {VersionNeededError, StaleError}
    if "requestBody" in operation or RAW in handler.parsed_fn_signature.parameters:
        refusals.add(UnsupportedTypeError)
        codes[413].add(PLAIN[413][0])
    for refusal in refusals:
        codes[status_of(refusal)].add(refusal.code)
    return codes


def _provided(handler: HTTPRouteHandler) -> Iterator[Callable[..., Any]]:
    """What is asked before the handler is, because the handler names what it answers."""
    for name, provider in handler.resolve_dependencies().items():
        if name in handler.parsed_fn_signature.parameters:
            yield provider.dependency


def answer_problems(operation: Document, codes: Codes) -> None:
    """Write an operation's problems into its description."""
    for status, known in sorted(codes.items()):
        narrowed = {"properties": {"code": {"enum": sorted(known)}, "status": {"const": status}}}
        problem = {"$ref": "#/components/schemas/Problem"}
        operation["responses"][str(status)] = {
            "description": TITLES[status],
            "content": {
                PROBLEM: {
                    "schema": {"allOf": [problem, narrowed]},
                    "examples": {code: {"$ref": EXAMPLES + code} for code in sorted(known)},
                }
            },
        } | ({"headers": RETRY_AFTER} if status in {429, 503} else {})


def answer_versions(operation: Document, handler: HTTPRouteHandler) -> None:
    """Say which answers carry the version that a change must name."""
    if tagged in reached_by(handler.fn):
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                answer["headers"] = answer.get("headers", {}) | ETAG


def examples(named: Iterable[tuple[int, str]]) -> Document:
    """An example of each problem, by code."""
    said = dict(PLAIN.values()) | {OUTCOME_UNKNOWN: IN_DOUBT}
    return {code: _example(status, code, said.get(code)) for status, code in sorted(set(named))}


def _example(status: int, code: str, text: str | None) -> Document:
    detail = text or RefusedError.known.get(code, RefusedError).message
    problem = {
        "type": f"urn:farmlink:problem:{code}",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "facts": {},
    }
    return {"summary": detail, "value": problem}
