"""Who may do what: people are found, given roles and relieved of them, and erased when they ask for it."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, platform
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.reach import acquainted
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.page import Paging
from farmlink.people import commands, queries
from farmlink.people.queries.persons import newest
from farmlink.people.values import OrganisationId, PersonId, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

ADMINS = platform(Role.ADMIN)
MOST = Paging(limit=50)
EVERY = Paging(limit=1000)
LAST = 20
"""So many of those who came last stand there before anybody is looked for."""


class PersonForm(msgspec.Struct, frozen=True):
    """Somebody new; who can sign in is sent an invitation."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]


class RoleForm(msgspec.Struct, frozen=True):
    """A role for an organisation, given or taken away."""

    held: Role
    organisation_id: UUID
    deed: Annotated[str, msgspec.Meta(pattern="^(give|take)$")] = "give"


class PeoplePages(Controller):
    """People and their roles."""

    path = "/ops/people"
    opt = open_to(ADMINS)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def found(self, request: Asked, store: ActingStore, principal: Asking, q: FromQuery[str] = "") -> Response[Any]:
        """Find people by a part of the name or address, and invite somebody new."""
        asked = q.strip()
        within = acquainted(store, principal)
        if asked:
            people = list(store.read(queries.found, asked, within, MOST).items)
        else:
            people = store.read(newest, LAST) if within is None else []
        return page("ops/people.html", request, form=blank(q=asked), q=asked, people=people)

    @post("", opt=taken_by(ADMINS), sync_to_thread=True)
    def invite(self, request: Asked, store: ActingStore, language: Language, data: Sent) -> Response[Any]:
        """Invite somebody, or find who has the address already."""
        try:
            form = read(data, PersonForm)
            person_id = store.once(key_of(data), commands.invite, form.name, form.email, language)
        except RefusedError as refusal:
            filled = refilled(data, refusal, language)
            return page("ops/people.html", request, status=filled.status, form=filled, q="", people=[])
        return Redirect(f"/ops/people/{person_id}", status_code=303)

    @get("/{person_id:uuid}", sync_to_thread=True)
    def person(self, request: Asked, store: ActingStore, person_id: FromPath[UUID]) -> Response[Any]:
        """Show what somebody may do, and for whom."""
        return _person(request, store, PersonId(person_id), blank())

    @post("/{person_id:uuid}/roles", opt=taken_by(ADMINS), sync_to_thread=True)
    def change_role(
        self, request: Asked, store: ActingStore, language: Language, person_id: FromPath[UUID], data: Sent
    ) -> Response[Any]:
        """Give a role or take it away; given twice it is one."""
        try:
            form = read(data, RoleForm)
            change = commands.grant if form.deed == "give" else commands.revoke
            store.run(change, PersonId(person_id), form.held, OrganisationId(form.organisation_id))
        except RefusedError as refusal:
            return _person(request, store, PersonId(person_id), refilled(data, refusal, language))
        return Redirect(f"/ops/people/{person_id}", status_code=303)

    @post("/{person_id:uuid}/erasure", opt=taken_by(ADMINS), sync_to_thread=True)
    def erase(
        self, request: Asked, store: ActingStore, language: Language, person_id: FromPath[UUID], data: Sent
    ) -> Response[Any]:
        """Erase somebody who asked for it."""
        try:
            store.run(commands.erase_person, PersonId(person_id))
        except RefusedError as refusal:
            return _person(request, store, PersonId(person_id), refilled(data, refusal, language))
        return Redirect("/ops/people", status_code=303)


def _person(request: Asked, store: Store, person_id: PersonId, form: Filled) -> Response[Any]:
    return page("ops/person.html", request, status=form.status, form=form, **store.read(_held, person_id))


def _held(tx: Transaction, person_id: PersonId) -> dict[str, Any]:
    person, organisations = queries.person(tx, person_id), queries.organisations(tx, EVERY).items
    names = {one.id: one.name for one in organisations}
    return {
        "person": person,
        "held": [(one.role, one.organisation_id, names[one.organisation_id]) for one in person.memberships],
        "organisations": sorted(names.items(), key=lambda one: one[1]),
    }
