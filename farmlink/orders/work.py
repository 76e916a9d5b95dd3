"""Importing orders of other channels: one row an order, by the codes of points and products."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid5

from farmlink.catalogue import queries as catalogue
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.locale import ENGLISH, marked
from farmlink.kernel.rows import Cells, Columns, RowError, refused
from farmlink.network import queries as network
from farmlink.network.values import PlaceId, PointId
from farmlink.orders.commands import place_many
from farmlink.orders.values import Placing, WantedLine
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.idempotency import forget_refusals
from farmlink.store.sheets import Imported, Request, Sheet, Written, load
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

COLUMNS: Final = Columns(("id", "consumer", "point", "lines"))
CHANNEL: Final = UUID("6d0a3a3c-5f3e-5c7e-9b1a-0f6b6f6d7265")
"""Namespace of the keys of imported orders: the same row is the same order."""
LINE: Final = re.compile(
    r"(?P<product>[a-z0-9-]{1,60})/(?P<grade>[1-5])/(?P<pack>[0-9]{1,12}) *[x*\u00d7] *(?P<packs>[0-9]{1,6})"
)
NO_LINE = marked("{line} is not written like apples/4/2300 x 2: product, grade, pack in base units, number of packs.")
NOT_SOLD = marked("The cycle does not sell {line}.")
SOLD_OTHERWISE = marked("The cycle does not sell {line}. Of this product it sells {known}.")
TWO_PACKS = marked("The cycle sells {line} as several packs: {names}. A file cannot tell them apart.")
NO_POINT = marked("The cycle does not hand out at a point with the code {code}.")
NO_CONSUMER = marked("There is no person with this id.")

Sold = Mapping[tuple[str, int, int], Mapping[ListingId, str]]
"""What is sold by product code, grade and pack; packs of one size go by their names."""


def import_orders(store: Store, request: Request, cycle_id: CycleId) -> Imported:
    """Import orders to points of an open cycle; a row imported before is known, one refused before is judged anew."""

    def sheet(tx: Transaction) -> Sheet[Placing]:
        points, sold = _points(tx, cycle_id), _sold(tx, cycle_id)
        return Sheet(COLUMNS, lambda cells: _read(cells, cycle_id, points, sold), _write)

    return load(store, request, sheet)


def _points(tx: Transaction, cycle_id: CycleId) -> dict[str, PointId]:
    """Points of the cycle by their codes, and by their ids for those without."""
    points = network.points_by_id(tx, cycles.served_points(tx, cycles.cycle(tx, cycle_id).id))
    return {str(point.code or point.id): point.id for point in points.values()}


def _sold(tx: Transaction, cycle_id: CycleId) -> Sold:
    listings = cycles.listings(tx, cycle_id)
    codes = catalogue.products_by_id(tx, {listing.product_id for listing in listings})
    packs = catalogue.variants_by_id(tx, {listing.variant_id for listing in listings})
    sold: dict[tuple[str, int, int], dict[ListingId, str]] = {}
    for one in listings:
        size = (codes[one.product_id].code, one.grade, one.pack)
        sold.setdefault(size, {})[one.id] = packs[one.variant_id].name[ENGLISH]
    return sold


def _read(cells: Cells, cycle_id: CycleId, points: Mapping[str, PointId], sold: Sold) -> Placing | None:
    order, consumer = cells.text("id", 64), PersonId(cells.identity("consumer"))
    point = points.get(code := cells.text("point", 64))
    if code and point is None:
        cells.wrong("point", NO_POINT, code=code)
    written = cells.text("lines", 10_000)
    lines = [_line(cells, part.strip(), sold) for part in written.split(";") if part.strip()]
    if cells.errors or point is None:
        return None
    wanted = tuple(line for line in lines if line is not None)
    key = uuid5(CHANNEL, "|".join((str(cycle_id), order, str(consumer), code, written)))
    return Placing(key=key, cycle_id=cycle_id, consumer_id=consumer, place_id=PlaceId(point), lines=wanted)


def _line(cells: Cells, written: str, sold: Sold) -> WantedLine | None:
    found = LINE.fullmatch(written)
    if found is None:
        cells.wrong("lines", NO_LINE, line=written)
        return None
    listings = sold.get((found["product"], int(found["grade"]), int(found["pack"])), {})
    if not listings:
        known = sorted(f"{code}/{grade}/{pack}" for code, grade, pack in sold if code == found["product"])
        cells.wrong("lines", SOLD_OTHERWISE if known else NOT_SOLD, line=written, known=known)
    elif len(listings) > 1:
        cells.wrong("lines", TWO_PACKS, line=written, names=sorted(listings.values()))
    else:
        return WantedLine(next(iter(listings)), int(found["packs"]))
    return None


def _write(tx: Transaction, rows: Sequence[tuple[int, Placing]]) -> Written:
    there = people.names(tx, [placing.consumer_id for _, placing in rows])
    errors = [RowError(line, "consumer", NO_CONSUMER) for line, placing in rows if placing.consumer_id not in there]
    wanted = [(line, placing) for line, placing in rows if placing.consumer_id in there]
    # A key stands for its row as long as the row is in the file; a refusal only for what was left at that moment.
    forget_refusals(tx, (placing.key for _, placing in wanted))
    outcomes = place_many(tx, [placing for _, placing in wanted])
    written = known = 0
    for (line, _), outcome in zip(wanted, outcomes, strict=True):
        if outcome.refusal is not None:
            errors.append(refused(line, outcome.refusal, {"place_id": "point"}))
        elif outcome.repeated:
            known += 1
        else:
            written += 1
    return Written(written, known, errors)
