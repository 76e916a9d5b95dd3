"""What is kept of persons, organisations, roles and sign-ins, with the database's own limits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from farmlink.people.rules.codes import CODE_TRIES
from farmlink.people.values import ApplicationStage, Carrier, LetterKind, OrganisationKind, Role
from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import guard_transitions


def one_of(column: str, choices: type[Role | OrganisationKind | ApplicationStage | Carrier | LetterKind]) -> str:
    """SQL that limits a column to the words of its enumeration."""
    return f"{column} IN ({', '.join(repr(choice.value) for choice in choices)})"


class OrganisationRow(SQLModel, table=True):
    """A farm, a point, a hub's keeper, or the one platform."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(one_of("kind", OrganisationKind), name="organisation_kind"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 200", name="organisation_name_given"),
        CheckConstraint("revision >= 1", name="organisation_revision_counted"),
        Index("organisation_one_platform", "kind", unique=True, postgresql_where=text("kind = 'platform'")),
    )

    id: UUID = identity()
    name: str
    kind: str
    revision: int = whole(default=1)
    founded_at: datetime = instant()


class PersonRow(SQLModel, table=True):
    """A person, with or without a sign-in; an erased one keeps only the id.

    Whom somebody else named, to give them something, is known to that giver and to who hands it out.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="person_email_lower"),
        CheckConstraint("char_length(name) <= 200", name="person_name_short"),
        CheckConstraint("password_hash IS NULL OR email IS NOT NULL", name="person_password_needs_email"),
        CheckConstraint(
            "erased_at IS NULL OR (name = '' AND email IS NULL AND phone IS NULL AND password_hash IS NULL)",
            name="person_erased_empty",
        ),
        CheckConstraint(
            "named_by IS NULL OR (email IS NULL AND erased_at IS NULL)", name="person_named_by_somebody_has_no_sign_in"
        ),
        CheckConstraint("revision >= 1", name="person_revision_counted"),
    )

    id: UUID = identity()
    name: str
    email: str | None = Field(default=None, unique=True)
    phone: str | None = None
    language: str = "en"
    password_hash: str | None = None
    revision: int = whole(default=1)
    joined_at: datetime = instant()
    erased_at: datetime | None = instant(default=None)
    named_by: UUID | None = reference("person.id", nullable=True, default=None)


class MembershipRow(SQLModel, table=True):
    """One role of one person in one organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "organisation_id", name="membership_once"),
        CheckConstraint(one_of("role", Role), name="membership_role"),
    )

    id: UUID = identity()
    person_id: UUID = reference("person.id", index=False)
    role: str
    organisation_id: UUID = reference("organisation.id")


class HomeAddressRow(SQLModel, table=True):
    """Where somebody lives, or lived; the id outlives the lines, so that orders which went there stand.

    Of somebody who was erased it does not say whose it was, and keeps its lines while an order is on its way there.
    """

    __tablename__ = "home_address"
    __table_args__ = (
        CheckConstraint("lines IS NOT NULL OR replaced_at IS NOT NULL", name="home_address_forgotten_when_left"),
        CheckConstraint("person_id IS NOT NULL OR replaced_at IS NOT NULL", name="home_address_is_nobodys_when_left"),
        CheckConstraint("lines IS NULL OR btrim(lines ->> 'town') <> ''", name="home_address_names_its_town"),
        Index("home_address_one_current", "person_id", unique=True, postgresql_where=text("replaced_at IS NULL")),
    )

    id: UUID = identity()
    person_id: UUID | None = reference("person.id", nullable=True, default=None)
    lines: dict[str, str] | None = document(default=None, nullable=True)
    written_at: datetime = instant()
    replaced_at: datetime | None = instant(default=None)


class SignInRow(SQLModel, table=True):
    """An open sign-in; deleting the row ends it at once, for cookie and bearer alike."""

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint(one_of("carrier", Carrier), name="sign_in_carrier"),
        CheckConstraint("octet_length(token_hash) = 32", name="sign_in_token_hashed"),
        CheckConstraint("expires_at > signed_in_at", name="sign_in_lasts"),
    )

    id: UUID = identity()
    person_id: UUID = reference("person.id")
    token_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    carrier: str
    browser: str = Field(default="", sa_column_kwargs={"server_default": ""})
    signed_in_at: datetime = instant()
    expires_at: datetime = instant()


