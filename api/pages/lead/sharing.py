"""A point that several lead: shared with somebody by their address, taken back, and left to those who lead it then."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Sent, blank, key_of, read, refilled, taken_by
from api.pages.lead.settings import kept, settings_page
from api.pages.page import Asked
from farmlink.kernel.errors import RefusedError
from farmlink.people import commands
from farmlink.people.values import PersonId, Role

LEADERS: Final = role(Role.LEADER)


class ShareForm(msgspec.Struct, frozen=True):
    """Whoever shall lead the point too."""

    called: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]


class SharingPages(Controller):
    """Who leads a point."""

    path = "/lead/points/{point_id:uuid}"
    opt = held_by(Role.LEADER)
    include_in_schema = False

    @post("/leaders", opt=taken_by(LEADERS), sync_to_thread=True)
    def share(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Have somebody lead one's point too."""
        stands = store.read(kept, principal, point_id)
        try:
            form = read(data, ShareForm)
            shared = (stands.at.point.organisation_id, form.called, form.email, language)
            store.once(key_of(data), commands.share_lead, *shared)
        except RefusedError as refusal:
            return settings_page(request, stands, blank(), refilled(data, refusal, language))
        return Redirect(f"/lead/points/{point_id}/settings?saved=yes", status_code=303)

    @post("/leaders/{person_id:uuid}/ended", opt=taken_by(LEADERS), sync_to_thread=True)
    def end(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        person_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Take the point back from somebody who leads it too."""
        stands = store.read(kept, principal, point_id)
        try:
            ended = (stands.at.point.organisation_id, PersonId(person_id))
            store.once(key_of(data), commands.stop_leading, *ended)
        except RefusedError as refusal:
            return settings_page(request, stands, blank(), refilled(data, refusal, language))
        return Redirect(f"/lead/points/{point_id}/settings?saved=yes", status_code=303)

    @post("/leaving", opt=taken_by(LEADERS), sync_to_thread=True)
    def leave(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Leave one's point to the others who lead it."""
        stands = store.read(kept, principal, point_id)
        try:
            left = (stands.at.point.organisation_id, principal.person_id)
            store.once(key_of(data), commands.stop_leading, *left)
        except RefusedError as refusal:
            return settings_page(request, stands, blank(), refilled(data, refusal, language))
        return Redirect("/", status_code=303)
