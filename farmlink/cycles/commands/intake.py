"""What orders do to their cycle: hold it open, take from it, give back.

Lock order: cycles, consumers, keys, points, stock; each sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

from farmlink.catalogue.values import ProductId
from farmlink.cycles.queries import home_terms
from farmlink.cycles.rules import refuse_closed
from farmlink.cycles.values import CycleId, ListingId, Load, Offered, OpenCycle, Place, Space, Stage, StockId
from farmlink.kernel.errors import MissingError
from farmlink.people.values import PersonId
from farmlink.store.locks import lock_keys
from farmlink.store.pipeline import Pipe, pipeline, uuids, wholes
from farmlink.store.transaction import Transaction

HOLD = """
SELECT pg_advisory_xact_lock_shared(k) FROM unnest(%s::bigint[]) k
UNION ALL SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) k
"""
"""Cycles, shared, and then persons, alone: parts of a union are run one after the other."""
HELD = """
SELECT id, stage, paused, opens_at, closes_at, clock_timestamp(), collect_on, hand_out_on, currency, time_zone,
       delivery_fee_minor, minimum_order_minor, private, region_id, home_fee_minor, home_minimum_minor, home_range_m,
       CASE WHEN private THEN
         ARRAY(SELECT person_id FROM cycle_invitation WHERE cycle_id = c.id AND person_id = ANY(%s::uuid[]))
       ELSE '{}' END
FROM order_cycle c WHERE id = ANY(%s::uuid[])
"""
SPACES = """
SELECT cycle_id, place_id, closed, capacity_orders - orders, capacity_g - weight_g, home_id IS NOT NULL
FROM cycle_place p JOIN unnest(%s::uuid[], %s::uuid[]) t(cycle_id, place_id) USING (cycle_id, place_id)
ORDER BY cycle_id, place_id FOR NO KEY UPDATE OF p
"""
OCCUPY = """
UPDATE cycle_place p SET orders = p.orders + t.orders, weight_g = p.weight_g + t.weight_g
FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[]) t(cycle_id, place_id, orders, weight_g)
WHERE (p.cycle_id, p.place_id) = (t.cycle_id, t.place_id)
"""
OFFERED = """
SELECT l.id, s.id, s.cycle_id, s.product_id, s.grade, l.pack, l.weight_g, l.price_minor_per_1000, l.tax_ppm,
       s.available - s.reserved
FROM listing l JOIN stock s ON s.id = l.stock_id WHERE l.id = ANY(%s::uuid[]) ORDER BY s.id FOR NO KEY UPDATE OF s
"""
RESERVE = """
UPDATE stock SET reserved = reserved + t.quantity FROM unnest(%s::uuid[], %s::bigint[]) t(id, quantity)
WHERE stock.id = t.id
"""
HELD_COLUMNS = tuple(field.name for field in fields(OpenCycle) if field.name != "homes")
OFFERED_COLUMNS = tuple(field.name for field in fields(Offered))
SPACE_COLUMNS = tuple(field.name for field in fields(Space))
Holding = dict[CycleId, tuple[OpenCycle, frozenset[PersonId]]]


def hold_many(pipe: Pipe, cycles: Iterable[CycleId], persons: Iterable[PersonId]) -> Callable[[], Holding]:
    """Share the cycles' locks, take those of the persons alone, then read the cycles and who of these is invited."""
    wanted, alone = sorted(set(cycles)), set(persons)
    pipe.send(HOLD, (wholes(lock_keys(wanted)), wholes(lock_keys(alone))))
    rows = pipe.send(HELD, (uuids(alone), uuids(wanted)))
    return lambda: {CycleId(row[0]): (_held(row), frozenset(map(PersonId, row[-1]))) for row in rows.fetchall()}


def space_many(pipe: Pipe, places: Iterable[Place]) -> Callable[[], dict[Place, Space]]:
    """Lock places, sorted, and read what they have space for; a place that its cycle does not serve is left out."""
    wanted = set(places)
    rows = pipe.send(SPACES, (uuids(cycle for cycle, _ in wanted), uuids(point for _, point in wanted)))
    return lambda: {(row[0], row[1]): Space(**dict(zip(SPACE_COLUMNS, row, strict=True))) for row in rows.fetchall()}


