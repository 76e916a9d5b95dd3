"""Who asks to be admitted: persons who want to sell or lead, and the farms and points that wait for approval."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, platform
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network import queries as places
from farmlink.network.values import FarmId, PointId
from farmlink.people import commands, queries
from farmlink.people.values import ApplicationId, ApplicationStage, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

STAFF = platform(Role.ADMIN)
MOST = Paging(limit=200)


class DecisionForm(msgspec.Struct, frozen=True):
    """Admitted or not; a refusal says why."""

    decision: Annotated[str, msgspec.Meta(pattern="^(admit|decline)$")]
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class ApprovalPages(Controller):
    """What waits for a yes or a no."""

    path = "/ops/approvals"
    opt = open_to(STAFF)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def waiting(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show who and what waits, the longest first."""
        return _shown(request, store, blank())

    @post("/applications/{application_id:uuid}", opt=taken_by(STAFF), sync_to_thread=True)
    def decide(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        application_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Admit or decline; whoever asked is told by letter."""
        try:
            form = read(data, DecisionForm)
            store.once(
                key_of(data),
                commands.decide_application,
                ApplicationId(application_id),
                principal.person_id,
                approve=form.decision == "admit",
                reason=form.reason or None,
            )
        except RefusedError as refusal:
            return _shown(request, store, refilled(data, refusal, language), application_id)
        return Redirect("/ops/approvals", status_code=303)

    @post("/farms/{farm_id:uuid}", opt=taken_by(STAFF), sync_to_thread=True)
    def approve_farm(self, store: ActingStore, farm_id: FromPath[UUID]) -> Response[Any]:
        """Let a farm offer."""
        store.run(network.approve_farm, FarmId(farm_id))
        return Redirect("/ops/approvals", status_code=303)

    @post("/points/{point_id:uuid}", opt=taken_by(STAFF), sync_to_thread=True)
    def approve_point(self, store: ActingStore, point_id: FromPath[UUID]) -> Response[Any]:
        """Let a point be chosen."""
        store.run(network.approve_point, PointId(point_id))
        return Redirect("/ops/approvals", status_code=303)


def _shown(request: Asked, store: Store, form: Filled, at: UUID | None = None) -> Response[Any]:
    return page("ops/approvals.html", request, status=form.status, form=form, at=at, **store.read(_waiting))


def _waiting(tx: Transaction) -> dict[str, Any]:
    asked = queries.applications(tx, MOST, ApplicationStage.ASKED).items
    contacts = queries.contacts(tx, [one.person_id for one in asked])
    return {
        "applications": [(one, contacts[one.person_id]) for one in asked],
        "farms": places.pending_farms(tx),
        "points": places.pending_points(tx),
        "zone": "UTC",
    }
