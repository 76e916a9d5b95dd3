"""Changing and cancelling an order until the cut-off. Lock order as for placing, the order after its consumer."""

from __future__ import annotations

from collections.abc import Mapping

from farmlink.cycles import commands as cycles
from farmlink.cycles.rules import fee_of, minimum_of, refuse_space
from farmlink.cycles.values import CycleId, ListingId, Load, Offered, OpenCycle
from farmlink.kernel.errors import StaleError
from farmlink.orders.commands.lines import ordered_line
from farmlink.orders.commands.write import write_lines
from farmlink.orders.queries import lines_of, order_value
from farmlink.orders.rules import (
    OrderCancelledError,
    gather,
    load_of,
    loads_moved,
    most_of,
    named_listings,
    refuse_brought_gift,
    refuse_small,
    refuse_stock,
    total_of,
)
from farmlink.orders.tables import ConsumerOrder
from farmlink.orders.values import (
    Amendment,
    CancelReason,
    Order,
    OrderAmended,
    OrderCancelled,
    OrderId,
    OrderLine,
    OrderState,
    WantedLine,
)
from farmlink.payments import commands as payments
from farmlink.store.locks import exclude
from farmlink.store.pipeline import pipeline
from farmlink.store.transaction import Transaction


def amend(tx: Transaction, amendment: Amendment) -> Order:
    """Make an order what the amendment says; what it gives back is there for everybody at once."""
    cycle, row, order = _hold(tx, amendment.order_id)
    if row.state == OrderState.CANCELLED:
        raise OrderCancelledError(order_id=order.id)
    if row.revision != amendment.revision:
        raise StaleError
    before_at, after_at = (cycle.id, order.place_id), (cycle.id, amendment.place_id)
    spaces = cycles.spaces(tx, {before_at, after_at})
    space = spaces.get(after_at)
    if after_at != before_at and (space is None or space.at_home):
        space = cycles.admit(tx, cycle, space, after_at, order.consumer_id)
    assert space is not None, "where an order goes to is a place of its cycle; the database checks it"
    wanted = gather(amendment.lines)
    before = {line.listing_id: line for line in order.lines}
    offered = cycles.offers(tx, [*named_listings(wanted.values()), *before])
    change = {listing_id: -line.quantity for listing_id, line in before.items()}
    lines = _lines(cycle, wanted, before, offered, at_home=space.at_home)
    for line in lines:
        change[line.listing_id] = change.get(line.listing_id, 0) + line.quantity
    loads = loads_moved((before_at, load_of(order.lines)), (after_at, load_of(lines)))
    refusal = refuse_space(space, loads[after_at], cycle.hand_out_on)
    refusal = refusal or refuse_brought_gift(order.recipient_id, at_home=space.at_home)
    if refusal:
        raise refusal
    cycles.reserve(tx, offered, change)
    cycles.occupy(tx, loads)
    row.place_id, row.at_home = amendment.place_id, space.at_home
    row.delivery_fee_minor = fee_of(cycle, at_home=space.at_home)
    row.total_minor = total_of(lines, row.delivery_fee_minor)
    row.amended_at, row.revision = cycle.judged_at, row.revision + 1
    tx.execute("DELETE FROM order_line WHERE order_id = :id", {"id": row.id})
    tx.session.flush()
    amended = order_value(row, lines)
    with pipeline(tx) as pipe:
        write_lines(pipe, [(amended, line) for line in lines])
    payments.follow(tx, amended.id, most_of(amended))
    tx.announce(OrderAmended(amended.id, amended.cycle_id, amended.consumer_id, amended.total_minor))
    tx.record("order.amend", row.id, revision=row.revision)
    return amended


def cancel(tx: Transaction, order_id: OrderId, reason: CancelReason = CancelReason.CONSUMER) -> Order:
    """Cancel an order before the cut-off; all that it held is there for everybody at once. Twice changes nothing."""
    gone = tx.get(ConsumerOrder, order_id)
    if gone.state == OrderState.CANCELLED:
        return order_value(gone, lines_of(tx, [order_id])[order_id])
    cycle, row, order = _hold(tx, order_id, even_paused=True)
    if row.state == OrderState.CANCELLED:  # by another device meanwhile
        return order
    place, load = (cycle.id, order.place_id), load_of(order.lines)
    cycles.spaces(tx, [place])
    offered = cycles.offers(tx, [line.listing_id for line in order.lines])
    cycles.reserve(tx, offered, {line.listing_id: -line.quantity for line in order.lines})
    cycles.occupy(tx, {place: Load(-load.orders, -load.weight_g)})
    row.state, row.reason, row.revision = OrderState.CANCELLED.value, reason.value, row.revision + 1
    tx.execute(
        "UPDATE order_line SET state = 'cancelled', reason = :reason WHERE order_id = :id",
        {"id": order_id, "reason": reason.value},
    )
    payments.release_many(tx, [order_id])
    tx.announce(OrderCancelled(order_id, order.cycle_id, order.consumer_id, reason))
    tx.record("order.cancel", order_id, reason=reason.value)
    tx.session.flush()
    return order_value(row, lines_of(tx, [order_id])[order_id])


def _hold(tx: Transaction, order_id: OrderId, *, even_paused: bool = False) -> tuple[OpenCycle, ConsumerOrder, Order]:
    """Hold the cycle open, then its consumer, then the order as it stands now."""
    found = tx.get(ConsumerOrder, order_id)
    cycle = cycles.hold_open(tx, CycleId(found.cycle_id), even_paused=even_paused)
    exclude(tx, found.consumer_id)
    row = tx.lock(ConsumerOrder, order_id)
    return cycle, row, order_value(row, lines_of(tx, [order_id])[order_id])


def _lines(
    cycle: OpenCycle,
    wanted: Mapping[ListingId, WantedLine],
    before: Mapping[ListingId, OrderLine],
    offered: Mapping[ListingId, Offered],
    *,
    at_home: bool,
) -> tuple[OrderLine, ...]:
    """The lines that an order shall have; what it holds already counts as left for it."""
    left = {offer.stock_id: offer.left for offer in offered.values()}
    for listing_id, line in before.items():
        left[offered[listing_id].stock_id] += line.quantity
    refusal = refuse_stock(cycle.id, wanted, offered, left)
    if refusal:
        raise refusal
    lines = tuple(
        ordered_line(offered[listing_id], line, before.get(listing_id)) for listing_id, line in wanted.items()
    )
    refusal = refuse_small(total_of(lines, 0), minimum_of(cycle, at_home=at_home), cycle.currency)
    if refusal:
        raise refusal
    return lines
