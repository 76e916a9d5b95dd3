"""Organisations: farms, keepers of points, keepers of hubs."""

from typing import Any
from uuid import UUID

import msgspec

from api.guards import open_to, platform
from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Text
from api.pages.records.pages import RecordPages
from api.pages.records.record import Record, Shown, Who
from api.pages.records.several import Choice
from api.pages.records.words import HOUSES
from api.v1.people.bodies import Name
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Page, Paging
from farmlink.people import commands, queries, rules
from farmlink.people.queries.houses import organisations_named
from farmlink.people.values import Organisation, OrganisationId, OrganisationKind, Role

MEMBERS_RENAME = (Role.FARMER, Role.LEADER, Role.PLANNER, Role.ADMIN)
NAME = Field(name="name", label=marked("What it is called"), kind=Text(), needed=True)
KINDS = {kind: words for kind, words in HOUSES.items() if kind is not OrganisationKind.PLATFORM}


class House(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An organisation's name, and in the beginning what it is."""

    name: Name
    kind: OrganisationKind | None = None


class Organisations(Record[Organisation]):
    """Who keeps what."""

    path = "/ops/records/organisations"
    title = marked("Organisations")
    new = marked("New organisation")
    about = marked("Who keeps farms, pick-up points and hubs; people get their roles for one of them.")
    shape = House

    def groups(self, who: Who, card: Organisation | None) -> tuple[Group, ...]:  # noqa: ARG002  # the same for everybody
        """The form's fields; what it is, is said once."""
        kind = Field(
            name="kind", label=marked("What it is"), kind=Choice(words=KINDS), needed=True, start=OrganisationKind.FARM
        )
        return (Group(marked("Organisation"), (NAME,) if card is not None else (NAME, kind)),)

    def found(self, who: Who, asked: str, paging: Paging) -> Page[Shown]:
        """Organisations by part of their name."""
        cards = who.store.read(organisations_named, asked, paging)
        return Page([Shown(one.id, one.name, "", (HOUSES[one.kind], "quiet", "")) for one in cards.items], cards.next)

    def one(self, who: Who, key: UUID) -> Organisation:
        """One organisation."""
        return who.store.read(queries.organisation, OrganisationId(key))

    def make(self, who: Who, key: UUID, body: House) -> UUID:
        """Found it without an application."""
        assert body.kind is not None  # needed by the form
        return who.store.once(key, commands.add_organisation, body.name, body.kind)

    def change(self, who: Who, card: Organisation, revision: int, body: House) -> Any:
        """Give it another name."""
        if not who.principal.serves_platform(Role.ADMIN):
            rules.require_member(who.principal, card.id, *MEMBERS_RENAME)
        return who.store.run(commands.rename_organisation, card.id, body.name, revision)


class OrganisationPages(RecordPages):
    """Organisations, for staff of the platform."""

    path = Organisations.path
    opt = open_to(platform(Role.ADMIN, Role.PLANNER))
    record = Organisations()
