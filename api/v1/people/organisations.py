"""Farms, points' keepers and hubs' keepers, and who may do what for them."""

from uuid import UUID

from litestar import Controller, Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, platform, signed_in
from api.v1.people.bodies import NewName, NewOrganisation
from farmlink.kernel.page import Page
from farmlink.people import commands, queries, rules
from farmlink.people.values import Organisation, OrganisationId, PersonId, Role

STAFF = platform(Role.ADMIN, Role.PLANNER)
ADMINS = platform(Role.ADMIN)
MEMBERS_RENAME = (Role.FARMER, Role.LEADER, Role.PLANNER, Role.ADMIN)


class OrganisationController(Controller):
    """Farms, points' keepers and hubs' keepers, and who may do what for them."""

    path = "/organisations"
    tags = ("people",)

    @get("", opt={OPT: anyone}, sync_to_thread=True)
    def organisations(self, store: ActingStore, paging: AskedPage) -> Page[Organisation]:
        """Every organisation, the oldest first."""
        return store.read(queries.organisations, paging)

    @get("/{organisation_id:uuid}", opt={OPT: anyone}, sync_to_thread=True)
    def organisation(self, store: ActingStore, organisation_id: FromPath[UUID]) -> Response[Organisation]:
        """One organisation."""
        found = store.read(queries.organisation, OrganisationId(organisation_id))
        return tagged(found, found.revision)

    @post("", opt={OPT: STAFF}, sync_to_thread=True)
    def found(self, store: ActingStore, key: OnceKey, data: JSONBody[NewOrganisation]) -> Response[Organisation]:
        """Found an organisation without an application."""
        id_ = store.once(key, commands.add_organisation, data.name, data.kind)
        founded = store.read(queries.organisation, id_)
        return tagged(founded, founded.revision, 201)

    @put("/{organisation_id:uuid}/name", opt={OPT: signed_in}, sync_to_thread=True)
    def rename(
        self,
        store: ActingStore,
        principal: Asking,
        organisation_id: FromPath[UUID],
        revision: SeenRevision,
        data: JSONBody[NewName],
    ) -> Response[Organisation]:
        """Give one's own organisation another name."""
        asked = OrganisationId(organisation_id)
        if not principal.serves_platform(Role.ADMIN):
            rules.require_member(principal, asked, *MEMBERS_RENAME)
        renamed = store.run(commands.rename_organisation, asked, data.name, revision)
        return tagged(renamed, renamed.revision)

    @put(
        "/{organisation_id:uuid}/persons/{person_id:uuid}/roles/{held:str}",
        opt={OPT: ADMINS},
        sync_to_thread=True,
    )
    def grant(
        self, store: ActingStore, organisation_id: FromPath[UUID], person_id: FromPath[UUID], held: FromPath[Role]
    ) -> None:
        """Give a role; given twice it is one."""
        store.run(commands.grant, PersonId(person_id), held, OrganisationId(organisation_id))

    @delete(
        "/{organisation_id:uuid}/persons/{person_id:uuid}/roles/{held:str}",
        opt={OPT: ADMINS},
        sync_to_thread=True,
    )
    def revoke(
        self, store: ActingStore, organisation_id: FromPath[UUID], person_id: FromPath[UUID], held: FromPath[Role]
    ) -> None:
        """Take a role away; it ends with the person's next request."""
        store.run(commands.revoke, PersonId(person_id), held, OrganisationId(organisation_id))
