"""One's orders in a list: what each comes to, and whether anything of it comes at all."""

from __future__ import annotations

from dataclasses import dataclass

from api.due import there
from api.pages.shop.own import EVERYTHING
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.dispatch import queries as dispatch
from farmlink.kernel.page import Page, Paging, part
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import Order, OrderState, SeenOrder
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Listed:
    """An order in a list, with its cycle and where it is handed out; no point is home."""

    order: SeenOrder
    cycle: Cycle
    point: str | None
    comes: bool


def listed(tx: Transaction, reader: PersonId, paging: Paging) -> Page[Listed]:
    """One's orders, the newest first."""
    found = orders.orders(tx, EVERYTHING, consumer_id=reader).items
    shown = part(found[::-1], paging, lambda one: one.id)
    running = {one.cycle_id: cycles.cycle(tx, one.cycle_id) for one in shown.items}
    points = network.points_by_id(tx, {PointId(one.place_id) for one in shown.items if not one.at_home})
    rows = [
        Listed(
            orders.seen(one, there(tx, one.id)),
            running[one.cycle_id],
            None if one.at_home else points[PointId(one.place_id)].name,
            _comes(tx, one),
        )
        for one in shown.items
    ]
    return Page(rows, shown.next)


def _comes(tx: Transaction, order: Order) -> bool:
    """Whether anything of an order comes, as far as is known: what is due of it, else what was foretold."""
    ends = dispatch.hand_outs(tx, order.id)
    if ends:
        return any(one.due for one in ends)
    said = dispatch.foretold(tx, order.id)
    standing = sum(line.state is OrderState.PLACED for line in order.lines)
    return said is None or len(said.lines) < standing or any(one.foreseen for one in said.lines)