def occupy_many(pipe: Pipe, loads: Mapping[Place, Load]) -> None:
    """Put a load on locked places. The database refuses more than there is space for."""
    pipe.write(
        OCCUPY,
        (
            uuids(cycle for cycle, _ in loads),
            uuids(point for _, point in loads),
            wholes(load.orders for load in loads.values()),
            wholes(load.weight_g for load in loads.values()),
        ),
    )


def offer_many(pipe: Pipe, listings: Iterable[ListingId]) -> Callable[[], dict[ListingId, Offered]]:
    """Lock the stock behind the listings, sorted, and read what is left of it."""
    rows = pipe.send(OFFERED, (uuids(sorted(set(listings))),))
    return lambda: {
        ListingId(row[0]): Offered(**dict(zip(OFFERED_COLUMNS, row, strict=True))) for row in rows.fetchall()
    }


def reserve_many(pipe: Pipe, taken: Mapping[StockId, int]) -> None:
    """Take base units from locked stock; a negative quantity is given back. The database refuses more than there is."""
    pipe.write(RESERVE, (uuids(taken), wholes(taken.values())))


def hold_open(tx: Transaction, cycle_id: CycleId, *, even_paused: bool = False) -> OpenCycle:
    """Keep a cycle's stage as it is until the transaction ends, and refuse if it takes no orders."""
    with pipeline(tx) as pipe:
        held = hold_many(pipe, [cycle_id], [])()
    if cycle_id not in held:
        raise MissingError(noun="order cycle", id=cycle_id)
    cycle = held[cycle_id][0]
    refusal = refuse_closed(cycle, even_paused=even_paused)
    if refusal:
        raise refusal
    return cycle


def offers(tx: Transaction, listings: Iterable[ListingId]) -> dict[ListingId, Offered]:
    """Lock the stock behind some listings and read it."""
    with pipeline(tx) as pipe:
        return offer_many(pipe, listings)()


def spaces(tx: Transaction, places: Iterable[Place]) -> dict[Place, Space]:
    """Lock places and read what they have space for."""
    with pipeline(tx) as pipe:
        return space_many(pipe, places)()


def occupy(tx: Transaction, loads: Mapping[Place, Load]) -> None:
    """Change the load of locked places; below zero gives back."""
    with pipeline(tx) as pipe:
        occupy_many(pipe, loads)


def reserve(tx: Transaction, offered: Mapping[ListingId, Offered], quantities: Mapping[ListingId, int]) -> None:
    """Change what is reserved of locked listings by these base units; below zero gives back."""
    change: dict[StockId, int] = {}
    for listing_id, quantity in quantities.items():
        offer = offered[listing_id]
        change[offer.stock_id] = change.get(offer.stock_id, 0) + quantity
    with pipeline(tx) as pipe:
        reserve_many(pipe, {stock_id: quantity for stock_id, quantity in change.items() if quantity})


def release_all(tx: Transaction, cycle_id: CycleId, goods: Collection[tuple[ProductId, int]] | None = None) -> None:
    """Give back all that a cycle has reserved, or all of some products and grades; the cycle is held alone."""
    products, grades = zip(*goods, strict=True) if goods else ((), ())
    tx.execute(
        "UPDATE stock SET reserved = 0 WHERE cycle_id = :cycle AND (:everything OR (product_id, grade) IN"
        " (SELECT * FROM unnest(CAST(:products AS uuid[]), CAST(:grades AS bigint[]))))",
        {"cycle": cycle_id, "everything": goods is None, "products": uuids(products), "grades": wholes(grades)},
    )
    if goods is None:
        tx.execute("UPDATE cycle_place SET orders = 0, weight_g = 0 WHERE cycle_id = :cycle", {"cycle": cycle_id})
    tx.session.expire_all()


def _held(row: tuple[Any, ...]) -> OpenCycle:
    facts = dict(zip(HELD_COLUMNS, row, strict=False))
    return OpenCycle(**facts | {"stage": Stage(facts["stage"]), "homes": home_terms(*row[-4:-1])})
