"""Claims: made by who was handed it, answered by the point's leader first and then by the hub's planners."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey
from api.guards import OPT, held_by, open_to, role, signed_in
from api.pictures import LARGEST_BODY, shown
from api.shapes import Positive
from farmlink.claims import commands, queries
from farmlink.claims.rules import LONGEST, MOST_PICTURES
from farmlink.claims.values import Claim, Claimable, ClaimId, Granted, Kind, NewClaim, State, Trail
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, part
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import Role
from farmlink.settlement import commands as settlement
from farmlink.settlement.values import CreditNote
from farmlink.store import pictures
from farmlink.store.pictures import PictureId

ANSWERING = (Role.LEADER, Role.PLANNER, Role.ADMIN)
Words = Annotated[str, msgspec.Meta(max_length=LONGEST, examples=["Six bags were squashed."])]
SomeWords = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST, examples=["Four of them were whole."])]


class ClaimBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What was not right with a part of a line, in base units; photos are JPEG, PNG or WebP, as base64."""

    line_id: OrderLineId
    kind: Kind
    quantity: Positive
    note: Words = ""
    photos: Annotated[list[bytes], msgspec.Meta(max_length=MOST_PICTURES)] = []


class GrantedBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which part of a claim is accepted: all of it unless a planner says otherwise, and why."""

    quantity: Positive | None = None
    reason: Words = ""


class WordBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the leader knows of it."""

    word: SomeWords


class ReasonBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why not."""

    reason: SomeWords


class OrderClaimController(Controller):
    """Claims about an order, for who ordered it or collects it as a gift."""

    path = "/orders/{order_id:uuid}/claims"
    tags = ("claims",)
    opt = open_to(signed_in)

    @get("", sync_to_thread=True)
    def claims(
        self, store: ActingStore, principal: Asking, paging: AskedPage, order_id: FromPath[OrderId]
    ) -> Page[Claim]:
        """What was claimed about an order, and what became of it."""
        store.read(queries.require_claimant, principal, order_id)
        return part(store.read(queries.claims_of, order_id), paging, lambda one: one.id)

    @get("/lines", sync_to_thread=True)
    def lines(
        self, store: ActingStore, principal: Asking, paging: AskedPage, order_id: FromPath[OrderId]
    ) -> Page[Claimable]:
        """What of each line that was handed out can still be claimed, and until when."""
        store.read(queries.require_claimant, principal, order_id)
        found = store.read(queries.claimable_lines, order_id)
        return part(sorted(found.values(), key=lambda one: one.line_id), paging, lambda one: one.line_id)

    @post("", request_max_body_size=LARGEST_BODY, sync_to_thread=True)
    def claim(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        order_id: FromPath[OrderId],
        data: JSONBody[ClaimBody],
    ) -> Claim:
        """Claim a part of what was handed out, within the time that the cycle's policy grants."""
        store.read(queries.require_claimant, principal, order_id)
        wanted = NewClaim(
            order_id=order_id,
            line_id=data.line_id,
            kind=data.kind,
            quantity=data.quantity,
            note=data.note,
            pictures=tuple(pictures.seen(data.photos, MOST_PICTURES)),
        )
        return store.read(queries.claim, store.once(key, commands.make, wanted, principal.person_id))


class PointClaimController(Controller):
    """Claims about what a point handed out, for its leader."""

    path = "/points/{point_id:uuid}/claims"
    tags = ("claims",)
    opt = held_by(Role.LEADER)

    @get("", sync_to_thread=True)
    def claims(
        self,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        point_id: FromPath[PointId],
        wanted: Annotated[State | None, QueryParameter(name="state")] = None,
    ) -> Page[Claim]:
        """What was claimed of what was handed out here; those in one state, or all."""
        if store.read(network.point, point_id).organisation_id not in principal.organisations(Role.LEADER):
            raise MissingError(noun="point", id=point_id)
        return store.read(queries.claims_at, point_id, paging, wanted)


class ClaimController(Controller):
    """One claim for whom it concerns, and what waits for the hub's planners."""

    path = "/claims"
    tags = ("claims",)
    opt = held_by(*ANSWERING)

    @get("", opt={OPT: role(Role.PLANNER, Role.ADMIN)}, sync_to_thread=True)
    def passed_on(self, store: ActingStore, principal: Asking, paging: AskedPage) -> Page[Claim]:
        """Claims about one's own cycles that leaders passed on, by a word or by silence."""
        return store.read(queries.passed_on, principal, paging)

    @get("/{claim_id:uuid}", opt={OPT: signed_in}, sync_to_thread=True)
    def claim(self, store: ActingStore, principal: Asking, claim_id: FromPath[ClaimId]) -> Claim:
        """One claim."""
        return store.read(queries.claim_for, principal, claim_id)

    @get("/{claim_id:uuid}/trail", sync_to_thread=True)
    def trail(self, store: ActingStore, principal: Asking, claim_id: FromPath[ClaimId]) -> Trail:
        """What was counted of these goods on their way, for who answers: by it the blame is reckoned."""
        store.read(queries.answers_as, principal, claim_id)
        return store.read(queries.trail, store.read(queries.claim, claim_id))

    @get("/{claim_id:uuid}/pictures/{picture_id:uuid}", opt={OPT: signed_in}, sync_to_thread=True)
    def picture(
        self, store: ActingStore, principal: Asking, claim_id: FromPath[ClaimId], picture_id: FromPath[PictureId]
    ) -> Response[bytes]:
        """A photo of what is claimed, for whom the claim concerns."""
        return shown(store.read(queries.picture_for, principal, claim_id, picture_id))

    @post("/{claim_id:uuid}/accept", sync_to_thread=True)
    def accept(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        claim_id: FromPath[ClaimId],
        data: JSONBody[GrantedBody],
    ) -> CreditNote:
        """Accept a claim: what it is of is given back; a leader all of it, a planner also a part with a reason."""
        seen = store.read(queries.answers_as, principal, claim_id)
        quantity = store.read(queries.claim, claim_id).quantity if data.quantity is None else data.quantity
        return store.once(key, settlement.accept_claim, Granted(claim_id, seen, quantity, data.reason))

    @post("/{claim_id:uuid}/pass-on", opt={OPT: role(Role.LEADER)}, status_code=200, sync_to_thread=True)
    def pass_on(
        self, store: ActingStore, principal: Asking, key: OnceKey, claim_id: FromPath[ClaimId], data: JSONBody[WordBody]
    ) -> Claim:
        """Leave a claim to the hub's planners, with what one knows of it."""
        store.read(queries.require_answering, principal, claim_id, State.OPEN)
        store.once(key, commands.pass_on, claim_id, data.word)
        return store.read(queries.claim, claim_id)

    @post("/{claim_id:uuid}/decline", opt={OPT: role(Role.PLANNER, Role.ADMIN)}, status_code=200, sync_to_thread=True)
    def decline(
        self,
        store: ActingStore,
        principal: Asking,
        key: OnceKey,
        claim_id: FromPath[ClaimId],
        data: JSONBody[ReasonBody],
    ) -> Claim:
        """Decline a claim that was passed on, and say why."""
        store.read(queries.require_answering, principal, claim_id, State.PASSED_ON)
        store.once(key, commands.decline, claim_id, data.reason)
        return store.read(queries.claim, claim_id)


controllers = [OrderClaimController, PointClaimController, ClaimController]
