"""The OpenAPI document, finished: every error as a problem, and an example for every body."""

import re
from copy import deepcopy
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from api.guards import audience_of, doors
from api.problems import SCHEMA, Codes, Document, answer_problems, answer_versions, codes_of, examples

DESCRIBED = "described"
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


def described(app: Litestar) -> Document:
    """The document of an application, with problems, examples and the headers that writes need; made once."""
    if DESCRIBED not in app.state:
        app.state[DESCRIBED] = _described(app)
    document: Document = app.state[DESCRIBED]
    return document


def _described(app: Litestar) -> Document:
    document = deepcopy(app.openapi_schema.to_schema())
    _mend(document)
    schemas = {_named(name): schema for name, schema in document["components"].get("schemas", {}).items()}
    document["components"]["schemas"] = schemas
    for schema in schemas.values():
        schema.pop("default", None)  # one field's default, put there by whichever route Litestar met first
    schemas["Problem"] = SCHEMA
    handlers = _handlers(app)
    named: set[tuple[int, str]] = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            codes = _finish(operation, handlers[path, method.upper()], schemas)
            named |= {(status, code) for status, known in codes.items() for code in known}
    document["components"]["examples"] = examples(named)
    return document


def _handlers(app: Litestar) -> dict[tuple[str, str], HTTPRouteHandler]:
    """Who answers each described operation."""
    found: dict[tuple[str, str], HTTPRouteHandler] = {}
    for route, handler in doors(app):
        path = "/".join(part.partition(":")[0] + "}" if ":" in part else part for part in route.path.split("/"))
        if isinstance(handler, HTTPRouteHandler):
            found |= {(path, str(method)): handler for method in handler.http_methods}
    return found


def _finish(operation: Document, handler: HTTPRouteHandler, schemas: Document) -> Codes:
    audience = audience_of(handler)
    assert audience is not None
    if not audience.needs_sign_in:
        operation.pop("security", None)
    said = operation.get("description", "")
    operation["x-principal"] = audience.name
    operation["summary"] = said.partition("\n")[0].split(";")[0].rstrip(".")
    operation["description"] = f"{said}\n\nFor: {audience.name}."
    for parameter in operation.get("parameters", []):
        if parameter["name"] in NEEDED_SHAPES:
            parameter["required"] = True
            parameter["schema"] = NEEDED_SHAPES[parameter["name"]]
    if "requestBody" in operation:
        _show(operation["requestBody"], schemas)
        _close(operation["requestBody"], schemas)
    for status, answer in list(operation["responses"].items()):
        if status.startswith("2"):
            answer["description"] = operation["summary"]
            _show(answer, schemas)
        else:
            del operation["responses"][status]
    answer_versions(operation, handler)
    codes = codes_of(handler, audience, operation)
    answer_problems(operation, codes)
    return codes


def _mend(part: Any) -> None:
    """Litestar writes `tuple[X, ...]` as a list of X or of anything at all: the dots are no choice.

    It also calls what may be either of two things one of them, though a farm as its own people see it holds all that
    others see; and it names a page by the modules of what it lists, which are nobody's business.
    """
    if isinstance(part, dict) and "oneOf" in part:
        part["anyOf"] = [choice for choice in part.pop("oneOf") if choice]
    if isinstance(part, dict) and "$ref" in part:
        part["$ref"] = _named(part["$ref"])
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        _mend(inner)


def _named(schema: str) -> str:
    """`Page_room.values.X_room.values.Y_` as `XOrYPage`, `Few_room.values.X_` as `FewX`."""
    path, slash, name = schema.rpartition("/")
    kind, *listed = re.sub(r"_(?:[a-z]+\.)+", "_", name).strip("_").split("_")
    if "." not in name:
        return schema
    return f"{path}{slash}{'Or'.join(listed)}Page" if kind == "Page" else f"{path}{slash}{kind}{''.join(listed)}"


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
