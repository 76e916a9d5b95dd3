"""What is due of everybody's order at one place, and what was handed out there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.dispatch.tables import HandOut
from farmlink.dispatch.values import HandOutView
from farmlink.network.values import PlaceId
from farmlink.orders.values import OrderId
from farmlink.store.transaction import Transaction

NAMES = [field.name for field in fields(HandOutView)]


def hand_outs_at(tx: Transaction, cycle_id: CycleId, place_id: PlaceId) -> dict[OrderId, list[HandOutView]]:
    """The lines of a cycle at a place by order, each order's by line; nothing before the goods are shared out."""
    chosen = select(HandOut).where(HandOut.cycle_id == cycle_id, HandOut.place_id == place_id)
    found: dict[OrderId, list[HandOutView]] = defaultdict(list)
    for row in tx.session.exec(chosen.order_by(col(HandOut.order_id), col(HandOut.line_id))):
        found[OrderId(row.order_id)].append(HandOutView(**{name: getattr(row, name) for name in NAMES}))
    return dict(found)


def places_of(tx: Transaction, cycle_id: CycleId) -> dict[OrderId, PlaceId]:
    """Where each order of a cycle is handed out; nothing before the goods are shared out."""
    chosen = select(HandOut.order_id, HandOut.place_id).where(HandOut.cycle_id == cycle_id).distinct()
    return {OrderId(order_id): PlaceId(place_id) for order_id, place_id in tx.session.exec(chosen)}
