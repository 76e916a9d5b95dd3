"""Tables: stops as CSV, and everything as a spreadsheet. No cell begins a formula, whatever a farm is called."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from babel.numbers import get_currency_precision

from api.pages.plan.sheet import Sheet
from api.pages.plan.words import PHASES, SHORT
from farmlink.kernel.locale import marked, render
from farmlink.policy.values.reasons import CutReason

STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDEST: Final = 48
STOPS: Final = (
    marked("Trip"), marked("Phase"), marked("Truck"), marked("No."), marked("Place"), marked("Town"), marked("There"),
    marked("Begins"), marked("Leaves"), marked("Drive, km"), marked("Moved, kg"), marked("Then on board, kg"),
)  # fmt: skip
FARMS: Final = (marked("Farm"), marked("Town"), marked("Trips"), marked("Weight, kg"), marked("Paid to it"))
PLACES: Final = (marked("Place"), marked("Town"), marked("Trips"), marked("Ordered, kg"), marked("Short, kg"))
SHORTS: Final = (marked("Place"), marked("Product"), marked("Short"), marked("Asked"), marked("Why"))
Rows = Iterable[Sequence[object]]


def safe(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: a text that begins like one, in signs of any width, is quoted."""
    begins = isinstance(cell, str) and unicodedata.normalize("NFKC", cell).startswith(STARTS_FORMULA)
    return f"'{cell}" if begins else cell


def csv_table(sheet: Sheet, language: str) -> bytes:
    """Every stop of every trip, in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(render(head, language)) for head in STOPS])
    writer.writerows([safe(cell) for cell in row] for row in stops(sheet, language))
    return out.getvalue().encode("utf-8-sig")


def spreadsheet(sheet: Sheet, language: str) -> bytes:
    """Stops, farms, places and what is short, a sheet of the workbook each."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, heads, rows in (
            (marked("Stops"), STOPS, stops(sheet, language)),
            (marked("Farms"), FARMS, farms(sheet)),
            (marked("Places"), PLACES, places(sheet)),
            (marked("Short"), SHORTS, shorts(sheet, language)),
        ):
            _fill(book.add_worksheet(render(name, language)), [render(head, language) for head in heads], rows, bold)
    return out.getvalue()


def stops(sheet: Sheet, language: str) -> Rows:
    """A row a stop; times are the hub's own."""
    zone = ZoneInfo(sheet.cycle.time_zone)
    for route in sheet.routes:
        for stop in route.stops:
            times = [_clock(at, zone) for at in (stop.arrive_at, stop.start_at, stop.leave_at)]
            phase = render(PHASES[route.phase][0], language)
            yield [
                route.number, phase, route.vehicle, stop.position, stop.place.name, stop.place.town, *times,
                stop.leg.distance_m / 1000, stop.weight_g / 1000, stop.after.load_g / 1000,
            ]  # fmt: skip


def farms(sheet: Sheet) -> Rows:
    """A row a farm."""
    for row in sheet.farms:
        trips = " ".join(map(str, row.trips))
        yield [
            row.place.name,
            row.place.town,
            trips,
            row.weight_g / 1000,
            _major(row.purchase_minor, sheet.cycle.currency),
        ]


def places(sheet: Sheet) -> Rows:
    """A row a pick-up point or home."""
    for row in sheet.places:
        trips = " ".join(map(str, row.trips))
        yield [row.place.name, row.place.town, trips, row.ordered_g / 1000, row.short_g / 1000]


def shorts(sheet: Sheet, language: str) -> Rows:
    """A row for each thing that somebody does not get, in base units."""
    for one in sheet.shorts:
        product = sheet.products.get(one.product_id)
        name = (product.name.get(language) or product.name["en"]) if product else ""
        why = render(SHORT[CutReason(one.reason)], language) if one.reason in SHORT else one.reason
        yield [one.place.name, name, one.quantity, one.asked, why]


def _fill(page: Any, heads: Sequence[str], rows: Rows, bold: Any) -> None:
    page.freeze_panes(1, 0)
    widths = [len(head) for head in heads]
    for column, head in enumerate(heads):
        page.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, column, cell)
            else:
                page.write_number(number, column, cell)
            widths[column] = max(widths[column], len(str(cell)))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width, WIDEST) + 2)


def _major(minor: int, currency: str) -> float:
    return float(Decimal(minor).scaleb(-get_currency_precision(currency)))


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
