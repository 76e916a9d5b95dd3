"""What is read of demand: batches in bulk for planning, sums for people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductId
from farmlink.cycles import queries as cycles
from farmlink.cycles.rules.inviting import progress_of as listing_progress
from farmlink.cycles.values import Cycle, CycleId, ListingProgress, Stage
from farmlink.demand.rules import more_time, progress_of
from farmlink.demand.values import Batch, BatchId, Closing, Pooled, Progress
from farmlink.kernel.page import Page, Paging, page
from farmlink.network.values import PlaceId
from farmlink.orders import queries as orders
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

BATCHES = """
SELECT b.id, b.cycle_id, b.product_id, b.grade, b.place_id, b.quantity, b.worth_minor FROM batch b
"""
POOLED = """
SELECT product_id, grade, count(DISTINCT place_id) AS places, count(*) AS lines,
       sum(quantity)::bigint AS quantity, sum(total_minor)::bigint AS worth_minor
FROM order_line WHERE cycle_id = :cycle AND state = 'placed' GROUP BY product_id, grade ORDER BY product_id, grade
"""
CLOSING = """
SELECT (SELECT count(*) FROM consumer_order WHERE cycle_id = :cycle AND state = 'placed') AS orders,
       (SELECT count(*) FROM order_line WHERE cycle_id = :cycle AND state = 'placed') AS lines,
       count(*) AS batches, coalesce(sum(worth_minor), 0)::bigint AS worth_minor
FROM batch WHERE cycle_id = :cycle
"""


def batches(tx: Transaction, cycle_id: CycleId) -> list[Batch]:
    """All batches of a cycle, ordered by id: what is planned."""
    return _batches(tx, "WHERE b.cycle_id = :cycle ORDER BY b.id", cycle=cycle_id)


def batches_page(tx: Transaction, cycle_id: CycleId, paging: Paging) -> Page[Batch]:
    """Batches of a cycle, a page of them."""
    found = _batches(
        tx,
        "WHERE b.cycle_id = :cycle AND (CAST(:after AS uuid) IS NULL OR b.id > :after) ORDER BY b.id LIMIT :limit",
        cycle=cycle_id,
        after=paging.after,
        limit=paging.limit + 1,
    )
    return page(found, paging, lambda batch: batch.id)


def batches_at(tx: Transaction, cycle_id: CycleId, place_ids: Collection[PlaceId]) -> list[Batch]:
    """What some places want in a cycle, ordered by id."""
    return _batches(
        tx,
        "WHERE b.cycle_id = :cycle AND b.place_id = ANY(CAST(:places AS uuid[])) ORDER BY b.id",
        cycle=cycle_id,
        places=uuids(place_ids),
    )


def pooled(tx: Transaction, cycle_id: CycleId) -> list[Pooled]:
    """How much of each product and grade is wanted so far, over all places; it grows until the cut-off."""
    rows = tx.execute(POOLED, {"cycle": cycle_id})
    return [Pooled(**row._asdict() | {"product_id": ProductId(row.product_id)}) for row in rows]


def progress(tx: Transaction, cycle_id: CycleId) -> Progress:
    """How far a cycle has come towards its threshold, by which the cut-off judges it."""
    return progress_of(cycles.cycle(tx, cycle_id), orders.ordered(tx, cycle_id))


def progress_of_each(tx: Transaction, found: Iterable[Cycle]) -> dict[CycleId, Progress]:
    """How far each of these cycles has come."""
    known = {cycle.id: cycle for cycle in found}
    return {key: progress_of(known[key], one) for key, one in orders.ordered_in_each(tx, known).items()}


def listings_progress(tx: Transaction, cycle_id: CycleId, paging: Paging, language: str) -> Page[ListingProgress]:
    """How far what a cycle sells has come towards thresholds and lower prices, a page of it in the order of listing."""
    cycle, listings = cycles.cycle(tx, cycle_id), cycles.listings_page(tx, cycle_id, paging)
    products = catalogue.products_by_id(tx, {listing.product_id for listing in listings.items})
    shown = [
        listing_progress(listing, cycle, products[listing.product_id].base_unit, language) for listing in listings.items
    ]
    return Page(shown, listings.next)


def closing(tx: Transaction, cycle_id: CycleId) -> Closing:
    """What a cycle came to, and why it is still open where it was to close."""
    row, cycle = tx.execute(CLOSING, {"cycle": cycle_id}).one(), cycles.cycle(tx, cycle_id)
    extended = more_time(cycle, orders.ordered(tx, cycle_id)) if cycle.stage is Stage.OPEN else None
    return Closing(cycle_id=cycle_id, stage=cycle.stage, extended=extended, **row._asdict())


def _batches(tx: Transaction, chosen: str, **named: Any) -> list[Batch]:
    return [
        Batch(
            id=BatchId(row.id),
            cycle_id=CycleId(row.cycle_id),
            product_id=ProductId(row.product_id),
            grade=row.grade,
            place_id=PlaceId(row.place_id),
            quantity=row.quantity,
            worth_minor=row.worth_minor,
        )
        for row in tx.execute(BATCHES + chosen, named)
    ]
