"""Claims that leaders passed on: the hub's planners accept them, wholly or in part, or decline them with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.claimed import WORDS, SeenClaim, seen_claims
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.lead.arrival import PackIn, packs_in
from api.pages.lead.typed import as_typed, base_units
from api.pages.page import Asked, page
from farmlink.claims import commands, queries
from farmlink.claims.values import Claim, ClaimId, Granted, State
from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries as dispatch
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.people.values import Principal, Role
from farmlink.settlement import commands as settlement
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

PLANNERS: Final = role(Role.PLANNER, Role.ADMIN)
MOST: Final = Paging(50)


class GrantForm(msgspec.Struct, frozen=True):
    """How much of a claim is accepted, and why not all."""

    quantity: str
    reason: str = ""


class DeclineForm(msgspec.Struct, frozen=True):
    """Why not."""

    reason: str


class ClaimPages(Controller):
    """Claims that wait for a planner."""

    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False
    path = "/plan/claims"

    @get("", sync_to_thread=True)
    def claims(self, request: Asked, store: ActingStore, principal: Asking, language: Language) -> Response[Any]:
        """Show what was passed on, with what was counted on the way."""
        return _page(request, store, principal, language, blank())

    @post("/{claim_id:uuid}/accept", opt=taken_by(PLANNERS), sync_to_thread=True)
    def accept(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        claim_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Accept all of it, or a part with a reason."""
        found = _mine(store, principal, claim_id)
        try:
            store.once(key_of(data), settlement.accept_claim, _granted(store, principal, found, language, data))
        except RefusedError as refusal:
            return _page(request, store, principal, language, refilled(data, refusal, language))
        return Redirect("/plan/claims", status_code=303)

    @post("/{claim_id:uuid}/decline", opt=taken_by(PLANNERS), sync_to_thread=True)
    def decline(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        claim_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Say no, and why."""
        found = _mine(store, principal, claim_id)
        try:
            store.once(key_of(data), commands.decline, found.id, read(data, DeclineForm).reason)
        except RefusedError as refusal:
            return _page(request, store, principal, language, refilled(data, refusal, language))
        return Redirect("/plan/claims", status_code=303)


def arrived_amiss(tx: Transaction, cycle_id: CycleId, language: str) -> list[tuple[str, UUID, Sequence[PackIn]]]:
    """Where something else came than was sent, by the name of the point, for the planners of the cycle."""
    found = dispatch.amiss(tx, cycle_id)
    points = network.points_by_id(tx, found)
    told = [(points[one].name, points[one].id, packs_in(tx, views, language)) for one, views in found.items()]
    return sorted(told, key=lambda one: one[0])


def _mine(store: Store, principal: Principal, claim_id: UUID) -> Claim:
    store.read(queries.require_answering, principal, ClaimId(claim_id), State.PASSED_ON)
    return store.read(queries.claim, ClaimId(claim_id))


def _granted(store: Store, principal: Principal, found: Claim, language: str, data: Mapping[str, Any]) -> Granted:
    form = read(data, GrantForm)
    (seen,) = store.read(seen_claims, principal, [found], language)
    try:
        quantity = base_units(form.quantity, seen.unit)
    except InvalidError as wrong:
        facts = {name: str(fact) for name, fact in wrong.facts.items()}
        said = str(wrong.facts.get("reason", wrong.message))
        raise FieldsError([Fault("quantity", wrong.code, said, facts)]) from wrong
    return Granted(found.id, State.PASSED_ON, quantity, form.reason)


def _page(request: Asked, store: Store, principal: Principal, language: str, form: Filled) -> Response[Any]:
    waiting: list[SeenClaim] = store.read(_waiting, principal, language)
    points = store.read(network.points_by_id, {PointId(one.claim.place_id) for one in waiting})
    typed = {one.claim.id: as_typed(one.claim.quantity, one.unit) for one in waiting}
    shown = {"waiting": waiting, "points": points, "typed": typed, "form": form, "zone": "UTC"}
    return page("plan/claims.html", request, status=form.status, **shown | WORDS)


def _waiting(tx: Transaction, principal: Principal, language: str) -> list[SeenClaim]:
    return seen_claims(tx, principal, queries.passed_on(tx, principal, MOST).items, language)
