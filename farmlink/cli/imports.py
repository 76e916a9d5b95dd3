"""Importing tables: what each file holds is in its command's help, and `--example` prints one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import typer

from farmlink.cli.opening import ready
from farmlink.cli.report import report
from farmlink.cli.screen import bar, out
from farmlink.cycles.values import CycleId
from farmlink.cycles.work import import_listings
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.page import Paging
from farmlink.network import queries as regions
from farmlink.network.values import RegionCard, RegionDraft, RegionId
from farmlink.network.work import import_places
from farmlink.orders.work import import_orders
from farmlink.settlement.work import import_weights
from farmlink.store.sheets import Imported, Request
from farmlink.store.store import Store
from farmlink.supply.work import import_lots

PLACES: Final = """\
id,kind,name,city,state,zip,latitude,longitude,products
oak-1,farm,Oak Hill Farm,Holland,MI,49423,42.787500,-86.108900,fruit;eggs
hall-1,market,Holland Market Hall,Holland,MI,49423,42.790100,-86.105300,
"""
LOTS: Final = """\
id,farm,product,grade,quantity,ask_minor_per_1000,harvest_on,minimum,pack,collect_until
apples-36,oak-1,apples,4,250000,190,2031-09-04,20000,10000,2031-09-06
"""
LISTINGS: Final = """\
product,grade,pack,price_minor_per_1000,tax_ppm,case_packs,threshold,unmet,cap
apples,4,2300,320,60000,1,0,,
"""
ORDERS: Final = """\
id,consumer,point,lines
roll-17,01990000-0000-7000-8000-000000000001,hall-1,apples/4/2300 x 2; eggs/5/12 x 1
"""
WEIGHTS: Final = """\
line,weight_g
01990000-0000-7000-8000-000000000002,6480
"""
CURRENCY: Final = "USD"
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Import a CSV file: all or nothing, with an error per row and column; --example prints one.",
)


def _showing(example: str) -> Any:
    """An option that prints an example and ends, before a file is asked for."""

    def show(asked: bool) -> None:  # typer calls it so
        if asked:
            out.print(example, end="", markup=False, soft_wrap=True)
            raise typer.Exit

    return typer.Option("--example", callback=show, is_eager=True, help="Print a file as it should be, and end.")


File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV in UTF-8 with a header row.")
]
Preview = Annotated[bool, typer.Option("--preview", help="Judge the file and write nothing.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Write the good rows even if others are bad.")]
Encoding = Annotated[str | None, typer.Option(help="When it is not UTF-8 and has no mark: gb18030, cp1252 ...")]
RegionName = Annotated[str | None, typer.Option("--region", help="Needed when there are several.")]
CycleArgument = Annotated[UUID, typer.Argument(help="The cycle's id.")]


class RegionNotNamedError(RefusedError):
    """Places and lots belong to a region."""

    code = "region-not-named"
    message = "Say which region with --region (known: {names}). A new one is made with --region and --time-zone."


class RegionDiffersError(RefusedError):
    """A region of this name is there, and it is another one."""

    code = "region-differs"
    message = "The region {name} is there already, with time zone {zone} and currency {currency}. Name another one."


@app.command()
def places(  # noqa: PLR0913, PLR0917  # each is an option of the command line
    file: File,
    region: RegionName = None,
    state: Annotated[str | None, typer.Option(help="Only rows of this state.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Makes the region when there is none of this name.")] = None,
    currency: Annotated[str | None, typer.Option(help=f"Of a region that is made; {CURRENCY} unless said.")] = None,
    approved: Annotated[bool, typer.Option("--approved", help="Trust the file: nothing waits for approval.")] = False,
    preview: Preview = False,
    skip_bad: SkipBad = False,
    encoding: Encoding = None,
    _example: Annotated[bool, _showing(PLACES)] = False,
) -> None:
    """Farms and pick-up points.

    Columns: id (letters, digits, dots, hyphens), kind (farm or market; a market becomes a pick-up point), name, city,
    state, zip, latitude and longitude in degrees, products (between semicolons, may be empty); also street, country.
    """
    with ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        target = _target(store, region, time_zone, currency)
        _load(request, lambda asked: import_places(store, asked, target, state=state, approved=approved))


@app.command()
def lots(
    file: File,
    region: RegionName = None,
    preview: Preview = False,
    skip_bad: SkipBad = False,
    encoding: Encoding = None,
    _example: Annotated[bool, _showing(LOTS)] = False,
) -> None:
    """What farms offer.

    Columns: id (the farm's own name of the lot), farm and product (their codes), grade (1 to 5, 5 is best), quantity
    (grams or pieces), ask_minor_per_1000 (cents for 1,000 of them), harvest_on (2026-07-31); also minimum (least worth
    a visit), pack, collect_from, collect_until, shelf_days, daily_capacity, forecast_low, forecast_likely,
    forecast_high.
    """
    with ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        known = _region(store, region).id
        _load(request, lambda asked: import_lots(store, asked, known))


@app.command()
def listings(
    file: File,
    cycle: CycleArgument,
    preview: Preview = False,
    skip_bad: SkipBad = False,
    encoding: Encoding = None,
    _example: Annotated[bool, _showing(LISTINGS)] = False,
) -> None:
    """What a cycle sells.

    Columns: product (its code), grade (1 to 5), pack (grams or pieces in one pack of the catalogue); also
    price_minor_per_1000 (cents with tax for 1,000 of them; the cycle's markup unless said), tax_ppm (60000 is 6 %),
    case_packs (packs in a case: whole cases are bought), threshold (least ordered in all), unmet (zero or partial: what
    becomes of it below that), cap (most sold in all), variant (the pack's name, where several are of one size).
    """
    with ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        _load(request, lambda asked: import_listings(store, asked, CycleId(cycle)))


@app.command()
def orders(
    file: File,
    cycle: CycleArgument,
    preview: Preview = False,
    skip_bad: SkipBad = False,
    encoding: Encoding = None,
    _example: Annotated[bool, _showing(ORDERS)] = False,
) -> None:
    """Orders that were taken elsewhere, such as a leader's roll call.

    Columns: id (any name of the order; a row imported before changes nothing), consumer (a person's id), point (a
    pick-up point's code), lines (between semicolons, each product/grade/pack x packs, such as apples/4/2300 x 2).
    """
    with ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        _load(request, lambda asked: import_orders(store, asked, CycleId(cycle)))


@app.command()
def weights(
    file: File,
    cycle: CycleArgument,
    preview: Preview = False,
    skip_bad: SkipBad = False,
    encoding: Encoding = None,
    _example: Annotated[bool, _showing(WEIGHTS)] = False,
) -> None:
    """What was weighed of goods that are priced by weight, until the cycle is settled.

    Columns: line (an order line's id), weight_g (all of the line that is there, in grams).
    """
    with ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        _load(request, lambda asked: import_weights(store, asked, CycleId(cycle)))


def _load(request: Request, load: Callable[[Request], Imported]) -> None:
    with bar(request.path.name) as tell:
        imported = load(replace(request, progress=tell))
    report(request, imported)


def _region(store: Store, name: str | None) -> RegionCard:
    known = {card.name: card for card in store.read(regions.regions, Paging(200)).items}
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name not in known:
        raise RegionNotNamedError(names=sorted(known))
    return known[name]


def _target(store: Store, name: str | None, zone: str | None, currency: str | None) -> RegionId | RegionDraft:
    """The region that is meant; one that is made is only drafted, so that it stands or falls with its places."""
    known = {card.name for card in store.read(regions.regions, Paging(200)).items}
    if name is not None and zone is not None and name not in known:
        return RegionDraft(name=name, time_zone=zone, currency=currency or CURRENCY)
    card = _region(store, name)
    if zone not in {None, card.time_zone} or currency not in {None, card.currency}:
        raise RegionDiffersError(name=card.name, zone=card.time_zone, currency=card.currency)
    return card.id
