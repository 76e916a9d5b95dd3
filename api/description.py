"""The OpenAPI document, finished: every error as a problem, and an example for every body."""

from copy import deepcopy
from typing import Any

from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin

from api.errors import PROBLEM, TITLES
from api.guards import Audience, audience_of, doors

Document = dict[str, Any]
NEEDED_HEADERS = {"Idempotency-Key": (400, 409), "If-Match": (412, 428)}
NEEDED_SHAPES: dict[str, Document] = {
    "Idempotency-Key": {"type": "string", "format": "uuid"},
    "If-Match": {"type": "string", "examples": ['"1"']},
}
BY_FORMAT = {
    "uuid": "01981a3c-7b1e-7c4d-9f2a-3b6d5e8f7a90",
    "date": "2026-07-31",
    "date-time": "2026-07-31T12:00:00Z",
    "time": "07:30:00",
    "email": "ana@example.org",
}
BY_TYPE: dict[str, Any] = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}
GIVEN = ("default", "const")
CHOICES = ("oneOf", "anyOf", "allOf")
DEEPEST = 6
PROBLEM_SCHEMA: Document = {
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


class Description(JsonRenderPlugin):
    """Serves the finished document."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Document) -> bytes:  # noqa: ARG002  # Litestar's signature
        """Answer the finished document."""
        return self.render_json(request, described(request.app))


def described(app: Litestar) -> Document:
    """The document of an application, with problems, examples and the headers that writes need."""
    document = deepcopy(app.openapi_schema.to_schema())
    _mend(document)
    schemas = document["components"].setdefault("schemas", {})
    for schema in schemas.values():
        schema.pop("default", None)  # one field's default, put there by whichever route Litestar met first
    schemas["Problem"] = PROBLEM_SCHEMA
    audiences = _audiences(app)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            audience = audiences[path, method.upper()]
            if not audience.needs_sign_in:
                operation.pop("security", None)
            operation["x-principal"] = audience.name
            operation["summary"] = operation.get("description", "").split(";")[0].rstrip(".")
            _finish(operation, audience, schemas)
    return document


def _audiences(app: Litestar) -> dict[tuple[str, str], Audience]:
    """For whom each described operation is."""
    found = {}
    for route, handler in doors(app):
        path = "/".join(part.partition(":")[0] + "}" if ":" in part else part for part in route.path.split("/"))
        for method in getattr(handler, "http_methods", ()):
            audience = audience_of(handler)
            assert audience is not None
            found[path, str(method)] = audience
    return found


def _finish(operation: Document, audience: Audience, schemas: Document) -> None:
    statuses = {400}
    if audience.needs_sign_in:
        statuses |= {401, 403}
    for parameter in operation.get("parameters", []):
        statuses |= {404} if parameter["in"] == "path" else {404, 422}
        if parameter["name"] in NEEDED_HEADERS:
            parameter["required"] = True
            parameter["schema"] = NEEDED_SHAPES[parameter["name"]]
            statuses |= set(NEEDED_HEADERS[parameter["name"]])
    if "requestBody" in operation:
        statuses |= {404, 409, 413, 415, 422}
        _show(operation["requestBody"], schemas)
        _close(operation["requestBody"], schemas)
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            _show(answer, schemas)
    for status in sorted(statuses):
        operation["responses"][str(status)] = {
            "description": TITLES[status],
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _mend(part: Any) -> None:
    """Litestar writes `tuple[X, ...]` as a list of X or of anything at all: the dots are no choice."""
    if isinstance(part, dict) and {} in part.get("oneOf", []):
        part["oneOf"] = [choice for choice in part["oneOf"] if choice]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        _mend(inner)


def _close(part: Any, schemas: Document) -> None:
    """Say of every object in a request body that it takes no other fields."""
    if isinstance(part, list):
        for inner in part:
            _close(inner, schemas)
    if not isinstance(part, dict):
        return
    if "$ref" in part:
        named = schemas[part["$ref"].rsplit("/", 1)[1]]
        if named.get("type") == "object" and "additionalProperties" not in named:
            named["additionalProperties"] = False
            _close(named, schemas)
    for name, inner in part.items():
        if name not in {"example", "examples"}:
            _close(inner, schemas)


def _show(carrier: Document, schemas: Document) -> None:
    """Give every JSON content an example, made of its fields' own."""
    for kind, content in (carrier.get("content") or {}).items():
        if "json" in kind and "schema" in content:
            content.setdefault("example", example(content["schema"], schemas))


def example(schema: Document, schemas: Document, depth: int = 0) -> Any:
    """Make an example of a schema: a field's own first, else the first choice, else one of its type."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, depth)
    given = [*schema.get("examples", []), *schema.get("enum", []), *(schema[key] for key in GIVEN if key in schema)]
    if given:
        return given[0]
    for choices in CHOICES:
        if choices in schema:
            return example(schema[choices][0], schemas, depth)
    return _of_type(schema, schemas, depth)


def _of_type(schema: Document, schemas: Document, depth: int) -> Any:
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [] if depth > DEEPEST else [example(schema.get("items", {}), schemas, depth + 1)]
    if kind == "object":
        parts = {} if depth > DEEPEST else schema.get("properties", {})
        return {name: example(part, schemas, depth + 1) for name, part in parts.items()}
    if kind in {"integer", "number"}:
        least = schema.get("minimum", BY_TYPE[kind])
        return int(least) if kind == "integer" else least
    return BY_FORMAT.get(schema.get("format", ""), BY_TYPE.get(kind or ""))
