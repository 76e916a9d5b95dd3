"""Many cycles at once, as a first page shows them: what is under way, what came last, and how much each offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from sqlmodel import col, select

from farmlink.cycles.queries import cycle_value
from farmlink.cycles.tables import CyclePlace, OrderCycle
from farmlink.cycles.values import Cycle, CycleId, Stage
from farmlink.network.values import HubId, PointId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

OVER: Final = (Stage.DONE.value, Stage.CANCELLED.value)
BREADTHS = """
SELECT c.id, (SELECT count(*) FROM stock s JOIN listing l ON l.stock_id = s.id WHERE s.cycle_id = c.id) AS goods,
  (SELECT count(point_id) FROM cycle_place p WHERE p.cycle_id = c.id) AS points
FROM order_cycle c WHERE c.id = ANY(CAST(:cycles AS uuid[]))
"""


def unfinished(tx: Transaction, hub_ids: Collection[HubId] | None) -> list[Cycle]:
    """Cycles of these hubs, or of all, that are neither done nor cancelled: the soonest to close first."""
    chosen = _of_hubs(hub_ids).where(col(OrderCycle.stage).not_in(OVER))
    return [cycle_value(tx, row) for row in tx.session.exec(chosen.order_by("closes_at", "id"))]


def finished(tx: Transaction, hub_ids: Collection[HubId] | None, most: int) -> list[Cycle]:
    """The cycles of these hubs, or of all, that came last to their end: the latest to be collected first."""
    chosen = _of_hubs(hub_ids).where(col(OrderCycle.stage).in_(OVER))
    latest = chosen.order_by(col(OrderCycle.collect_on).desc(), col(OrderCycle.id).desc()).limit(most)
    return [cycle_value(tx, row) for row in tx.session.exec(latest)]


def called_off_at(tx: Transaction, point_id: PointId, since: date) -> list[Cycle]:
    """Cycles that would have handed out at a point on this day or later and were cancelled, the soonest first."""
    served = select(CyclePlace.cycle_id).where(CyclePlace.point_id == point_id)
    chosen = select(OrderCycle).where(col(OrderCycle.id).in_(served), OrderCycle.hand_out_on >= since)
    chosen = chosen.where(OrderCycle.stage == Stage.CANCELLED.value, col(OrderCycle.opened_at).is_not(None))
    return [cycle_value(tx, row) for row in tx.session.exec(chosen.order_by("hand_out_on", "id"))]


def breadths(tx: Transaction, cycle_ids: Iterable[CycleId]) -> dict[CycleId, tuple[int, int]]:
    """How many things each of these cycles sells, and at how many points it hands them out."""
    rows = tx.execute(BREADTHS, {"cycles": uuids(cycle_ids)})
    return {CycleId(row.id): (row.goods, row.points) for row in rows}


def _of_hubs(hub_ids: Collection[HubId] | None) -> Any:
    chosen = select(OrderCycle)
    return chosen if hub_ids is None else chosen.where(col(OrderCycle.hub_id).in_(list(hub_ids)))
