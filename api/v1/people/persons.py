"""The person who is signed in, members of organisations, and erasure."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, platform, role, signed_in
from api.reach import PLANNERS, acquainted
from api.v1.people.bodies import NewPerson, PersonChange
from farmlink.kernel.page import Page
from farmlink.people import commands, queries, rules
from farmlink.people.values import OrganisationId, Person, PersonCard, PersonId, Role

ADMINS = platform(Role.ADMIN)
STAFF = role(*PLANNERS)
Search = Annotated[
    str, QueryParameter(min_length=1, max_length=200, description="A part of the name or of the e-mail address.")
]
MEMBERS_SEE = (Role.FARMER, Role.LEADER, Role.DOCK, Role.PLANNER, Role.ADMIN)


class PersonController(Controller):
    """The person who is signed in, and those whom staff looks after."""

    path = "/people"
    tags = ("people",)

    @get("", opt={OPT: STAFF}, sync_to_thread=True)
    def found(self, store: ActingStore, principal: Asking, paging: AskedPage, search: Search) -> Page[PersonCard]:
        """Find people to order for by name or address.

        Staff of the platform finds everybody; staff of a hub those who ordered in its cycles and the members of its
        region's organisations, and anybody by the whole address.
        """
        return store.read(queries.found, search, acquainted(store, principal), paging)

    @post("", opt={OPT: STAFF}, sync_to_thread=True)
    def add(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[NewPerson]) -> PersonCard:
        """Add somebody to order for, or find who has the address already; who cannot sign in yet is invited to."""
        acquainted(store, principal)
        person_id = store.once(key, commands.invite, data.name, data.email, data.language)
        return store.read(queries.person_card, person_id)

    @get("/me", opt={OPT: signed_in}, sync_to_thread=True)
    def me(self, store: ActingStore, principal: Asking) -> Response[Person]:
        """Who is signed in."""
        person = store.read(queries.person, principal.person_id)
        return tagged(person, person.revision)

    @patch("/me", opt={OPT: signed_in}, sync_to_thread=True)
    def change(
        self, store: ActingStore, principal: Asking, revision: SeenRevision, data: JSONBody[PersonChange]
    ) -> Response[Person]:
        """Change one's own particulars."""
        person = store.run(
            commands.change_person,
            principal.person_id,
            revision,
            name=data.name,
            phone=data.phone,
            language=data.language,
        )
        return tagged(person, person.revision)

    @delete("/me", opt={OPT: signed_in}, sync_to_thread=True)
    def erase_me(self, store: ActingStore, principal: Asking) -> None:
        """Forget who this was; orders keep an id that names nobody, one on its way its address until it has ended."""
        store.run(commands.erase_person, principal.person_id)

    @delete("/persons/{person_id:uuid}", opt={OPT: ADMINS}, sync_to_thread=True)
    def erase(self, store: ActingStore, person_id: FromPath[UUID]) -> None:
        """Erase somebody who asked for it."""
        store.run(commands.erase_person, PersonId(person_id))

    @get("/organisations/{organisation_id:uuid}/persons", opt={OPT: signed_in}, sync_to_thread=True)
    def members(
        self, store: ActingStore, principal: Asking, paging: AskedPage, organisation_id: FromPath[UUID]
    ) -> Page[Person]:
        """The members of one's own organisation; admins of the platform see every organisation's, consumers too."""
        asked = OrganisationId(organisation_id)
        if not principal.serves_platform(Role.ADMIN):
            rules.require_member(principal, asked, *MEMBERS_SEE)
        store.read(queries.organisation, asked)
        return store.read(queries.people, [asked], paging)
