"""Asking to be admitted as a farm or as the leader of a pick-up point, and what became of it."""

from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Controller, Response, get, post
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, signed_in
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Paging
from farmlink.people import commands, queries
from farmlink.people.values import ApplicationStage, PersonId, Role
from farmlink.store.store import Store

STAGES: Final = {
    ApplicationStage.ASKED: (marked("Being looked at"), "wait", "clock"),
    ApplicationStage.APPROVED: (marked("Admitted"), "go", "check"),
    ApplicationStage.DECLINED: (marked("Declined"), "stop", "cross"),
}
ASKED_FOR: Final = {Role.FARMER: marked("Sell as a farm"), Role.LEADER: marked("Lead a pick-up point")}


class ApplicationForm(msgspec.Struct, frozen=True):
    """What somebody asks to become, and for which organisation."""

    role: Literal["farmer", "leader"]
    organisation_name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ApplyingPages(Controller):
    """One's own applications."""

    path = "/me/applications"
    opt = open_to(signed_in)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def applications(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """Show what was asked and decided, and ask anew."""
        return _shown(request, store, principal.person_id, blank())

    @post("", opt=taken_by(signed_in), sync_to_thread=True)
    def apply(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Ask to be admitted."""
        try:
            form = read(data, ApplicationForm)
            name, role = form.organisation_name, Role(form.role)
            store.once(key_of(data), commands.apply, principal.person_id, role, name)
        except RefusedError as refusal:
            return _shown(request, store, principal.person_id, refilled(data, refusal, language))
        return Redirect("/me/applications", status_code=303)


def _shown(request: Asked, store: Store, person_id: PersonId, form: Filled) -> Response[Any]:
    asked = store.read(queries.applications, Paging(limit=200), None, person_id).items
    words = {"asked": asked, "stages": STAGES, "asked_for": ASKED_FOR}
    return page("account/applications.html", request, status=form.status, form=form, **words)
