"""Reading lots: a farm sees its own, a planner all; for others they do not exist."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from uuid import UUID

import msgspec
from sqlmodel import col, select

from farmlink.catalogue.values import ProductId
from farmlink.kernel.page import Page, Paging, page
from farmlink.network import queries as network
from farmlink.network.values import FarmId, Reach, RegionId
from farmlink.store.pages import fetched
from farmlink.store.pipeline import among, texts, uuids, wholes
from farmlink.store.transaction import Transaction, missing
from farmlink.supply.tables import FarmRecord, Lot
from farmlink.supply.values import Behind, LotCard, LotColumns, LotDraft, LotId, LotState, OfferedBy

BEHIND = """
SELECT product_id, grade, sum(q.quantity) AS quantity, sum(q.quantity * f.distance_m) AS distance,
       sum(q.quantity * f.kept_ppm) AS kept, sum(q.quantity * (
         greatest(0, least(shelf_days, harvest_on + shelf_days::int - :hand_out)) * 1000000 / shelf_days
       )) AS freshness
FROM lot JOIN unnest(CAST(:farms AS uuid[]), CAST(:distances AS bigint[]), CAST(:kept AS bigint[]))
  AS f (farm_id, distance_m, kept_ppm) USING (farm_id),
LATERAL (SELECT least(lot.quantity - allocated, daily_capacity)::numeric AS quantity) q
WHERE product_id = ANY(CAST(:products AS uuid[])) AND state = 'offered'
AND :collect BETWEEN collect_from AND collect_until
GROUP BY product_id, grade ORDER BY product_id, grade
"""
OFFERED_BY = """
SELECT product_id, grade, farm_id, sum(least(quantity - allocated, daily_capacity))::bigint AS quantity,
       min(harvest_on) AS harvest_from, max(harvest_on) AS harvest_until
