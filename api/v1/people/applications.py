"""How farms and leaders are admitted."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import OPT, platform, signed_in
from api.v1.people.bodies import Decision, NewApplication
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page
from farmlink.people import commands, queries
from farmlink.people.values import Application, ApplicationId, ApplicationStage, Role

STAFF = platform(Role.ADMIN, Role.PLANNER)


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
