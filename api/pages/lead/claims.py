"""Claims about what a point handed out: its leader accepts them, or passes them on with a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.claimed import WORDS, SeenClaim, seen_claims
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.lead.points import shown_of
from api.pages.lead.whose import AtPoint, at_point
from api.pages.page import Asked, page
from farmlink.claims import commands, queries
from farmlink.claims.values import Claim, ClaimId, Granted, State
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.page import Paging
from farmlink.people.values import Principal, Role
from farmlink.settlement import commands as settlement
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

LEADERS: Final = role(Role.LEADER)
MOST: Final = Paging(50)
LAST: Final = 10


@dataclass(frozen=True, slots=True)
class ClaimsAt:
    """A point with the claims that wait for its leader, and what became of the last ones."""

    at: AtPoint
    waiting: Sequence[SeenClaim]
    past: Sequence[SeenClaim]


class WordForm(msgspec.Struct, frozen=True):
    """What the leader knows of it."""

    word: str


class ClaimPages(Controller):
    """Claims at one's point."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}/claims"

    @get("", sync_to_thread=True)
    def claims(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, point_id: FromPath[UUID]
    ) -> Response[Any]:
        """Show what waits for an answer, and what became of the last ones."""
        return _page(request, store.read(_claims, principal, point_id, language), blank())

    @post("/{claim_id:uuid}/accept", opt=taken_by(LEADERS), sync_to_thread=True)
    def accept(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        claim_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Accept all that is claimed."""
        found = _mine(store, principal, point_id, claim_id)
        granted = Granted(found.id, State.OPEN, found.quantity)
        return _answered(
            Answering(request, store, principal, language, point_id),
            data,
            lambda: store.once(key_of(data), settlement.accept_claim, granted),
        )

    @post("/{claim_id:uuid}/pass-on", opt=taken_by(LEADERS), sync_to_thread=True)
    def pass_on(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        claim_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Leave it to the hub, with what one knows of it."""
        found = _mine(store, principal, point_id, claim_id)
        return _answered(
            Answering(request, store, principal, language, point_id),
            data,
            lambda: store.once(key_of(data), commands.pass_on, found.id, read(data, WordForm).word),
        )


@dataclass(frozen=True, slots=True)
class Answering:
    """Somebody who answers a claim at a point."""

    request: Asked
    store: Store
    principal: Principal
    language: str
    point_id: UUID


def _answered(who: Answering, data: dict[str, Any], answer: Callable[[], object]) -> Response[Any]:
    """Answer, and show what else waits; what is refused is said above the claim that it is about."""
    try:
        answer()
    except RefusedError as refusal:
        found = who.store.read(_claims, who.principal, who.point_id, who.language)
        return _page(who.request, found, refilled(data, refusal, who.language))
    return Redirect(f"/lead/points/{who.point_id}/claims", status_code=303)


def _mine(store: Store, principal: Principal, point_id: UUID, claim_id: UUID) -> Claim:
    """A claim at a point that somebody leads; one of elsewhere does not exist here."""
    store.read(queries.require_answering, principal, ClaimId(claim_id), State.OPEN)
    found = store.read(queries.claim, ClaimId(claim_id))
    if found.place_id != point_id:
        raise MissingError(noun="claim", id=claim_id)
    return found


def _claims(tx: Transaction, principal: Principal, point_id: UUID, language: str) -> ClaimsAt:
    at = at_point(tx, principal, point_id)
    waiting = queries.claims_at(tx, at.point.id, MOST, State.OPEN).items
    past = queries.past_at(tx, at.point.id, LAST)
    return ClaimsAt(at, seen_claims(tx, principal, waiting, language), seen_claims(tx, principal, past, language))


def _page(request: Asked, found: ClaimsAt, form: Filled) -> Response[Any]:
    shown = {"waiting": found.waiting, "past": found.past, "form": form}
    return page("lead/claims.html", request, status=form.status, **shown | shown_of(found.at) | WORDS)