class SignInFailureRow(SQLModel, table=True):
    """A wrong password, by hashed address and by the network it came from; counts for a quarter of an hour."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("sign_in_failure_recent", "email_hash", "failed_at"),)

    id: UUID = identity()
    email_hash: bytes = Field(sa_type=LargeBinary)
    network: str
    failed_at: datetime = instant(index=True)


class LetterAskRow(SQLModel, table=True):
    """Somebody unknown asked for a letter to an address, kept as its hash; counts for an hour."""

    __tablename__ = "letter_ask"
    __table_args__ = (
        CheckConstraint("octet_length(email_hash) = 32", name="letter_ask_address_hashed"),
        CheckConstraint(one_of("kind", LetterKind), name="letter_ask_kind"),
        Index("letter_ask_to_address", "email_hash", "asked_at"),
        Index("letter_ask_from_network", "network", "asked_at"),
    )

    id: UUID = identity()
    kind: str
    email_hash: bytes = Field(sa_type=LargeBinary)
    network: str
    asked_at: datetime = instant(index=True)


class RegistrationRow(SQLModel, table=True):
    """A wish for an account that its address has not confirmed yet; it holds its own password."""

    __tablename__ = "registration"
    __table_args__ = (CheckConstraint("email = lower(email)", name="registration_email_lower"),)

    id: UUID = identity()
    email: str = Field(index=True)
    name: str
    language: str
    password_hash: str
    token_hash: bytes | None = Field(default=None, unique=True, sa_type=LargeBinary)
    asked_at: datetime = instant()
    expires_at: datetime = instant(index=True)


class PasswordResetRow(SQLModel, table=True):
    """A wish for a new password; its token exists only in the message and here as a hash."""

    __tablename__ = "password_reset"

    id: UUID = identity()
    person_id: UUID = reference("person.id")
    token_hash: bytes | None = Field(default=None, unique=True, sa_type=LargeBinary)
    asked_at: datetime = instant()
    expires_at: datetime = instant()


class SignInCodeRow(SQLModel, table=True):
    """A wish to sign in by a code: one per address, known or not; the code is reckoned from the id and not kept.

    The browser that asked is known by the hash of its token, and so a code is of no use anywhere else.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (
        CheckConstraint("octet_length(email_hash) = 32", name="sign_in_code_address_hashed"),
        CheckConstraint("octet_length(browser_hash) = 32", name="sign_in_code_browser_hashed"),
        CheckConstraint(f"tries BETWEEN 0 AND {CODE_TRIES}", name="sign_in_code_few_tries"),
    )

    id: UUID = identity()
    person_id: UUID | None = reference("person.id", nullable=True, default=None)
    email_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    browser_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    tries: int = whole(default=0)
    asked_at: datetime = instant()
    expires_at: datetime = instant(index=True)


class ApplicationRow(SQLModel, table=True):
    """Somebody asks to sell as a farm or to lead a point."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("role IN ('farmer', 'leader')", name="application_role"),
        CheckConstraint(one_of("stage", ApplicationStage), name="application_stage"),
        CheckConstraint("(stage = 'approved') = (organisation_id IS NOT NULL)", name="application_approved_founds"),
        CheckConstraint("(stage = 'asked') = (decided_at IS NULL)", name="application_decided_once"),
        Index("application_one_open", "person_id", "role", unique=True, postgresql_where=text("stage = 'asked'")),
    )

    id: UUID = identity()
    person_id: UUID = reference("person.id")
    role: str
    organisation_name: str
    stage: str = ApplicationStage.ASKED.value
    reason: str | None = None
    organisation_id: UUID | None = reference("organisation.id", nullable=True, default=None)
    asked_at: datetime = instant()
    decided_at: datetime | None = instant(default=None)
    decided_by: UUID | None = reference("person.id", nullable=True, default=None)


class LinkBindingRow(SQLModel, table=True):
    """The first device that posted through a signed link; every other is refused."""

    __tablename__ = "link_binding"
    __table_args__ = (CheckConstraint("octet_length(device_hash) = 32", name="link_binding_device_hashed"),)

    link_id: UUID = Field(primary_key=True)
    device_hash: bytes = Field(sa_type=LargeBinary)
    bound_at: datetime = instant()
    expires_at: datetime = instant(index=True)


class SigningKeyRow(SQLModel, table=True):
    """The installation's own key for links and known devices."""

    __tablename__ = "signing_key"
    __table_args__ = (CheckConstraint("octet_length(secret) = 32", name="signing_key_long"),)

    purpose: str = Field(primary_key=True)
    secret: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = instant()


guard_transitions(
    ApplicationRow.__table__,  # type: ignore[attr-defined]  # SQLModel makes it at class creation
    "stage",
    {"asked": frozenset({"approved", "declined"}), "approved": frozenset(), "declined": frozenset()},
)
