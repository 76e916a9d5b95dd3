"""A leader's points: how the week stands there, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by
from api.pages.lead.called_off import called_off_here, lately_called_off
from api.pages.lead.sheet import Sheet, sheet
from api.pages.lead.whose import AtPoint, at_point, led_points, of_point
from api.pages.page import Asked, page
from api.pages.words import WHY_CANCELLED
from farmlink.claims import queries as claims
from farmlink.claims.values import State
from farmlink.cycles.values import Cycle, Stage
from farmlink.demand import queries as demand
from farmlink.demand.values import Progress
from farmlink.kernel.page import Paging
from farmlink.orders.queries.neighbours import orders_at, sold_at
from farmlink.orders.values.roll import Sold
from farmlink.payments import queries as payments
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction

MOST_CLAIMS: Final = Paging(100)
NOTHING: Final = Sold(0, 0)


@dataclass(frozen=True, slots=True)
class Owing:
    """What is still to be paid at a point for a cycle that is done."""

    cycle: Cycle
    neighbours: int
    minor: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What is sold at a point in its cycle, and what was in the one before."""

    before: Cycle
    now: Sold
    then: Sold


@dataclass(frozen=True, slots=True)
class PointNow:
    """How a point stands: its cycle's orders, how far the cycle has come, and what its leader does next."""

    at: AtPoint
    sheet: Sheet | None = None
    progress: Progress | None = None
    owing: tuple[Owing, ...] = ()
    claims: int = 0
    sold: Compared | None = None
    called_off: tuple[Cycle, ...] = ()

    @property
    def next(self) -> str:
        """What to do next, by name."""
        if self.at.cycle is None or self.sheet is None:
            return "wait-for-cycle"
        stage = self.at.cycle.stage
        if stage is Stage.OPEN:
            return "gather"
        if self.sheet.waiting:
            return "hand-out"
        if stage is Stage.DONE:
            return "collect" if any(slip.owes for slip in self.sheet.slips) else "done"
        if self.sheet.shared:
            return "handed-out"
        return "expect" if stage in {Stage.CONFIRMED, Stage.MOVING} else "planned"


class PointPages(Controller):
    """How one's points stand."""

    opt = held_by(Role.LEADER)
    include_in_schema = False

    @get("/lead", sync_to_thread=True)
    def points(self, request: Asked, store: ActingStore, principal: Asking, language: Language) -> Response[Any]:
        """Show one's only point at once, or let choose among several."""
        found = store.read(_all, principal, language)
        if len(found) == 1:
            return _point(request, found[0])
        return page("lead/points.html", request, points=found)

    @get("/lead/points/{point_id:uuid}", sync_to_thread=True)
    def point(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show how a point stands, or why a cycle of its was cancelled."""
        if off := store.read(called_off_here, principal, point_id, cycle):
            return page("lead/called_off.html", request, off=off, WHY=WHY_CANCELLED, **shown_of(off.at))
        return _point(request, store.read(_one, principal, point_id, cycle, language))


def _point(request: Asked, now: PointNow) -> Response[Any]:
    return page("lead/point.html", request, now=now, **shown_of(now.at))


def shown_of(at: AtPoint) -> dict[str, Any]:
    """What every page of a point needs."""
    return {"point": at.point, "at": at, "cycle": at.cycle, "zone": at.zone, "currency": at.currency}


def _all(tx: Transaction, principal: Principal, language: str) -> list[PointNow]:
    return [_now(tx, of_point(tx, point), language) for point in led_points(tx, principal)]


def _one(tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None, language: str) -> PointNow:
    return _now(tx, at_point(tx, principal, point_id, cycle_id), language)


def _now(tx: Transaction, at: AtPoint, language: str) -> PointNow:
    waiting = len(claims.claims_at(tx, at.point.id, MOST_CLAIMS, State.OPEN).items)
    off = tuple(one for one in lately_called_off(tx, at.point) if one.hand_out_on >= tx.now.date())
    if at.cycle is None:
        return PointNow(at, claims=waiting, called_off=off)
    past = [one for one in at.cycles if one.stage is Stage.DONE and one.id != at.cycle.id]
    owing = tuple(found for found in (_owing(tx, at, one) for one in past) if found.minor)
    progress, sold = demand.progress(tx, at.cycle.id), _compared(tx, at, at.cycle)
    return PointNow(at, sheet(tx, at.cycle.id, at.point.id, language), progress, owing, waiting, sold, off)


def _compared(tx: Transaction, at: AtPoint, cycle: Cycle) -> Compared | None:
    """What is sold at the point in a cycle and in the one before, if there was one in the last weeks."""
    earlier = [one for one in at.cycles if (one.hand_out_on, one.closes_at) < (cycle.hand_out_on, cycle.closes_at)]
    if not earlier:
        return None
    before = earlier[-1]
    sold = sold_at(tx, [cycle.id, before.id], at.point.id)
    return Compared(before, sold.get(cycle.id, NOTHING), sold.get(before.id, NOTHING))


def _owing(tx: Transaction, at: AtPoint, cycle: Cycle) -> Owing:
    """What is still due at the point for the orders of one cycle."""
    found = payments.payments(tx, [one.id for one in orders_at(tx, cycle.id, at.point.id)]).values()
    due = [payment.due_minor for payment in found if payment.due_minor]
    return Owing(cycle, len(due), sum(due))
