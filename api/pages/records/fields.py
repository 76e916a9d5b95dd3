"""The form of a record: its fields in groups, what was typed as the API's own body, and refusals at their fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from api.body import Fault, FieldsError, fault, read_json
from api.pages.forms import WHOLE
from api.pages.records.kinds import Kind, Scaled, TypedWrongError
from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import marked, render

T = TypeVar("T")
FROM_TO: Final = marked("This must be from {least} to {most}.")
LIMITS: Final = ("limit", "least", "most")
SIGNS: Final = (": ", "\N{FULLWIDTH COLON}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a record says: `name` is its place in the API's body."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    needed: bool = False
    start: Any = None
    """What stands there in a new record."""
    stays: bool = False
    """Said once, when the record is made."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, under their heading."""

    legend: str
    fields: tuple[Field, ...]
    folded: bool = False


def all_fields(groups: Iterable[Group]) -> list[Field]:
    """The fields of all groups."""
    return [one for group in groups for one in group.fields]


def started(groups: Iterable[Group], currency: str) -> dict[str, Any]:
    """What stands in the form of a new record."""
    filled: dict[str, Any] = {}
    for one in all_fields(groups):
        filled |= one.kind.write(one.name, one.start, currency)
    return filled


def written(groups: Iterable[Group], card: Any, currency: str) -> dict[str, Any]:
    """What stands in the form of a record as it is."""
    filled: dict[str, Any] = {}
    for one in all_fields(groups):
        filled |= one.kind.write(one.name, reached(card, one.name), currency)
    return filled


def reached(card: Any, name: str) -> Any:
    """What a record says at a place such as `address.town`."""
    for step in name.split("."):
        card = card.get(step) if isinstance(card, Mapping) else getattr(card, step, None)
    return card


def typed(groups: Iterable[Group], sent: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What was typed, as the API's body has it.

    Raises
    ------
    FieldsError
        With a fault at every field that means nothing, and at every needed one that is empty.
    """
    body: dict[str, Any] = {}
    faults = []
    for one in all_fields(groups):
        try:
            value = one.kind.read(one.name, sent, currency)
        except TypedWrongError as wrong:
            faults.append(Fault(wrong.at or one.name, "form", wrong.message, wrong.facts))
            continue
        if (value is not None and value != []) or (value == [] and not one.needed):
            _put(body, one.name, value)
        elif one.needed:
            faults.append(fault(f"Object missing required field `{one.name}`"))
    if faults:
        raise FieldsError(faults)
    return body


def read_body(body: dict[str, Any], shape: type[T], groups: Sequence[Group], currency: str) -> T:
    """The body as the API's own reader takes it, with its faults at the fields of the form."""
    try:
        value: T = read_json(msgspec.json.encode(body), shape)
    except FieldsError as refusal:
        raise FieldsError([_placed(one, groups, currency) for one in refusal.faults]) from refusal
    return value


def at_fields(refusal: RefusedError, groups: Sequence[Group], currency: str, language: str) -> RefusedError:
    """A rule's refusal at the field of the form that it is about, in the unit that the form speaks."""
    if isinstance(refusal, FieldsError) or not isinstance(refusal, InvalidError) or "field" not in refusal.facts:
        return refusal
    named, facts = str(refusal.facts["field"]), dict(refusal.facts)
    if isinstance(refusal, OutOfBoundsError):
        limits = {name: str(facts[name]) for name in ("least", "most")}
        return FieldsError([_placed(Fault(named, refusal.code, FROM_TO, limits), groups, currency)])
    if "reason" in facts:
        said = render(str(facts["reason"]), language, facts)
    else:
        said = render(refusal.message, language, facts)
        for sign in SIGNS:
            said = said.removeprefix(f"{named}{sign}")
    said = said.replace("{", "{{").replace("}", "}}")
    return FieldsError([_placed(Fault(named, refusal.code, said, {}), groups, currency)])


def _placed(one: Fault, groups: Sequence[Group], currency: str) -> Fault:
    """A fault at the field of the form that it belongs to: its own, one around it, or the first one inside it."""
    fields = all_fields(groups)
    around = [field for field in fields if one.field == field.name or one.field.startswith(f"{field.name}.")]
    inside = [field for field in fields if field.name.startswith(f"{one.field}.")]
    found = next(iter(around or inside), None)
    if found is None:
        return Fault(WHOLE, one.code, one.message, one.facts)
    facts = dict(one.facts)
    if isinstance(found.kind, Scaled):
        facts |= {name: found.kind.said(int(facts[name]), currency) for name in LIMITS if facts.get(name, "").isdigit()}
    return Fault(found.name, one.code, one.message, facts)


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    *around, last = name.split(".")
    for step in around:
        body = body.setdefault(step, {})
    body[last] = value
