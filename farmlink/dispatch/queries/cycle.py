"""What became of all lines of a cycle: what settlement goes by."""

from collections.abc import Iterable
from dataclasses import fields

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.dispatch.tables import HandOut
from farmlink.dispatch.values import HandOutView
from farmlink.orders.values import OrderLineId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def hand_outs_of(
    tx: Transaction, cycle_id: CycleId, line_ids: Iterable[OrderLineId] | None = None
) -> list[HandOutView]:
    """What was due and handed out of every line of a cycle, or of these of it, by order and then by line."""
    lines = select(HandOut).where(HandOut.cycle_id == cycle_id).order_by(col(HandOut.order_id), col(HandOut.line_id))
    lines = lines if line_ids is None else lines.where(among(col(HandOut.line_id), line_ids))
    names = [field.name for field in fields(HandOutView)]
    return [HandOutView(**{name: getattr(row, name) for name in names}) for row in tx.session.exec(lines)]
