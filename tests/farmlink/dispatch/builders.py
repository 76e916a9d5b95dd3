"""Goods on the way: a season whose farms have all said yes, and hands at hub and point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from farmlink.dispatch import commands, queries
from farmlink.dispatch.values import Flow, Handed, HandOutView, ReceiptView, Received
from farmlink.orders.values import Order
from farmlink.planning import queries as planning
from farmlink.planning.values import ShortfallView
from tests.farmlink.planning.builders import Season


def everything(view: ReceiptView) -> int:
    """All that was sent came in."""
    return view.allocated


class Goods(Season):
    """A season with its goods."""

    def receipts(self) -> list[ReceiptView]:
        return self.store.read(queries.receipts, self.cycle_id)

    def receive(self, counted: Callable[[ReceiptView], int] = everything) -> int:
        """Count in at the hub."""
        counts = [Received(view.allocation_id, counted(view)) for view in self.receipts()]
        return self.store.run(commands.receive, self.cycle_id, counts)

    def shortfalls(self) -> list[ShortfallView]:
        """What the published plan leaves unserved."""
        plan_id = self.store.read(planning.published_plan, self.cycle_id)
        assert plan_id is not None
        return self.store.read(planning.shortfalls, plan_id)

    def share(self) -> int:
        return self.store.run(commands.share, self.cycle_id)

    def hand_out(self, order: Order, handed: list[Handed] | None = None) -> None:
        self.store.run(commands.hand_out, order.id, handed)

    def hand_out_point(self, waiting: Sequence[Order] = ()) -> int:
        """Hand out a whole point, but for the orders that still wait."""
        still = [order.id for order in waiting]
        return self.store.run(commands.hand_out_point, self.cycle_id, self.market.point.id, still)

    def finish(self) -> bool:
        return self.store.run(commands.finish, self.cycle_id)

    def line(self, order: Order) -> HandOutView:
        """The one line of an order at its point."""
        (line,) = self.store.read(queries.hand_outs, order.id)
        return line

    def flow(self) -> Flow:
        return self.store.read(queries.flow, self.cycle_id)
