"""What to pick for which day, and the labels that go on it."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import segno
from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from markupsafe import Markup

from api.dependencies import ActingStore, Asking, Language
from api.pages.farm.own import FOR_FARMERS, own_farms, region_of, today_of
from api.pages.farm.told import Goods, goods_in, goods_of
from api.pages.page import Asked, page
from api.pages.paper import Label, labels, printed, reader
from api.pages.written import day as written_day
from api.reach import reach
from farmlink.confirmations import queries as questions
from farmlink.confirmations.values import RequestView
from farmlink.kernel.locale import marked, render
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.settings import read_settings
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

YESTERDAY: Final = timedelta(days=1)
MOST_LABELS: Final = 24
LABELS: Final = marked("Labels")
HARVESTED: Final = marked("harvested {day}")


class HarvestPages(Controller):
    """The harvest list, day by day, and printed labels."""

    path = "/farm/harvest"
    opt = FOR_FARMERS
    include_in_schema = False

    @get("", sync_to_thread=True)
    def harvest(self, request: Asked, store: ActingStore, principal: Asking) -> Response[Any]:
        """List what was promised, from yesterday on."""
        return page("farm/harvest.html", request, **store.read(_harvest, principal))

    @get("/labels", sync_to_thread=True)
    def labels(
        self, request: Asked, store: ActingStore, principal: Asking, day: FromQuery[date | None] = None
    ) -> Response[Any]:
        """Show the labels of a day, one for each lot, or those of all days."""
        shown = store.read(_harvest, principal)
        lots = _lots_of(shown, day)
        codes = {lot_id: _code(lot_id) for lot_id in lots}
        return page("farm/labels.html", request, lots=lots, codes=codes, copies=1, day=day, **shown)

    @get("/label/{lot_id:uuid}", sync_to_thread=True)
    def label(self, request: Asked, store: ActingStore, principal: Asking, lot_id: FromPath[UUID]) -> Response[Any]:
        """Show a sheet of one lot's labels."""
        lot = store.read(supply.lot, LotId(lot_id), reach(store, principal, Role.FARMER))
        goods = store.read(goods_in, [lot])
        codes = {lot.id: _code(lot.id)}
        return page("farm/labels.html", request, lots=[lot.id], codes=codes, copies=MOST_LABELS, day=None, goods=goods)

    @get("/labels.pdf", sync_to_thread=True)
    def printed_labels(
        self, store: ActingStore, principal: Asking, language: Language, day: FromQuery[date | None] = None
    ) -> Response[bytes]:
        """Print the labels of a day, one for each lot, or those of all days."""
        shown = store.read(_harvest, principal)
        return _printed([shown["goods"][lot_id] for lot_id in _lots_of(shown, day)], language)

    @get("/label/{lot_id:uuid}/labels.pdf", sync_to_thread=True)
    def printed_label(
        self, store: ActingStore, principal: Asking, language: Language, lot_id: FromPath[UUID]
    ) -> Response[bytes]:
        """Print a sheet of one lot's labels."""
        lot = store.read(supply.lot, LotId(lot_id), reach(store, principal, Role.FARMER))
        return _printed([store.read(goods_in, [lot])[lot.id]] * MOST_LABELS, language)


def _lots_of(shown: dict[str, Any], day: date | None) -> list[LotId]:
    """The lots of a day's picking, or of all days'."""
    return [one.lot_id for of_day in shown["days"] if day in (None, of_day["day"]) for one in of_day["asked"]]


def _printed(lots: list[Goods], language: str) -> Response[bytes]:
    found = [_label(one, language) for one in lots]
    return printed(labels(render(LABELS, language), language, found), "labels")


def _label(one: Goods, language: str) -> Label:
    grade = next((named.name for named in one.product.grades if named.rank == one.lot.grade), {})
    grown = render(HARVESTED, language, {"day": written_day(reader(language), one.lot.harvest_on)})
    return Label(
        address=f"{read_settings().public_url}/lots/{one.lot.id}",
        title=_own(one.product.name, language),
        says=(one.farm.name, f"{_own(grade, language)} · {grown}", one.lot.code or str(one.lot.id)[-8:]),
    )


def _own(names: dict[str, str], language: str) -> str:
    return names.get(language) or names.get("en", "")


def _code(lot_id: LotId) -> Markup:
    """The way to a lot's page as a code for cameras: SVG, drawn by attributes alone."""
    drawn = BytesIO()
    address = f"{read_settings().public_url}/lots/{lot_id}"
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by segno from an address of ours


def _harvest(tx: Transaction, principal: Principal) -> dict[str, Any]:
    farms = own_farms(tx, principal)
    region = region_of(tx, farms)
    asked = questions.promised(tx, [farm.id for farm in farms], today_of(tx, farms) - YESTERDAY)
    days = [_of_day(tx, day, list(of_day)) for day, of_day in groupby(asked, key=lambda one: one.day)]
    return {"days": days, "goods": goods_of(tx, asked), "farms": farms, "zone": region.time_zone if region else "UTC"}


def _of_day(tx: Transaction, day: date, asked: list[RequestView]) -> dict[str, Any]:
    """A day's picking with the hours at which trucks come, by cycle and farm."""
    plans = {one.cycle_id: planning.published_plan(tx, one.cycle_id) or one.plan_id for one in asked}
    farms = {one.farm_id for one in asked}
    fetched = {cycle_id: planning.fetched_at(tx, plan_id, farms) for cycle_id, plan_id in plans.items()}
    return {"day": day, "asked": asked, "fetched": {one.id: fetched[one.cycle_id].get(one.farm_id) for one in asked}}
