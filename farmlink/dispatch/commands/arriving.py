"""Counting at the point what came there."""

from __future__ import annotations

from collections.abc import Sequence

from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries, rules
from farmlink.dispatch.rules import arriving
from farmlink.dispatch.tables import ArrivalCount
from farmlink.dispatch.values import Arrived, GoodsArrived
from farmlink.network.values import PlaceId, PointId
from farmlink.people.values import PersonId
from farmlink.store import pictures
from farmlink.store.pictures import PictureId
from farmlink.store.transaction import Transaction

BEGUN = """
SELECT coalesce(bool_or(ended_at IS NOT NULL), false) FROM (
  SELECT ended_at FROM hand_out WHERE cycle_id = :cycle AND place_id = :point ORDER BY line_id FOR SHARE
) AS line
"""


def arrive(
    tx: Transaction, cycle_id: CycleId, point_id: PointId, counts: Sequence[Arrived], counted_by: PersonId
) -> int:
    """Write what a point counted; counting again corrects it until the hand-out begins. How many counts are new.

    A count without a photo keeps the photo that was there, unless nothing is damaged any more.
    """
    if not queries.is_shared(tx, cycle_id):
        raise rules.NotSharedError(cycle_id=cycle_id)
    changed = arriving.recounted(queries.arrival(tx, cycle_id, point_id), counts)
    if not changed:
        return 0
    if tx.execute(BEGUN, {"cycle": cycle_id, "point": point_id}).scalar_one():
        raise arriving.HandOutBegunError
    for one in changed:
        _write(tx, cycle_id, PlaceId(point_id), one, counted_by)
    tx.announce(GoodsArrived(cycle_id, point_id, len(changed)))
    tx.record("dispatch.arrive", point_id, cycle_id=cycle_id, listings=len(changed))
    return len(changed)


def _write(tx: Transaction, cycle_id: CycleId, place_id: PlaceId, one: Arrived, counted_by: PersonId) -> None:
    row = tx.session.get(ArrivalCount, (cycle_id, place_id, one.listing_id), with_for_update=True)
    if row is None:
        row = ArrivalCount(
            cycle_id=cycle_id, place_id=place_id, listing_id=one.listing_id, counted=0, damaged=0, counted_at=tx.now
        )
    row.counted, row.damaged, row.counted_at = one.counted, one.damaged, tx.now
    before = row.picture_id
    if one.picture is not None:
        (row.picture_id,) = pictures.keep(tx, [one.picture], counted_by)
    elif not one.damaged:
        row.picture_id = None
    tx.add(row)
    if before is not None and before != row.picture_id:
        pictures.forget(tx, PictureId(before))
