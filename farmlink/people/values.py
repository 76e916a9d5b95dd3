"""Persons, organisations and roles as they travel; what this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.kernel.events import Event

PersonId = NewType("PersonId", UUID)
OrganisationId = NewType("OrganisationId", UUID)
ApplicationId = NewType("ApplicationId", UUID)
ResetId = NewType("ResetId", UUID)
RegistrationId = NewType("RegistrationId", UUID)
CodeId = NewType("CodeId", UUID)
SignInId = NewType("SignInId", UUID)
HomeId = NewType("HomeId", UUID)
"""Somebody's home; other rooms know it by this id alone."""


class Role(StrEnum):
    """What a person may do for an organisation."""

    CONSUMER = "consumer"
    FARMER = "farmer"
    LEADER = "leader"
    DOCK = "dock"
    DRIVER = "driver"
    PLANNER = "planner"
    ADMIN = "admin"


class OrganisationKind(StrEnum):
    """The platform itself, a farm, a pick-up point's keeper, or a hub's."""

    PLATFORM = "platform"
    FARM = "farm"
    POINT = "point"
    HUB = "hub"


class ApplicationStage(StrEnum):
    """An application is asked, then decided once."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


class Carrier(StrEnum):
    """How a sign-in travels: in a browser's cookie or in an `Authorization` header."""

    COOKIE = "cookie"
    BEARER = "bearer"


class LetterKind(StrEnum):
    """What a stranger may have sent to an address, each counted for itself."""

    REGISTRATION = "registration"
    RESET = "password-reset"
    CODE = "sign-in-code"


@dataclass(frozen=True, slots=True)
class Membership:
    """One role of a person in one organisation."""

    role: Role
    organisation_id: OrganisationId


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, and what they are to which organisation."""

    person_id: PersonId
    memberships: tuple[Membership, ...] = ()
    platform_id: OrganisationId | None = None

    def organisations(self, *roles: Role) -> frozenset[OrganisationId]:
        """Tell for which organisations the person holds one of these roles."""
        return frozenset(held.organisation_id for held in self.memberships if held.role in roles)

    def has(self, *roles: Role) -> bool:
        """Tell whether the person holds one of these roles anywhere."""
        return any(held.role in roles for held in self.memberships)

    def serves_platform(self, *roles: Role) -> bool:
        """Tell whether the person holds one of these roles for the whole installation."""
        return self.platform_id in self.organisations(*roles)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A farm, a point, a hub's keeper or the platform."""

    id: OrganisationId
    name: str
    kind: OrganisationKind
    revision: int


@dataclass(frozen=True, slots=True)
class Person:
    """A person as they see themselves; nothing of it is copied into other rooms."""

    id: PersonId
    name: str
    email: str | None
    phone: str | None
    language: str
    revision: int
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Enough of a person to tell them from others of the same name."""

    id: PersonId
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to whom a person gives something: what they are called, and how they may be reached."""

    id: PersonId
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Acquainted:
    """Whom somebody may find by name: the members of these organisations, and these persons."""

    organisation_ids: frozenset[OrganisationId]
    person_ids: frozenset[PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where somebody would write a letter to; the town is the least."""

    town: str
    street: str = ""
    district: str = ""
    postcode: str = ""
    country: str = ""

    def line(self) -> str:
        """In one line, from the street to the country."""
        parts = (self.street, self.town, self.district, self.postcode, self.country)
        return ", ".join(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a message reaches a person, and in which language."""

    name: str
    email: str | None
    phone: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Application:
    """Somebody asks to sell as a farm or to lead a point."""

    id: ApplicationId
    person_id: PersonId
    role: Role
    organisation_name: str
    stage: ApplicationStage
    asked_at: datetime
    organisation_id: OrganisationId | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in; the token is shown once and kept only as its hash."""

    person_id: PersonId
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignInCard:
    """One place where a person is signed in; `browser` is roughly which, and `here` the one that asks."""

    id: SignInId
    carrier: Carrier
    browser: str
    signed_in_at: datetime
    expires_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """A code was asked for: only who shows this token can use it, and only until then."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is judged against."""

    person_id: PersonId
    password_hash: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in, counted before its password is judged; an unknown address has no credentials."""

    id: UUID
    credentials: Credentials | None


@dataclass(frozen=True, slots=True)
class Link:
    """What a signed link says: which link, about what, for whom, until when."""

    id: UUID
    subject_id: UUID
    person_id: PersonId
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RegistrationAsked(Event):
    """Somebody wants an account; whoever sends the message makes its token with `make_registration_token`."""

    name: ClassVar[str] = "registration.asked.v1"
    registration_id: RegistrationId


@dataclass(frozen=True, slots=True)
class RegistrationRepeated(Event):
    """Somebody registered an address that has an account already; its owner is told, the asker is not."""

    name: ClassVar[str] = "registration.repeated.v1"
    person_id: PersonId


@dataclass(frozen=True, slots=True)
class ResetAsked(Event):
    """A person asked for a new password; whoever sends the message makes its token with `make_reset_token`."""

    name: ClassVar[str] = "password.reset-asked.v1"
    reset_id: ResetId


@dataclass(frozen=True, slots=True)
class SignInCodeAsked(Event):
    """Somebody wants to sign in by a code; whether the address is known is seen when its message is written."""

    name: ClassVar[str] = "sign-in.code-asked.v1"
    code_id: CodeId


@dataclass(frozen=True, slots=True)
class PersonInvited(Event):
    """Staff added a person, who has no password yet; whoever sends the message makes its token as for a new one."""

    name: ClassVar[str] = "person.invited.v1"
    reset_id: ResetId


@dataclass(frozen=True, slots=True)
class ApplicationDecided(Event):
    """A farm or leader was approved or declined."""

    name: ClassVar[str] = "application.decided.v1"
    application_id: ApplicationId
    person_id: PersonId
    stage: ApplicationStage


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    """A person's data is gone; the id stays as an empty name."""

    name: ClassVar[str] = "person.erased.v1"
    person_id: PersonId
