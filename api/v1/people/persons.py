"""The person who is signed in, members of organisations, and erasure."""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, SeenRevision, tagged
from api.guards import OPT, platform, signed_in
from api.v1.people.bodies import PersonChange
from farmlink.kernel.page import Page
from farmlink.people import commands, queries, rules
from farmlink.people.values import OrganisationId, Person, PersonId, Role

ADMINS = platform(Role.ADMIN)
MEMBERS_SEE = (Role.FARMER, Role.LEADER, Role.DOCK, Role.PLANNER, Role.ADMIN)


class PersonController(Controller):
    """The person who is signed in, and those whom staff looks after."""

    path = "/people"
    tags = ("people",)

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
        """Forget who this was; orders keep an id that names nobody."""
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
