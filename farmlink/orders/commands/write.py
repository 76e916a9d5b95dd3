"""Orders and lines as rows, many in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from farmlink.cycles.values import OpenCycle
from farmlink.orders.values import Order, OrderLine, OrderPlaced
from farmlink.store.bulk import Claim, Deed, announce_many, record_many
from farmlink.store.pipeline import Pipe, texts, uuids, wholes

INSERT_ORDERS = """
INSERT INTO consumer_order
  (id, cycle_id, consumer_id, place_id, at_home, currency, delivery_fee_minor, total_minor, placed_at,
   recipient_id, state, revision)
SELECT t.*, 'placed', 1 FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bool[], %s::text[],
  %s::bigint[], %s::bigint[], %s::timestamptz[], %s::uuid[]) t
"""
INSERT_LINES = """
INSERT INTO order_line (id, order_id, cycle_id, place_id, listing_id, product_id, grade, packs, quantity,
  weight_g, price_minor_per_1000, tax_ppm, total_minor, most_packs, shortage, substitutes, state)
SELECT id, order_id, cycle_id, place_id, listing_id, product_id, grade, packs, quantity,
  weight_g, price_minor_per_1000, tax_ppm, total_minor, most_packs, shortage, substitutes::uuid[], 'placed'
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[],
  %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[])
AS t(id, order_id, cycle_id, place_id, listing_id, product_id, grade, packs, quantity,
  weight_g, price_minor_per_1000, tax_ppm, total_minor, most_packs, shortage, substitutes)
"""


def write_orders(pipe: Pipe, placed: Mapping[Claim, tuple[Order, OpenCycle]]) -> None:
    """Write new orders with their lines, events and audit rows."""
    orders = [order for order, _ in placed.values()]
    pipe.write(
        INSERT_ORDERS,
        (
            uuids(order.id for order in orders),
            uuids(order.cycle_id for order in orders),
            uuids(order.consumer_id for order in orders),
            uuids(order.place_id for order in orders),
            texts(str(order.at_home) for order in orders),
            texts(order.currency for order in orders),
            wholes(order.delivery_fee_minor for order in orders),
            wholes(order.total_minor for order in orders),
            texts(order.placed_at.isoformat() for order in orders),
            uuids(order.recipient_id for order in orders),
        ),
    )
    write_lines(pipe, [(order, line) for order in orders for line in order.lines])
    announce_many(pipe, [_placed(order, cycle) for order, cycle in placed.values()])
    record_many(pipe, [Deed(claim[0], "order.place", order.id, {}) for claim, (order, _) in placed.items()])


def write_lines(pipe: Pipe, lines: Sequence[tuple[Order, OrderLine]]) -> None:
    """Write new lines of orders."""
    pipe.write(
        INSERT_LINES,
        (
            uuids(line.id for _, line in lines),
            uuids(order.id for order, _ in lines),
            uuids(order.cycle_id for order, _ in lines),
            uuids(order.place_id for order, _ in lines),
            uuids(line.listing_id for _, line in lines),
            uuids(line.product_id for _, line in lines),
            wholes(line.grade for _, line in lines),
            wholes(line.packs for _, line in lines),
            wholes(line.quantity for _, line in lines),
            wholes(line.weight_g for _, line in lines),
            wholes(line.price_minor_per_1000 for _, line in lines),
            wholes(line.tax_ppm for _, line in lines),
            wholes(line.total_minor for _, line in lines),
            wholes(line.most_packs for _, line in lines),
            texts(line.shortage for _, line in lines),
            texts(uuids(line.substitutes) for _, line in lines),
        ),
    )


def _placed(order: Order, cycle: OpenCycle) -> OrderPlaced:
    return OrderPlaced(
        order.id,
        order.cycle_id,
        order.consumer_id,
        order.place_id,
        cycle.hand_out_on,
        order.total_minor,
        order.currency,
    )
