"""A point's orders of a cycle as its leader needs them: who gets what, how much of each product, what is to pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from farmlink.catalogue import queries as catalogue
from farmlink.cycles.values import CycleId
from farmlink.dispatch.queries.places import hand_outs_at
from farmlink.dispatch.values import HandOutView
from farmlink.kernel.locale import render
from farmlink.network.values import PlaceId, PointId
from farmlink.orders import queries as orders
from farmlink.orders.queries.neighbours import orders_at
from farmlink.orders.rules.codes import pick_up_code
from farmlink.orders.values import Order, OrderId, OrderLine, OrderLineId, OrderState, There
from farmlink.payments import queries as payments
from farmlink.payments.values import Payment
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.policy.rules.reasons import SENTENCES
from farmlink.policy.values.reasons import CutReason
from farmlink.store.transaction import Transaction

NOBODY = PersonId(UUID(int=0))
"""Who reads a sheet is neither giver nor recipient: of a gift they are told who collects it once it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """Goods of one order; `there` is what is due of them or was handed out, none before they are shared out.

    `came` is what was due of them, whatever became of it.
    """

    line_id: OrderLineId
    name: str
    family: str
    unit: str
    packs: int
    ordered: int
    there: int | None
    came: int | None
    why: str
    end_why: str

    @property
    def pack(self) -> int:
        """Base units of one pack."""
        return self.ordered // self.packs

    @property
    def short(self) -> int:
        """What is missing of what was ordered."""
        return 0 if self.there is None else self.ordered - self.there


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One neighbour's order."""

    order: Order
    code: str
    who: str
    gift_from: str
    phone: str | None
    lines: tuple[SheetLine, ...]
    due_minor: int | None
    ended_at: datetime | None
    payment: Payment | None

    @property
    def waits(self) -> bool:
        """Tell whether something is there for them that they have not fetched."""
        return self.due_minor is not None and self.ended_at is None and not self.nothing_came

    @property
    def nothing_came(self) -> bool:
        """Tell whether there is nothing to fetch: of none of their goods anything came."""
        return bool(self.lines) and all(line.came == 0 for line in self.lines)

    @property
    def owes(self) -> int:
        """What is still to be paid at the point, now that the final price is known."""
        return self.payment.due_minor if self.payment else 0

    @property
    def came_for_it(self) -> bool:
        """Tell whether they were handed anything."""
        return self.ended_at is not None and any(line.there for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSum:
    """How much of one pack is for a point."""

    name: str
    family: str
    unit: str
    packs: int
    ordered: int
    there: int | None
    neighbours: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A point's orders, by name, and what they come to product by product."""

    slips: Sequence[Slip]
    sums: Sequence[ProductSum]
    shared: bool

    @property
    def waiting(self) -> list[Slip]:
        """Who has not fetched anything yet."""
        return [slip for slip in self.slips if slip.waits]

    @property
    def total_minor(self) -> int:
        """What the orders come to at the prices they were ordered at."""
        return sum(slip.order.total_minor for slip in self.slips)


def sheet(tx: Transaction, cycle_id: CycleId, point_id: PointId, language: str) -> Sheet:
    """Read a point's orders, in the reader's language."""
    ends = hand_outs_at(tx, cycle_id, PlaceId(point_id))
    found = orders_at(tx, cycle_id, point_id)
    slips = _slips(tx, found, ends, language)
    return Sheet(slips, _sums(slips), bool(ends))


def one_slip(tx: Transaction, order: Order, point_id: PointId, language: str) -> Slip:
    """Read one order of a point."""
    ends = hand_outs_at(tx, order.cycle_id, PlaceId(point_id))
    return _slips(tx, [order], ends, language)[0]


def _slips(
    tx: Transaction, found: Sequence[Order], ends: Mapping[OrderId, Sequence[HandOutView]], language: str
) -> list[Slip]:
    names_of = people.names(tx, [one.consumer_id for one in found])
    lines = [line for one in found for line in one.lines if line.state is OrderState.PLACED]
    names = orders.line_names(tx, lines, language)
    products = catalogue.products_by_id(tx, {line.product_id for line in lines})
    paying = payments.payments(tx, [one.id for one in found])

    def line_of(line: OrderLine, end: HandOutView | None) -> SheetLine:
        product = products[line.product_id]
        reached = None if end is None else (end.due if end.handed_out is None else end.handed_out)
        return SheetLine(
            line_id=line.id,
            name=names[line.id],
            family=product.family,
            unit=product.base_unit.value,
            packs=line.packs,
            ordered=line.quantity,
            there=reached,
            came=end.due if end else None,
            why=_why(end.reason if end else None, language),
            end_why=_why(end.end_reason if end else None, language),
        )

    def slip_of(order: Order) -> Slip:
        of_order = {end.line_id: end for end in ends.get(order.id, ())}
        there = There.of((end.line_id, end.due, end.handed_out) for end in of_order.values())
        collector, orderer = orders.recipient(tx, order, there, NOBODY), names_of.get(order.consumer_id, "")
        standing = [line for line in order.lines if line.state is OrderState.PLACED]
        is_over, ended = there is not None and there.ended, [one.ended_at for one in of_order.values() if one.ended_at]
        return Slip(
            order=order,
            code=pick_up_code(order.id),
            who=collector.name if collector else orderer,
            gift_from=orderer if collector else "",
            phone=collector.phone if collector and not is_over else None,
            lines=tuple(line_of(line, of_order.get(line.id)) for line in standing),
            due_minor=orders.seen(order, there).due_minor,
            ended_at=max(ended, default=None) if is_over else None,
            payment=paying.get(order.id),
        )

    return sorted(map(slip_of, found), key=lambda slip: (slip.who.casefold(), slip.code))


def _why(reason: str | None, language: str) -> str:
    return "" if reason is None else render(SENTENCES[CutReason(reason)], language)


def _sums(slips: Iterable[Slip]) -> list[ProductSum]:
    lines = [line for slip in slips for line in slip.lines]
    found = []
    for name in sorted({line.name for line in lines}):
        of_name = [line for line in lines if line.name == name]
        shared = any(line.there is not None for line in of_name)
        found.append(
            ProductSum(
                name=name,
                family=of_name[0].family,
                unit=of_name[0].unit,
                packs=sum(line.packs for line in of_name),
                ordered=sum(line.ordered for line in of_name),
                there=sum(line.there or 0 for line in of_name) if shared else None,
                neighbours=len(of_name),
            )
        )
    return found
