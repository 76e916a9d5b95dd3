"""What the cut-off made of an order where only whole cases are bought: told to its consumer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.kernel.locale import marked
from farmlink.notify import rules
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind
from farmlink.orders import queries as orders
from farmlink.orders.values import CancelReason, OrderId, Shortage
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

FILLED: Final = marked("Of some of it you get more, as you said was welcome, because that fills a case.")
CUT: Final[Mapping[CancelReason, str]] = {
    CancelReason.CASE_NOT_FULL: marked(
        "Of some of it you get less: only whole cases are bought, and the last one was not full."
        " What was ordered of whole cases was shared by the published rules."
    ),
    CancelReason.NOT_ENOUGH: marked(
        "Of some of it you get less: there was not enough for everybody, so it was shared by the published rules."
    ),
}
INSTEAD: Final = marked("Where you named something that may come instead, you get what was left of it.")
SUBJECT: Final = marked("Your order for {day}: some of it changed at the cut-off")


def say_orders_adjusted(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Say what an order has more or less of since the cut-off: once, however often it was changed there."""
    told = [(one.event.order_id, one.event.consumer_id, one.event.order_id) for one in announced]
    tell_many(tx, Kind.ORDER_ADJUSTED, told)


def write_order_adjusted(tx: Transaction, order_id: OrderId, language: str, stands: str) -> tuple[str, str]:
    """Write why an order is not what was ordered, and what stands."""
    found = orders.order(tx, order_id)
    cycle = cycles.cycle(tx, found.cycle_id)
    why = [FILLED] if any(line.packs > (line.wanted_packs or line.packs) for line in found.lines) else []
    why += [said for reason, said in CUT.items() if any(line.reason is reason for line in found.lines)]
    cased = [line.shortage for line in found.lines if line.reason is CancelReason.CASE_NOT_FULL]
    why += [INSTEAD] if Shortage.SWAP in cased else []
    facts = {"day": cycle.hand_out_on, "confirmation": stands.rstrip()}
    return rules.write((SUBJECT, *why, "{confirmation}"), language, facts, cycle.time_zone)
