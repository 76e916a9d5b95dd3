"""Saying what was not right with what one took home, with photos of it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, signed_in
from api.pages.claimed import WORDS
from api.pages.forms import Filled, SentWithFiles, blank, key_of, read, refilled, taken_with_files_by
from api.pages.lead.typed import as_typed, base_units
from api.pages.page import Asked, page
from api.pages.shop.followed import FollowedLine, follow
from api.pictures import LARGEST_BODY, sent
from farmlink.catalogue.rules import amount
from farmlink.claims import commands
from farmlink.claims.rules import MOST_PICTURES, MoreThanHandedOutError
from farmlink.claims.values import Kind, NewClaim
from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.orders.values import OrderId
from farmlink.people.values import Principal
from farmlink.store import pictures
from farmlink.store.store import Store

UNCHOSEN: Final = {"kind": ""}
"""A choice that nobody made is not sent; what is wrong with it still stands beside it."""
AT_MOST: Final = marked("At most {left} of it can still be claimed.")


class ClaimForm(msgspec.Struct, frozen=True):
    """What was not right, and with how much of it."""

    kind: Kind
    quantity: str
    note: str = ""


class ClaimPages(Controller):
    """A claim about one line of an order of one's own; others' do not exist."""

    path = "/orders/{order_id:uuid}/lines/{line_id:uuid}/claim"
    opt = open_to(signed_in)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def show(
        self, request: Asked, store: ActingStore, principal: Asking, order_id: FromPath[UUID], line_id: FromPath[UUID]
    ) -> Response[Any]:
        """Ask what was not right."""
        return _form(request, store, principal, (order_id, line_id), blank())

    @post("", opt=taken_with_files_by(signed_in), request_max_body_size=LARGEST_BODY, sync_to_thread=True)
    def claim(  # what a form needs
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        order_id: FromPath[UUID],
        line_id: FromPath[UUID],
        data: SentWithFiles,
    ) -> Response[Any]:
        """Claim it."""
        one = _line(store, principal, order_id, line_id)
        try:
            store.once(key_of(data), commands.make, _read(order_id, one, data), principal.person_id)
        except MoreThanHandedOutError as refusal:
            return _form(request, store, principal, (order_id, line_id), _too_much(one, data, refusal, language))
        except RefusedError as refusal:
            return _form(request, store, principal, (order_id, line_id), refilled(UNCHOSEN | data, refusal, language))
        return Redirect(f"/orders/{order_id}#claims", status_code=303)


def _read(order_id: UUID, one: FollowedLine, data: dict[str, Any]) -> NewClaim:
    form = read(data, ClaimForm)
    try:
        quantity = base_units(form.quantity, one.product.base_unit.value)
    except InvalidError as wrong:
        said = str(wrong.facts.get("reason", wrong.message))
        facts = {name: str(fact) for name, fact in wrong.facts.items()}
        raise FieldsError([Fault("quantity", wrong.code, said, facts)]) from wrong
    return NewClaim(
        order_id=OrderId(order_id),
        line_id=one.line.id,
        kind=form.kind,
        quantity=quantity,
        note=form.note,
        pictures=tuple(pictures.seen(sent(data, "photos"), MOST_PICTURES)),
    )


def _too_much(one: FollowedLine, data: dict[str, Any], refusal: MoreThanHandedOutError, language: str) -> Filled:
    """The refusal with what is left as it was ordered: by weight or by the piece."""
    left = amount(int(str(refusal.facts["left"])), one.product.base_unit, language)
    return refilled(data, FieldsError([Fault("quantity", refusal.code, AT_MOST, {"left": left})]), language)


def _line(store: Store, principal: Principal, order_id: UUID, line_id: UUID) -> FollowedLine:
    seen = store.read(follow, OrderId(order_id), principal.person_id)
    found = next((one for one in seen.lines if one.line.id == line_id), None)
    if found is None:
        raise MissingError(noun="order line", id=line_id)
    return found


def _form(request: Asked, store: Store, principal: Principal, ids: tuple[UUID, UUID], form: Filled) -> Response[Any]:
    one, seen = _line(store, principal, *ids), store.read(follow, OrderId(ids[0]), principal.person_id)
    left = one.claimable.left if one.claimable else 0
    return page(
        "shop/claim.html",
        request,
        status=form.status,
        form=form,
        one=one,
        order=seen.order,
        left_typed=as_typed(left, one.product.base_unit.value),
        most_pictures=MOST_PICTURES,
        zone=seen.cycle.time_zone,
        **WORDS,
    )
