"""What was sent to a point beside what came there, and where something else came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from farmlink.cycles.values import CycleId, ListingId
from farmlink.dispatch.queries.places import hand_outs_at
from farmlink.dispatch.rules.arriving import is_amiss, missing_of
from farmlink.dispatch.tables import ArrivalCount, HandOut
from farmlink.dispatch.values import ArrivalView
from farmlink.kernel.errors import MissingError
from farmlink.kernel.pictures import Picture
from farmlink.network.values import PlaceId, PointId
from farmlink.orders import queries as orders
from farmlink.store import pictures
from farmlink.store.pictures import PictureId
from farmlink.store.transaction import Transaction


def arrival(tx: Transaction, cycle_id: CycleId, point_id: PointId) -> list[ArrivalView]:
    """What was sent to a point by listing, beside what was counted there; nothing before the goods are shared out."""
    ends = hand_outs_at(tx, cycle_id, PlaceId(point_id))
    lines = orders.lines_of(tx, sorted(ends))
    listing_of = {line.id: line.listing_id for found in lines.values() for line in found}
    sent = Counter[ListingId]()
    for of_order in ends.values():
        for end in of_order:
            sent[listing_of[end.line_id]] += end.due
    counted = _counts(tx, cycle_id, PlaceId(point_id))
    return [_view(listing_id, sent[listing_id], counted.get(listing_id)) for listing_id in sorted(+sent)]


def amiss(tx: Transaction, cycle_id: CycleId) -> dict[PointId, list[ArrivalView]]:
    """Where something else came than was sent, or part of it damaged, by point; points that counted alone."""
    chosen = select(ArrivalCount.place_id).where(ArrivalCount.cycle_id == cycle_id).distinct()
    points = sorted(map(PointId, tx.session.exec(chosen)))
    found = {point_id: [one for one in arrival(tx, cycle_id, point_id) if is_amiss(one)] for point_id in points}
    return {point_id: views for point_id, views in found.items() if views}


def has_begun(tx: Transaction, cycle_id: CycleId, point_id: PointId) -> bool:
    """Whether anything was handed out at a point, or ended there otherwise."""
    chosen = select(HandOut.line_id).where(HandOut.cycle_id == cycle_id, HandOut.place_id == point_id)
    ended = chosen.where(col(HandOut.ended_at).is_not(None))
    return tx.session.exec(ended.limit(1)).first() is not None


def arrival_picture(tx: Transaction, cycle_id: CycleId, point_id: PointId, picture_id: PictureId) -> Picture:
    """A photo of what came damaged to a point; one of elsewhere does not exist here."""
    if picture_id not in {row.picture_id for row in _counts(tx, cycle_id, PlaceId(point_id)).values()}:
        raise MissingError(noun="picture", id=picture_id)
    return pictures.picture(tx, picture_id)


def _counts(tx: Transaction, cycle_id: CycleId, place_id: PlaceId) -> dict[UUID, ArrivalCount]:
    chosen = select(ArrivalCount).where(ArrivalCount.cycle_id == cycle_id, ArrivalCount.place_id == place_id)
    rows: Iterable[ArrivalCount] = tx.session.exec(chosen)
    return {row.listing_id: row for row in rows}


def _view(listing_id: ListingId, sent: int, row: ArrivalCount | None) -> ArrivalView:
    if row is None:
        return ArrivalView(listing_id=listing_id, sent=sent)
    return ArrivalView(
        listing_id=listing_id,
        sent=sent,
        counted=row.counted,
        damaged=row.damaged,
        missing=missing_of(sent, row.counted),
        picture_id=None if row.picture_id is None else PictureId(row.picture_id),
        counted_at=row.counted_at,
    )
