"""A plan to take along: tables, map, ways, calendar and paper."""

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by
from api.pages.paper import printed
from api.pages.plan.exports import Papers, csv_table, geojson, gpx, ical, spreadsheet
from api.pages.plan.freight import freight
from api.pages.plan.sheet import Sheet, sheet
from farmlink.people.values import Role
from farmlink.planning.values import PlanId

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportPages(Controller):
    """Files of a plan, for the planners of its cycle's hub."""

    path = "/plan/plans/{plan_id:uuid}"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("/plan.csv", sync_to_thread=True)
    def csv(
        self, store: ActingStore, principal: Asking, language: Language, plan_id: FromPath[PlanId]
    ) -> Response[bytes]:
        """Stops as text."""
        seen = sheet(store, principal, plan_id)
        return _file(seen, csv_table(seen, language), "csv", "text/csv")

    @get("/plan.xlsx", sync_to_thread=True)
    def xlsx(
        self, store: ActingStore, principal: Asking, language: Language, plan_id: FromPath[PlanId]
    ) -> Response[bytes]:
        """All tables for a spreadsheet."""
        seen = sheet(store, principal, plan_id)
        return _file(seen, spreadsheet(seen, language), "xlsx", XLSX)

    @get("/plan.geojson", sync_to_thread=True)
    def geojson(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[bytes]:
        """The map; the board draws it too."""
        seen = sheet(store, principal, plan_id)
        return _file(seen, geojson(seen), "geojson", "application/geo+json")

    @get("/plan.gpx", sync_to_thread=True)
    def gpx(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[bytes]:
        """Ways for a navigator."""
        seen = sheet(store, principal, plan_id)
        return _file(seen, gpx(seen), "gpx", "application/gpx+xml")

    @get("/plan.ics", sync_to_thread=True)
    def ical(self, store: ActingStore, principal: Asking, plan_id: FromPath[PlanId]) -> Response[bytes]:
        """Trips for a calendar."""
        seen = sheet(store, principal, plan_id)
        return _file(seen, ical(seen), "ics", "text/calendar")

    @get("/trips.pdf", sync_to_thread=True)
    def route_sheets(
        self, store: ActingStore, principal: Asking, language: Language, plan_id: FromPath[PlanId]
    ) -> Response[bytes]:
        """A sheet for every driver."""
        seen = sheet(store, principal, plan_id)
        return _paper(seen, Papers(freight(store, principal, seen), language).route_sheets(), "trips")

    @get("/loads.pdf", sync_to_thread=True)
    def load_lists(
        self, store: ActingStore, principal: Asking, language: Language, plan_id: FromPath[PlanId]
    ) -> Response[bytes]:
        """What each hub picks and loads."""
        seen = sheet(store, principal, plan_id)
        return _paper(seen, Papers(freight(store, principal, seen), language).load_lists(), "loads")

    @get("/notes.pdf", sync_to_thread=True)
    def delivery_notes(
        self, store: ActingStore, principal: Asking, language: Language, plan_id: FromPath[PlanId]
    ) -> Response[bytes]:
        """A note for every delivery."""
        seen = sheet(store, principal, plan_id)
        return _paper(seen, Papers(freight(store, principal, seen), language).delivery_notes(), "notes")


def _file(seen: Sheet, content: bytes, ending: str, media_type: str) -> Response[Any]:
    name = f"{_name(seen, 'plan')}.{ending}"
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


def _paper(seen: Sheet, content: bytes, kind: str) -> Response[bytes]:
    return printed(content, _name(seen, kind))


def _name(seen: Sheet, kind: str) -> str:
    return f"{kind}-{seen.cycle.collect_on}-v{seen.plan.version}"
