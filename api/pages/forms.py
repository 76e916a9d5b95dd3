"""Forms: read field by field; what is wrong is said at its field, and what was typed is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4, uuid5

import msgspec
from litestar.params import MultipartBody, URLEncodedBody

from api.accepts import OPT_ACCEPTS
from api.auth import FILES, FORM
from api.body import Fault, FieldsError, fault
from api.errors import said_of, status_of, without_field
from api.guards import OPT, Audience
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.locale import render_refusal

T = TypeVar("T", bound=msgspec.Struct)
Sent = URLEncodedBody[dict[str, Any]]
"""`data: Sent`: a form as the browser sent it; a field that is there more than once is a list."""
SentWithFiles = MultipartBody[dict[str, Any]]
"""`data: SentWithFiles`: the same with files, which `api.pictures.sent` reads."""
WHOLE: Final = ""
"""Where a message stands that belongs to no single field: above the form."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is shown: what was typed, what is wrong at which field, and the key of its next sending."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    key: UUID = field(default_factory=uuid4)

    def get(self, name: str, otherwise: object = "") -> Any:
        """What was typed into a field, else what stands there from the start."""
        return self.typed.get(name, otherwise)

    def fault(self, name: str) -> str:
        """What is wrong with a field; nothing is the empty text."""
        return self.faults.get(name, "")

    def key_for(self, deed: str) -> UUID:
        """The key of one deed of a page that offers several: each is done once, whichever came first."""
        return uuid5(self.key, deed)

    @property
    def refusal(self) -> str:
        """What is said above the form: that which belongs to no field of it."""
        return self.faults.get(WHOLE, "")


def blank(**values: object) -> Filled:
    """A form that nobody has sent yet, with what stands in it from the start."""
    return Filled(values)


def refilled(sent: Mapping[str, Any], refusal: RefusedError, language: str) -> Filled:
    """The form as it was sent, with what was refused of it at its fields."""
    faults = {one.field: said_of(one, language) for one in refusal.faults} if isinstance(refusal, FieldsError) else {}
    if not faults:
        named = str(refusal.facts.get("field", WHOLE)) if isinstance(refusal, InvalidError) else WHOLE
        said = without_field(render_refusal(refusal, language), refusal.facts)
        faults = {named if named in sent else WHOLE: said}
    lost = [said for name, said in faults.items() if name not in sent and name != WHOLE]
    if lost:
        faults |= {WHOLE: " ".join(lost)}
    return Filled(sent, faults, status_of(type(refusal)))


def read(sent: Mapping[str, Any], shape: type[T], judges: Mapping[str, Callable[[str], object]] | None = None) -> T:
    """The form as its shape; every field that is wrong is named, an empty field counts as left out.

    `judges` are the rules of single fields, for a form that can tell all that is wrong with it at once.

    Raises
    ------
    FieldsError
        With one fault per field.
    """
    fields = {one.encode_name: one for one in msgspec.structs.fields(shape)}
    given = {name: value for name, value in sent.items() if name in fields and value != ""}
    faults: list[Fault] = []
    values = {}
    for name, one in fields.items():
        if name not in given:
            if one.required:
                faults.append(fault(f"Object missing required field `{name}`"))
            continue
        value = given[name] if isinstance(given[name], str) or not _is_text(one.type) else given[name][-1]
        try:
            values[one.name] = msgspec.convert(value, one.type, strict=False)
        except msgspec.ValidationError as error:
            faults.append(fault(str(error), name))
    wrong = {one.field for one in faults}
    for name, judge in (judges or {}).items():
        try:
            if name in given and name not in wrong:
                judge(str(given[name]))
        except InvalidError as refusal:
            faults.append(Fault(name, refusal.code, str(refusal.facts["reason"]), {}))
    if faults:
        raise FieldsError(faults)
    return shape(**values)


def typed_all(sent: Mapping[str, Any], name: str) -> list[str]:
    """All that a form carries in a field that may be there several times."""
    found = sent.get(name, [])
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def id_in(sent: Mapping[str, Any], name: str) -> UUID:
    """The id that a form carries in a field.

    Raises
    ------
    FieldsError
        It is not there or no id.
    """
    carried: UUID = getattr(read(sent, msgspec.defstruct("Carried", [(name, UUID)])), name)
    return carried


def key_of(sent: Mapping[str, Any]) -> UUID:
    """The key that the form carried; one without is a sending of its own."""
    try:
        return UUID(str(sent.get("key")))
    except ValueError:
        return uuid4()


def taken_by(audience: Audience) -> dict[str, Any]:
    """Options of a handler that takes a form."""
    return {OPT: audience, OPT_ACCEPTS: FORM}


def taken_with_files_by(audience: Audience) -> dict[str, Any]:
    """Options of a handler that takes a form with files."""
    return {OPT: audience, OPT_ACCEPTS: FILES}


def _is_text(declared: Any) -> bool:
    return declared in {str, int, float, bool} or getattr(declared, "__metadata__", None) is not None
