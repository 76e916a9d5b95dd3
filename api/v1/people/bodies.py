"""Bodies of people: accounts, passwords, applications and organisations."""

from typing import Annotated

import msgspec

from farmlink.people.values import OrganisationKind, Role

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254, examples=["ana@example.org"])]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["a long pass phrase"])]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["Ana Ruiz"])]
Language = Annotated[str, msgspec.Meta(max_length=10, examples=["zh-CN"])]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Reason = Annotated[str, msgspec.Meta(max_length=1000)]


class Wish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An account that its address will confirm."""

    email: Email
    name: Name
    password: Password
    language: Language = "en"


class NewPerson(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Somebody to order for, who is invited to sign in."""

    name: Name
    email: Email
    language: Language = "en"


class Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An address and its password."""

    email: Email
    password: Password


class CodeEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The token that asked for the code, and the code of the letter."""

    token: Token
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=20, examples=["042 137"])]


class MailAddress(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where the message goes."""

    email: Email


class MessageToken(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The token of a message."""

    token: Token


class NewPassword(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The token of a message, and the new password."""

    token: Token
    password: Password


class PersonChange(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is not given stays."""

    name: Name | None = None
    phone: Annotated[str, msgspec.Meta(max_length=40, examples=["+1 231 555 0100"])] | None = None
    language: Language | None = None


class NewApplication(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Sell as a farm, or lead a point."""

    role: Role
    organisation_name: Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["Two Creeks Farm"])]


class Decision(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Admitted or not; a refusal says why."""

    approve: bool
    reason: Reason | None = None


class NewOrganisation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A farm, a point's keeper or a hub's."""

    name: Name
    kind: OrganisationKind


class NewName(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Another name."""

    name: Name