FROM lot WHERE farm_id = ANY(CAST(:farms AS uuid[])) AND product_id = ANY(CAST(:products AS uuid[]))
AND state = 'offered' AND :collect BETWEEN collect_from AND collect_until
GROUP BY product_id, grade, farm_id ORDER BY product_id, grade, farm_id
"""
LABELLED = """
SELECT * FROM lot WHERE lower(code) = lower(:code) OR (code IS NULL AND right(id::text, 8) = lower(:code))
ORDER BY id DESC LIMIT :most
"""
COLUMNS = tuple(column.name for column in fields(LotColumns))


def lot(tx: Transaction, lot_id: LotId, seen_by: Reach | None = None) -> LotCard:
    """One lot; with `seen_by`, only one of farms within that reach."""
    row = tx.get(Lot, lot_id)
    if seen_by is not None and not seen_by.covers(network.farm(tx, FarmId(row.farm_id))):
        raise missing(Lot, lot_id)
    return lot_card(row)


def lots(  # each is a filter that farms and planners have
    tx: Transaction,
    paging: Paging,
    *,
    seen_by: Reach | None = None,
    farm_id: FarmId | None = None,
    product_id: ProductId | None = None,
    state: LotState | None = None,
) -> Page[LotCard]:
    """Lots in the order they were offered; with `seen_by`, only those of farms within that reach."""
    chosen = select(Lot)
    if seen_by is not None:
        chosen = chosen.where(col(Lot.farm_id).in_(network.farms_within(tx, seen_by)))
    if farm_id is not None:
        chosen = chosen.where(Lot.farm_id == farm_id)
    if product_id is not None:
        chosen = chosen.where(Lot.product_id == product_id)
    if state is not None:
        chosen = chosen.where(Lot.state == state)
    return page([lot_card(row) for row in fetched(tx, chosen, col(Lot.id), paging)], paging, lambda card: card.id)


def lots_for(tx: Transaction, region_id: RegionId, collect_on: date) -> LotColumns:
    """What approved farms of a region offer for collection on a day; 100,000 lots in about a second."""
    rows = tx.execute(
        f"SELECT {', '.join(COLUMNS)} FROM lot"  # noqa: S608  # names of our own columns
        " WHERE farm_id = ANY(CAST(:farms AS uuid[])) AND state = 'offered'"
        " AND :day BETWEEN collect_from AND collect_until ORDER BY id",
        {"farms": uuids(network.approved_farms(tx, region_id)), "day": collect_on},
    ).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    return LotColumns(*columns)


def held_for(
    tx: Transaction, region_id: RegionId, collect_on: date, product_ids: Collection[UUID]
) -> dict[UUID, list[tuple[int, int]]]:
    """What lots of these products can give on a day, as (grade, base units), summed where they are: people wait."""
    rows = tx.execute(
        "SELECT product_id, grade, sum(least(quantity - allocated, daily_capacity))::bigint AS quantity"
        " FROM lot"
        " WHERE farm_id = ANY(CAST(:farms AS uuid[])) AND product_id = ANY(CAST(:products AS uuid[]))"
        " AND state = 'offered' AND :day BETWEEN collect_from AND collect_until"
        " GROUP BY product_id, grade ORDER BY product_id, grade",
        {
            "farms": uuids(network.approved_farms(tx, region_id)),
            "products": uuids(product_ids),
            "day": collect_on,
        },
    )
    held: dict[UUID, list[tuple[int, int]]] = {}
    for row in rows:
        held.setdefault(row.product_id, []).append((row.grade, row.quantity))
    return held


def behind(
    tx: Transaction,
    collect_on: date,
    hand_out_on: date,
    farms: Mapping[FarmId, tuple[int, int]],
    products: Collection[UUID],
) -> list[Behind]:
    """What lots of these products can give on a day, and the sums of their merits, by product and grade.

    `farms` says of each that counts how far it is, in metres, and how it keeps its promises, in millionths.
    """
    rows = tx.execute(
        BEHIND,
        {
            "farms": uuids(farms),
            "distances": wholes(distance_m for distance_m, _ in farms.values()),
            "kept": wholes(kept_ppm for _, kept_ppm in farms.values()),
            "products": uuids(products),
            "collect": collect_on,
            "hand_out": hand_out_on,
        },
    )
    return [Behind(ProductId(row.product_id), row.grade, *map(int, row[2:])) for row in rows]


def offered_by(
    tx: Transaction, collect_on: date, farms: Collection[FarmId], products: Collection[UUID]
) -> list[OfferedBy]:
    """Which of these farms can give what of these products on a day, and when they harvest it."""
    asked = {"farms": uuids(farms), "products": uuids(products), "collect": collect_on}
    return [OfferedBy(**row._asdict()) for row in tx.execute(OFFERED_BY, asked)]


def lots_of_farms(tx: Transaction, farm_ids: Collection[FarmId]) -> frozenset[LotId]:
    """All lots that these farms ever offered."""
    return frozenset(map(LotId, tx.session.exec(select(Lot.id).where(among(col(Lot.farm_id), farm_ids)))))


def lots_by_id(tx: Transaction, lot_ids: list[LotId]) -> dict[LotId, LotCard]:
    """Many lots at once, in whatever state."""
    return {card.id: card for card in map(lot_card, tx.session.exec(select(Lot).where(among(col(Lot.id), lot_ids))))}


def labelled(tx: Transaction, code: str, most: int) -> list[LotCard]:
    """The newest lots whose label says this: their farm's own code, which another farm may use too, or ours."""
    found = tx.execute(LABELLED, {"code": code, "most": most}).mappings()
    return [msgspec.convert(row, LotCard) for row in found]


def known_lots(tx: Transaction, lots: Sequence[LotDraft]) -> dict[tuple[object, object], tuple[bool, LotCard]]:
    """Which of these lots their farms offered before, by farm and code, and whether since this transaction began."""
    rows = tx.execute(
        "SELECT lot.* FROM lot JOIN unnest(CAST(:farms AS uuid[]), CAST(:codes AS text[]))"
        " AS offer (farm_id, code) USING (farm_id, code)",
        {"farms": uuids(lot.farm_id for lot in lots), "codes": texts(lot.code for lot in lots)},
    ).mappings()
    return {(row["farm_id"], row["code"]): (row["offered_at"] == tx.now, msgspec.convert(row, LotCard)) for row in rows}


def records(tx: Transaction) -> dict[FarmId, tuple[int, int]]:
    """How often each farm was asked for something, and how often it gave all of it."""
    return {FarmId(row.farm_id): (row.asked, row.kept) for row in tx.session.exec(select(FarmRecord))}


def lot_card(row: Lot) -> LotCard:
    """A lot's row as a value."""
    return msgspec.convert(row, LotCard, from_attributes=True)
