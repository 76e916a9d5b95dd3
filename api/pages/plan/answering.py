"""A farm called: its planner writes down what it said, and from whom they have it."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.language import language_of
from api.pages.farm.amounts import amount_in, placed, quantity_typed
from api.pages.farm.words import REASONS
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.page import Asked, page
from api.pages.plan.words import ANSWERED
from api.planners import require_cycle
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import BaseUnit, ProductCard
from farmlink.confirmations import commands, queries
from farmlink.confirmations.rules import PartNotInPacksError, PartOutOfRangeError
from farmlink.confirmations.values import Answer, DeclineReason, Reply, RequestId, RequestView
from farmlink.cycles import queries as cycles
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked, render
from farmlink.network import queries as network
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply

PLANNERS: Final = role(Role.PLANNER, Role.ADMIN)
AT: Final = {"quantity": ("amount", marked("How much of it")), "reason": ("reason", marked("Why"))}
BETWEEN: Final = marked("Write more than {floor} and less than {quantity}: {unit}.")
IN_PACKS: Final = marked("It leaves the farm in packs of {pack}; the nearest smaller part is {nearest}: {unit}.")
FITS: Final[dict[type[RefusedError], str]] = {PartOutOfRangeError: BETWEEN, PartNotInPacksError: IN_PACKS}
UNITS: Final = {BaseUnit.GRAM: marked("in kilograms"), BaseUnit.PIECE: marked("in pieces")}


class AnswerForm(msgspec.Struct, frozen=True):
    """Yes, a part or no, as the farm said it, and who said it."""

    reply: Reply
    amount: Annotated[str, msgspec.Meta(max_length=20)] = ""
    reason: DeclineReason | None = None
    heard_from: UUID | None = None

    def value(self, product: ProductCard) -> Answer:
        """The answer in base units."""
        if self.reply is not Reply.REDUCED:
            return Answer(self.reply, reason=None if self.reply is Reply.ACCEPTED else self.reason)
        return Answer(self.reply, amount_in("amount", self.amount, product), self.reason)


class AnsweringPages(Controller):
    """Answers on behalf of farms, for the planners of their cycles."""

    path = "/plan/answers/{request_id:uuid}"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def question(
        self, request: Asked, store: ActingStore, principal: Asking, request_id: FromPath[RequestId]
    ) -> Response[Any]:
        """Show what a farm is asked, and whom to call."""
        asked = store.read(queries.request_for, principal, request_id)
        require_cycle(store, principal, asked.cycle_id)
        return _shown(request, store, asked, blank())

    @post("", opt=taken_by(PLANNERS), sync_to_thread=True)
    def answer(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        request_id: FromPath[RequestId],
        data: Sent,
    ) -> Response[Any]:
        """Answer for a farm: it is told at once, and until the deadline its own answer takes this one's place."""
        asked = store.read(queries.request_for, principal, request_id)
        require_cycle(store, principal, asked.cycle_id)
        try:
            form = read(data, AnswerForm)
            product = store.read(_product, asked)
            heard_from = None if form.heard_from is None else PersonId(form.heard_from)
            said = (asked.id, form.value(product), principal.person_id, heard_from)
            store.once(key_of(data), commands.answer, *said)
        except RefusedError as refusal:
            placed_at = _at_field(refusal, store.read(_product, asked), language)
            return _shown(request, store, store.read(queries.request, request_id), refilled(data, placed_at, language))
        return Redirect(f"/plan/cycles/{asked.cycle_id}/answers", status_code=303)


def _shown(request: Asked, store: Store, asked: RequestView, form: Filled) -> Response[Any]:
    language = language_of(request)
    reasons = [(reason.value, render(words, language)) for reason, (words, _) in REASONS.items()]
    shown = store.read(_seen, asked)
    return page("plan/answering.html", request, status=form.status, form=form, reasons=reasons, **shown)


def _seen(tx: Transaction, asked: RequestView) -> dict[str, Any]:
    farm, cycle = network.farm(tx, asked.farm_id), cycles.cycle(tx, asked.cycle_id)
    farmers = people.contacts(tx, people.member_ids(tx, farm.organisation_id, Role.FARMER))
    return {
        "asked": asked,
        "farm": farm,
        "cycle": cycle,
        "zone": cycle.time_zone,
        "currency": cycle.currency,
        "product": _product(tx, asked),
        "callers": sorted(farmers.values(), key=lambda one: not one.phone),
        "heard": [(person_id, one.name) for person_id, one in farmers.items()],
        "ANSWERED": ANSWERED,
    }


def _product(tx: Transaction, asked: RequestView) -> ProductCard:
    return catalogue.product_card(tx, supply.lot(tx, asked.lot_id).product_id)


def _at_field(refusal: RefusedError, product: ProductCard, language: str) -> RefusedError:
    """A refusal at its field; of a part that does not fit in the unit in which it was typed."""
    message = FITS.get(type(refusal))
    if message is None:
        return placed(refusal, AT, language)
    facts = {name: quantity_typed(int(str(fact)), product) for name, fact in refusal.facts.items() if name != "field"}
    unit = render(UNITS[product.base_unit], language)
    return FieldsError([Fault("amount", refusal.code, message, facts | {"unit": unit})])
