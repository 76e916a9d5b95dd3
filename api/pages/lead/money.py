"""What a leader earned and holds: commission line by line, cash that goes to the hub, pay-outs, and where they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, AskedPage, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, read, refilled, taken_by
from api.pages.lead.points import shown_of
from api.pages.lead.whose import AtPoint, led_points, of_point
from api.pages.page import Asked, page
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.page import Page, Paging
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import Account, AccountKind, EntryKind, Movement
from farmlink.network.queries.leading import led
from farmlink.network.values import PointCard
from farmlink.orders.rules.codes import pick_up_code
from farmlink.people.values import Principal, Role
from farmlink.policy import queries as policy
from farmlink.settlement import commands, queries
from farmlink.settlement.values import BankDetails, StatementLine
from farmlink.store.transaction import Transaction

LEADERS: Final = role(Role.LEADER)
OF_POINT: Final = (AccountKind.COMMISSION,)
MOST: Final = 52
"""A year of weeks of pay-outs and of cash that was brought; the statement has them all."""
Given = Annotated[str, msgspec.Meta(max_length=70)] | None


@dataclass(frozen=True, slots=True)
class Earned:
    """A point's money; what is owed to it, what it holds for the hub, and how both came about."""

    at: AtPoint
    points: Sequence[PointCard]
    owed_minor: int
    cash_minor: int
    lines: Page[StatementLine]
    paid_out: Sequence[Movement]
    handed_over: Sequence[Movement]
    bank: BankDetails | None
    commission_ppm: int


class BankForm(msgspec.Struct, frozen=True):
    """An IBAN, or an account with its bank."""

    holder: Annotated[str, msgspec.Meta(max_length=70)]
    iban: Given = None
    bic: Given = None
    account: Given = None
    bank: Given = None


class MoneyPages(Controller):
    """A leader's money."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead"

    @get("/money", sync_to_thread=True)
    def first(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        paging: AskedPage,
        point: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show the money of one's point; of several, the one that is asked for."""
        points = store.read(led_points, principal)
        if not points:
            return page("lead/points.html", request, points=[])
        chosen = point or points[0].id
        return _page(request, store.read(_earned, principal, chosen, paging), blank())

    @post("/points/{point_id:uuid}/bank", opt=taken_by(LEADERS), sync_to_thread=True)
    def keep_bank(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Say where one is paid from now on."""
        earned = store.read(_earned, principal, point_id, Paging())
        try:
            form = read(data, BankForm)
            details = BankDetails(form.holder, form.iban, form.bic, form.account, form.bank)
            store.once(key_of(data), commands.keep_bank_details, earned.at.point.organisation_id, details)
        except RefusedError as refusal:
            return _page(request, earned, refilled(data, refusal, language))
        return Redirect(f"/lead/money?point={point_id}", status_code=303)


def _page(request: Asked, earned: Earned, form: Filled) -> Response[Any]:
    shown = {"earned": earned, "form": form, "code_of": pick_up_code} | shown_of(earned.at)
    return page("lead/money.html", request, status=form.status, **shown)


def _earned(tx: Transaction, principal: Principal, point_id: UUID, paging: Paging) -> Earned:
    point = led(tx, principal, point_id)
    at = of_point(tx, point)
    commission = Account(AccountKind.COMMISSION, point.id, at.currency)
    cash = Account(AccountKind.CASH, point.id, at.currency)
    return Earned(
        at=at,
        points=led_points(tx, principal),
        owed_minor=-ledger.balance(tx, commission),
        cash_minor=ledger.balance(tx, cash),
        lines=queries.statement(tx, point.id, OF_POINT, paging),
        paid_out=ledger.latest(tx, commission, EntryKind.PAY_OUT, MOST),
        handed_over=ledger.latest(tx, cash, EntryKind.HAND_OVER, MOST),
        bank=queries.bank_details(tx, [point.organisation_id]).get(point.organisation_id),
        commission_ppm=policy.current(tx).document.charges.leader_commission_ppm,
    )
