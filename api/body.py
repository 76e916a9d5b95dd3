"""Reading JSON bodies strictly: what is wrong, at which field; never a server error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec
from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg

from api.records import unknown_fields
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import marked

NUL_ESCAPED: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
PLACE: Final = re.compile(r" - at `\$\.?(?P<place>.*)`$")
KINDS: Final = {
    "int": marked("a whole number"),
    "float": marked("a number"),
    "str": marked("a text"),
    "bool": marked("true or false"),
    "uuid": marked("an id (UUID)"),
    "object": marked("an object"),
    "array": marked("a list"),
    "date": marked("a date (2026-07-31)"),
    "datetime": marked("an instant with its zone (2026-07-31T12:00:00Z)"),
    "time": marked("a time of day (07:30)"),
    "null": marked("nothing"),
}
PATTERNS: Final = (
    (r"Object missing required field `(?P<field>.+)`", "missing", marked("This is needed.")),
    (r"Object contains unknown field `(?P<field>.+)`", "unknown", marked("There is no such field.")),
    (r"Expected `\w+` >= (?P<limit>\S+)", "range", marked("This must be at least {limit}.")),
    (r"Expected `\w+` <= (?P<limit>\S+)", "range", marked("This must be at most {limit}.")),
    (r"Expected `\w+` > (?P<limit>\S+)", "range", marked("This must be more than {limit}.")),
    (r"Expected `\w+` < (?P<limit>\S+)", "range", marked("This must be less than {limit}.")),
    (
        r"Expected `\w+` of length >= (?P<limit>\d+)",
        "length",
        marked("This needs at least {limit} characters or items."),
    ),
    (
        r"Expected `\w+` of length <= (?P<limit>\d+)",
        "length",
        marked("This has more than {limit} characters or items."),
    ),
    (r"Expected `\w+` matching regex .+", "form", marked("This is not written as it should be.")),
    (r"Invalid enum value (?P<value>.+)", "choice", marked("{value} is not one of the choices.")),
    (r"Invalid UUID", "form", marked("This is not an id (UUID).")),
    (r"Invalid RFC3339.*", "form", marked("This is not a date or time in RFC 3339 form.")),
    (r"(Number|Integer value|Timestamp|Duration|Date).* out of range", "range", marked("This number is out of range.")),
    (r"Expected `datetime` with a timezone component", "form", marked("The instant needs its time zone.")),
    (r"Expected `(?P<kind>[\w| ]+)`(, got `.+`)?", "kind", marked("This must be {kind}.")),
)
UNCLEAR: Final = marked("This is not what the description of the API asks for.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: where, a stable code, and a catalogue text with its facts."""

    field: str
    code: str
    message: str
    facts: Mapping[str, str]


class MalformedError(RefusedError):
    """The request cannot be read at all."""

    code = "malformed"
    message = "The request cannot be read: it is not JSON in UTF-8, nests too deep, or holds NUL characters."


class FieldsError(InvalidError):
    """The request can be read, but fields are wrong; all that were found are listed."""

    message = "Some fields are wrong."

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def fault(message: str, field: str = "") -> Fault:
    """Turn msgspec's words into ours, which exist in every language."""
    if place := PLACE.search(message):
        message, field = message[: place.start()], f"{field}.{place['place']}".strip(".")
    for pattern, code, text in PATTERNS:
        if match := re.fullmatch(pattern, message):
            facts = match.groupdict()
            inner = facts.pop("field", None)
            if "kind" in facts:
                facts["kind"] = KINDS.get(facts["kind"].split(" | ")[0], facts["kind"])
            return Fault(f"{field}.{inner}".strip(".") if inner else field, code, text, facts)
    return Fault(field, "invalid", UNCLEAR, {})


def read_json(raw: bytes, shape: Any) -> Any:
    """Decode a body strictly ("5" is not 5); every wrong field of the outermost object is named."""
    if NUL_ESCAPED.search(raw):
        raise MalformedError
    try:
        body = msgspec.json.decode(raw, type=shape)
        unknown = unknown_fields(raw, shape)
    except msgspec.ValidationError as error:
        raise FieldsError(_all_faults(raw, shape, str(error))) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedError from error
    if unknown:
        raise FieldsError([fault(f"Object contains unknown field `{name}`") for name in unknown])
    return body


def _all_faults(raw: bytes, shape: Any, first: str) -> list[Fault]:
    target = get_args(shape)[0] if get_origin(shape) is Annotated else shape
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedError from error
    if get_origin(target) in {Union, UnionType} and isinstance(found, dict):
        target = next((one for one in get_args(target) if _is_tagged(one, found)), target)
    if not (isinstance(found, dict) and isinstance(target, type) and issubclass(target, msgspec.Struct)):
        return [fault(first)]
    faults = []
    fields = {field.encode_name: field for field in msgspec.structs.fields(target)}
    for name, field in fields.items():
        if name not in found:
            if field.required:
                faults.append(fault(f"Object missing required field `{name}`"))
            continue
        try:
            msgspec.convert(found[name], field.type)
        except (msgspec.ValidationError, RecursionError) as error:
            faults.append(fault(str(error), name))
    known = {*fields, target.__struct_config__.tag_field}
    faults += [fault(f"Object contains unknown field `{name}`") for name in found if name not in known]
    return faults or [fault(first)]


def _is_tagged(shape: Any, found: Mapping[str, Any]) -> bool:
    """Tell whether a body says of itself that it is of this shape, where it may be of several."""
    said = shape.__struct_config__ if isinstance(shape, type) and issubclass(shape, msgspec.Struct) else None
    return said is not None and said.tag is not None and found.get(str(said.tag_field)) == said.tag


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body is decoded straight into the handler's shape, strictly."""

    async def json(self) -> Any:
        """Decode the body into what the handler declares as `data`."""
        declared = self.route_handler.parsed_data_field
        kwarg = declared.kwarg_definition if declared else None
        if declared is None or (isinstance(kwarg, BodyKwarg) and kwarg.media_type is not RequestEncodingType.JSON):
            return await super().json()
        return read_json(await self.body(), _shape(declared.raw))


def _shape(declared: Any) -> Any:
    """What msgspec has to know of a body: hashing Litestar's own words about it costs more than the decoding."""
    if get_origin(declared) is not Annotated:
        return declared
    bare, *said = get_args(declared)
    meant = [word for word in said if not isinstance(word, BodyKwarg)]
    return Annotated[(bare, *meant)] if meant else bare
