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

from api.dependencies import ActingStore, Asking
from api.pages.farm.own import FOR_FARMERS, own_farms, region_of, today_of
from api.pages.farm.told import goods_in, goods_of
from api.pages.page import Asked, page
from api.reach import reach
from farmlink.confirmations import queries as questions
from farmlink.confirmations.values import RequestView
from farmlink.people.values import Principal, Role
from farmlink.planning import queries as planning
from farmlink.settings import read_settings
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

YESTERDAY: Final = timedelta(days=1)
MOST_LABELS: Final = 24


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
        lots = [one.lot_id for of_day in shown["days"] if day in (None, of_day["day"]) for one in of_day["asked"]]
        codes = {lot_id: _code(lot_id) for lot_id in lots}
        return page("farm/labels.html", request, lots=lots, codes=codes, copies=1, day=day, **shown)

    @get("/label/{lot_id:uuid}", sync_to_thread=True)
    def label(self, request: Asked, store: ActingStore, principal: Asking, lot_id: FromPath[UUID]) -> Response[Any]:
        """Show a sheet of one lot's labels."""
        lot = store.read(supply.lot, LotId(lot_id), reach(store, principal, Role.FARMER))
        goods = store.read(goods_in, [lot])
        codes = {lot.id: _code(lot.id)}
        return page("farm/labels.html", request, lots=[lot.id], codes=codes, copies=MOST_LABELS, day=None, goods=goods)


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
