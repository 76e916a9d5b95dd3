"""A cycle of a point that was cancelled: why, and which neighbours counted on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from api.pages.lead.whose import LOOKED_BACK, AtPoint
from farmlink.cycles.queries.overview import called_off_at as cycles_called_off_at
from farmlink.cycles.values import Cycle
from farmlink.network import queries as network
from farmlink.network.queries.leading import led
from farmlink.network.values import PointCard
from farmlink.orders.queries.concerned import called_off
from farmlink.orders.queries.neighbours import called_off_at
from farmlink.orders.rules.codes import pick_up_code
from farmlink.orders.values import CancelReason, Order
from farmlink.people import queries as people
from farmlink.people.values import Principal
from farmlink.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Waited:
    """A neighbour who had ordered; who has no address of their own can only hear it from the leader."""

    who: str
    code: str
    order: Order
    is_told: bool


@dataclass(frozen=True, slots=True)
class CalledOffHere:
    """A cancelled cycle as its leader sees it."""

    at: AtPoint
    reasons: tuple[CancelReason, ...]
    neighbours: Sequence[Waited]

    @property
    def total_minor(self) -> int:
        """What had been ordered at the point."""
        return sum(one.order.total_minor for one in self.neighbours)


def lately_called_off(tx: Transaction, point: PointCard) -> list[Cycle]:
    """Cycles of a point that were cancelled, of the last weeks and those to come."""
    return cycles_called_off_at(tx, point.id, (tx.now - LOOKED_BACK).date())


def called_off_here(
    tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None
) -> CalledOffHere | None:
    """The cycle that is asked for, if it was cancelled."""
    point = led(tx, principal, point_id)
    off = [] if cycle_id is None else lately_called_off(tx, point)
    cycle = next((one for one in off if one.id == cycle_id), None)
    if cycle is None:
        return None
    found = called_off_at(tx, cycle.id, point.id)
    known = people.contacts(tx, [one.consumer_id for one in found])
    neighbours = [
        Waited(who.name, pick_up_code(one.id), one, is_told=bool(who.email))
        for one, who in ((one, known[one.consumer_id]) for one in found)
    ]
    region = network.region(tx, point.region_id)
    reasons = tuple(one.reason for one in called_off(tx, cycle.id)) or (CancelReason.NO_ORDERS,)
    at = AtPoint(point, off, cycle, cycle.time_zone, region.currency)
    return CalledOffHere(at, reasons, sorted(neighbours, key=lambda one: one.who.casefold()))
