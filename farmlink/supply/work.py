"""Importing lots from a file, by the codes of farms and products."""

from collections.abc import Mapping, Sequence
from typing import Final

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard
from farmlink.kernel.bounds import MOST_PRICE_MINOR, MOST_QUANTITY
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import marked
from farmlink.kernel.rows import Cells, Columns, RowError, refused
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, RegionId
from farmlink.store.sheets import DIFFERENT, Imported, Request, Sheet, Written, load
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import commands, queries, rules
from farmlink.supply.values import LotCard, LotDraft, LotId

COLUMNS: Final = Columns(
    ("id", "farm", "product", "grade", "quantity", "ask_minor_per_1000", "harvest_on"),
    (
        *("minimum", "pack", "collect_from", "collect_until", "shelf_days", "daily_capacity"),
        *("forecast_low", "forecast_likely", "forecast_high"),
    ),
)
FIELDS: Final = {"code": "id", "farm_id": "farm", "product_id": "product"}
Offer = tuple[LotDraft, list[str]]
"""A lot, and the columns of its row that say something; the rest of it follows from them."""
FARM_UNKNOWN = marked("There is no farm with the code {code} in this region.")
PRODUCT_UNKNOWN = marked("There is no product with the code {code}.")
REPEATED = marked("The farm has two lots {code} in this file.")


def import_lots(store: Store, request: Request, region_id: RegionId) -> Imported:
    """Import lots of a region's farms; a lot that its farm's code names already stays as it is."""

    def sheet(tx: Transaction) -> Sheet[Offer]:
        farms = {farm.code: farm for farm in network.farms_of(tx, region_id) if farm.code is not None}
        products = catalogue.products_by_code(tx)
        return Sheet(COLUMNS, lambda cells: _read(cells, farms, products), _write, FIELDS)

    return load(store, request, sheet)


def _read(cells: Cells, farms: Mapping[str, FarmCard], products: Mapping[str, ProductCard]) -> Offer | None:
    farm, product = farms.get(farm_code := cells.text("farm", 64)), products.get(code := cells.text("product", 60))
    if farm_code and farm is None:
        cells.wrong("farm", FARM_UNKNOWN, code=farm_code)
    if code and product is None:
        cells.wrong("product", PRODUCT_UNKNOWN, code=code)
    wholes = {
        column: cells.whole_or_none(column, 0, MOST_QUANTITY)
        for column in ("shelf_days", "daily_capacity", "forecast_low", "forecast_likely", "forecast_high")
    }
    read = {
        "code": cells.text("id", 64),
        "grade": cells.whole("grade", 1, 5),
        "quantity": cells.whole("quantity", 1, MOST_QUANTITY),
        "ask_minor_per_1000": cells.whole("ask_minor_per_1000", 0, MOST_PRICE_MINOR),
        "minimum": cells.whole_or_none("minimum", 0, MOST_QUANTITY) or 0,
        "pack": cells.whole_or_none("pack", 1, MOST_QUANTITY) or 1,
    }
    days = {"harvest_on": cells.day("harvest_on")}
    spans = {column: cells.day_or_none(column) for column in ("collect_from", "collect_until")}
    if cells.errors or farm is None or product is None:
        return None
    draft = LotDraft(farm_id=farm.id, product_id=product.id, **read, **days, **spans, **wholes)  # type: ignore[arg-type]  # each as its column was read
    said = [column for column in (*COLUMNS.required, *COLUMNS.optional) if cells.row.cells.get(column, "").strip()]
    return commands.judged(draft, {farm.id: farm}, {product.id: product}), said


def _write(tx: Transaction, rows: Sequence[tuple[int, Offer]]) -> Written:
    first: dict[tuple[object, object], int] = {}
    errors, different, fresh = [], [], []
    before = queries.known_lots(tx, [lot for _, (lot, _) in rows])
    known = 0
    for line, (lot, said) in rows:
        key = (lot.farm_id, lot.code)
        ours, offered = before.get(key, (False, None))
        if key in first or ours:
            errors.append(RowError(line, "id", REPEATED, {"code": lot.code}))
        elif offered is None:
            first[key] = line
            try:
                rules.check_ahead(lot, tx.now)  # of a lot that is known the file may still tell when it is past
            except RefusedError as refusal:
                errors.append(refused(line, refusal, FIELDS))
            else:
                fresh.append(lot)
        elif columns := _differing(lot, offered, said):
            different.append(RowError(line, "id", DIFFERENT, {"code": lot.code, "columns": columns}))
        else:
            known += 1
    commands.insert_lots(tx, [LotId(uuid7()) for _ in fresh], fresh)
    return Written(len(fresh), known, errors, different)


def _differing(lot: LotDraft, offered: LotCard, said: Sequence[str]) -> list[str]:
    """The columns in which a row says something else than the lot that is there."""
    fields = {column: field for field, column in FIELDS.items()}
    return [
        column
        for column in said
        if getattr(lot, fields.get(column, column)) != getattr(offered, fields.get(column, column))
    ]
