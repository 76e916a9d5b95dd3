"""Tables that come in as CSV: looked at first, with an error per row and column, then written whole or not at all."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import open_to, role
from api.pages.forms import Filled, Sent, blank, refilled
from api.pages.page import Asked, page
from api.pages.plan.named import hubs_planned
from api.pages.records.pages import TAKEN
from api.pages.records.places import EVERY, regions_of
from api.pages.records.record import Who, id_of
from api.pages.records.tables import TABLES, Table
from api.pages.records.told import Told, told
from api.planners import require_cycle
from api.reach import require_region
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.kernel.errors import ForbiddenError, MissingError, RefusedError
from farmlink.kernel.locale import marked
from farmlink.network import queries as network
from farmlink.network.values import RegionId
from farmlink.people.values import Role
from farmlink.store.sheets import Request
from farmlink.store.transaction import Transaction

STAFF = role(Role.ADMIN, Role.PLANNER)
LARGEST: Final = 1_000_000
"""Bytes of a file that is taken here; the command line takes any."""
LARGEST_FORM: Final = 4 * LARGEST
"""A form writes most signs outside ASCII as three."""
TOO_LARGE: Final = marked("This is larger than 1 MB. Divide it, or import it with the command line.")
NEEDED: Final = marked("Paste a table here, or choose a file.")
NOT_CHOSEN: Final = marked("Choose one.")


class ImportPages(Controller):
    """Imports, for planners into their own regions and cycles."""

    path = "/ops/imports"
    opt = open_to(STAFF)
    include_in_schema = False

    @get("", sync_to_thread=False)
    def kinds(self, request: Asked, principal: Asking) -> Response[Any]:
        """Show what can be imported."""
        staff = principal.serves_platform(Role.ADMIN, Role.PLANNER)
        return page(
            "records/imports.html", request, tables=[one for one in TABLES.values() if staff or not one.at_platform]
        )

    @get("/{name:str}", sync_to_thread=True)
    def table(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, name: FromPath[str]
    ) -> Response[Any]:
        """Show the form of one kind of table."""
        who = Who(store, principal, language, request.query_params)
        return _form(request, who, _table(who, name), blank(**dict(request.query_params)))

    @post("/{name:str}", opt=TAKEN, request_max_body_size=LARGEST_FORM, sync_to_thread=True)
    def take(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, name: FromPath[str], data: Sent
    ) -> Response[Any]:
        """Judge a table, and write it if that was asked for."""
        who = Who(store, principal, language)
        table = _table(who, name)
        try:
            found = _taken(who, table, data)
        except RefusedError as refusal:
            return _form(request, who, table, refilled({"csv": "", table.whither: ""} | data, refusal, language))
        return _form(request, who, table, Filled(data, status=422 if found.refused else 200), found)


def _table(who: Who, name: str) -> Table:
    if name not in TABLES:
        raise MissingError(noun="page", id=name)
    table = TABLES[name]
    if table.at_platform and not who.principal.serves_platform(Role.ADMIN, Role.PLANNER):
        raise ForbiddenError
    return table


def _taken(who: Who, table: Table, data: dict[str, Any]) -> Told:
    whither, text = id_of(data, table.whither), str(data.get("csv", ""))
    faults = [Fault(table.whither, "missing", NOT_CHOSEN, {})] if whither is None else []
    if not text.strip():
        faults.append(Fault("csv", "missing", NEEDED, {}))
    elif len(text.encode()) > LARGEST:
        faults.append(Fault("csv", "too-large", TOO_LARGE, {}))
    if faults or whither is None:
        raise FieldsError(faults)
    target = _target(who, table, whither)
    approved = {"approved": True} if table.name == "places" and data.get("approved") else {}
    preview = data.get("deed") != "import"
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{table.name}.csv"
        path.write_bytes(text.encode())
        request = Request(path, skip_bad=bool(data.get("skip_bad")), preview=preview, encoding="utf-8")
        return told(table.load(who.store, request, target, **approved), request, who.language)


def _target(who: Who, table: Table, whither: UUID) -> RegionId | CycleId:
    """The region or cycle that whoever asks plans; for others it does not exist."""
    if table.whither == "region_id":
        require_region(who.store, who.principal, RegionId(whither))
        return RegionId(whither)
    return require_cycle(who.store, who.principal, CycleId(whither)).id


def _form(request: Asked, who: Who, table: Table, form: Filled, found: Told | None = None) -> Response[Any]:
    targets = who.store.read(_targets, who, table)
    context = {"table": table, "targets": targets, "found": found, "form": form}
    return page("records/import.html", request, status=form.status, **context)


def _targets(tx: Transaction, who: Who, table: Table) -> list[tuple[str, str, Any]]:
    """What can be chosen: an id, a name, and the day of a cycle."""
    if table.whither == "region_id":
        return [(str(one.id), one.name, None) for one in regions_of(tx, who.principal)]
    found: list[Cycle] = cycles.cycles(tx, EVERY, hub_ids=hubs_planned(tx, who.principal)).items
    names = {key: network.hub(tx, key).name for key in {one.hub_id for one in found}}
    latest = sorted(found, key=lambda one: (one.collect_on, one.id), reverse=True)
    return [(str(one.id), names[one.hub_id], one) for one in latest]
