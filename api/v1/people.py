"""Persons, sign-ins, organisations, and how farms and leaders are admitted."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from api.accounts import (
    Address,
    Decision,
    Entry,
    MessageToken,
    NewApplication,
    NewName,
    NewOrganisation,
    NewPassword,
    PersonChange,
    Wish,
)
from api.auth import DEVICE, carried_token, cookie_name, is_secure, network_of
from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, platform, signed_in
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page
from farmlink.people import commands, queries, rules, work
from farmlink.people.values import (
    Application,
    ApplicationId,
    ApplicationStage,
    Organisation,
    OrganisationId,
    Person,
    PersonId,
    Role,
    SignedIn,
)

STAFF = platform(Role.ADMIN, Role.PLANNER)
ADMINS = platform(Role.ADMIN)
MEMBERS_SEE = (Role.FARMER, Role.LEADER, Role.DOCK, Role.PLANNER, Role.ADMIN)
MEMBERS_RENAME = (Role.FARMER, Role.LEADER, Role.PLANNER, Role.ADMIN)


class RegistrationController(Controller):
    """Accounts and passwords, by a token in a message."""

    path = "/people"
    tags = ("people",)
    opt = {OPT: anyone}  # noqa: RUF012  # Litestar's own attribute

    @post("/registrations", status_code=202, sync_to_thread=True)
    def register(self, store: ActingStore, data: JSONBody[Wish]) -> None:
        """Ask for an account; the answer is the same whether the address is known or not."""
        work.register(store, data.email, data.name, rules.clean_language(data.language), data.password)

    @post("/registrations/confirmed", sync_to_thread=True)
    def confirm(self, store: ActingStore, data: JSONBody[MessageToken]) -> SignedIn:
        """Open the account by the token of the message, signed in."""
        person_id = store.run(commands.confirm_registration, data.token)
        return store.run(commands.sign_in_as, person_id)

    @post("/password-resets", status_code=202, sync_to_thread=True)
    def ask_reset(self, store: ActingStore, data: JSONBody[Address]) -> None:
        """Ask for a new password; the answer is the same whether the address is known or not."""
        store.run(commands.ask_reset, rules.clean_email(data.email))

    @post("/password-resets/confirmed", status_code=204, sync_to_thread=True)
    def reset(self, store: ActingStore, data: JSONBody[NewPassword]) -> None:
        """Set the new password; every sign-in of the person ends."""
        work.reset_password(store, data.token, data.password)

    @post("/sign-ins", sync_to_thread=True)
    def sign_in(self, request: Request[Any, Any, Any], store: ActingStore, data: JSONBody[Entry]) -> SignedIn:
        """Sign in; the token goes into `Authorization: Bearer …` and is shown only now."""
        device = request.cookies.get(cookie_name(DEVICE, secure=is_secure(request)))
        return work.sign_in(store, data.email, data.password, network=network_of(request), device=device)

    @delete("/sign-ins/current", opt={OPT: signed_in}, sync_to_thread=True)
    def sign_out(self, request: Request[Any, Any, Any], store: ActingStore) -> None:
        """End the sign-in that this request carries."""
        carried = carried_token(request)
        assert carried is not None
        store.run(commands.sign_out, carried[0])

    @delete("/sign-ins", opt={OPT: signed_in}, sync_to_thread=True)
    def sign_out_everywhere(self, store: ActingStore, principal: Asking) -> None:
        """End every sign-in of the person on all devices."""
        store.run(commands.sign_out_everywhere, principal.person_id)


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
    def found(self, store: ActingStore, key: OnceKey, data: JSONBody[NewOrganisation]) -> Organisation:
        """Found an organisation without an application."""
        id_ = store.once(key, commands.add_organisation, data.name, data.kind)
        return store.read(queries.organisation, id_)

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


class ApplicationController(Controller):
    """Farms and leaders ask to be admitted."""

    path = "/applications"
    tags = ("people",)

    @post("", opt={OPT: signed_in}, sync_to_thread=True)
    def apply(self, store: ActingStore, principal: Asking, key: OnceKey, data: JSONBody[NewApplication]) -> Application:
        """Ask to sell as a farm or to lead a point."""
        return store.once(key, commands.apply, principal.person_id, data.role, data.organisation_name)

    @get("", opt={OPT: signed_in}, sync_to_thread=True)
    def applications(
        self, store: ActingStore, principal: Asking, paging: AskedPage, stage: FromQuery[ApplicationStage | None] = None
    ) -> Page[Application]:
        """One's own applications; staff of the platform sees everybody's."""
        whose = None if principal.serves_platform(Role.ADMIN, Role.PLANNER) else principal.person_id
        return store.read(queries.applications, paging, stage, whose)

    @get("/{application_id:uuid}", opt={OPT: signed_in}, sync_to_thread=True)
    def application(self, store: ActingStore, principal: Asking, application_id: FromPath[UUID]) -> Application:
        """One application; somebody else's does not exist."""
        found = store.read(queries.application, ApplicationId(application_id))
        if found.person_id != principal.person_id and not principal.serves_platform(Role.ADMIN, Role.PLANNER):
            raise MissingError(noun="application", id=application_id)
        return found

    @post("/{application_id:uuid}/decision", opt={OPT: STAFF}, sync_to_thread=True)
    def decide(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        application_id: FromPath[UUID],
        data: JSONBody[Decision],
    ) -> Application:
        """Admit or decline; approving founds the organisation and gives the role."""
        return store.once(
            key,
            commands.decide_application,
            ApplicationId(application_id),
            principal.person_id,
            approve=data.approve,
            reason=data.reason,
        )


controllers = [RegistrationController, PersonController, OrganisationController, ApplicationController]
