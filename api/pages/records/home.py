"""The way to every kind of record, and the settings as they are in force."""

import platform as machine
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Controller, Response, get

from api.dependencies import ActingStore, Asking
from api.guards import OPT, platform, role
from api.pages.page import Asked, page
from api.pages.records.cycles import Cycles
from api.pages.records.farms import Farms, Points
from api.pages.records.hubs import Hubs, Vehicles
from api.pages.records.organisations import Organisations
from api.pages.records.products import Packs, Products
from api.pages.records.record import Record
from api.pages.records.regions import Regions
from farmlink.kernel.locale import marked
from farmlink.people.values import Role
from farmlink.settings import Settings, read_settings
from farmlink.store import outbox
from farmlink.store.transaction import Transaction

ALL: Final[tuple[tuple[Record[Any], str, bool], ...]] = (
    (Cycles(), "calendar", False),
    (Products(), "leaf", True),
    (Packs(), "box", True),
    (Farms(), "sprout", False),
    (Points(), "point", False),
    (Hubs(), "home", False),
    (Vehicles(), "truck", False),
    (Regions(), "route", False),
    (Organisations(), "people", True),
)
"""Each kind with its icon, and whether the platform's staff alone keeps it."""
HIDDEN: Final = marked("set, and not shown")
NOT_SET: Final = marked("not set")


class RecordHome(Controller):
    """Where records begin."""

    path = "/ops"
    include_in_schema = False

    @get("/records", opt={OPT: role(Role.ADMIN, Role.PLANNER)}, sync_to_thread=False)
    def records(self, request: Asked, principal: Asking) -> Response[Any]:
        """Show every kind of record that whoever asks may keep."""
        staff = principal.serves_platform(Role.ADMIN, Role.PLANNER)
        kinds = [(record, drawn) for record, drawn, at_platform in ALL if staff or not at_platform]
        return page("records/home.html", request, kinds=kinds)

    @get("/settings", opt={OPT: platform(Role.ADMIN)}, sync_to_thread=True)
    def settings(self, request: Asked, store: ActingStore) -> Response[Any]:
        """Show the settings in force, none of their secrets, and whether everything answers."""
        rows = _rows(read_settings())
        versions = {"farmlink": version("farmlink"), "Python": machine.python_version()}
        health = store.read(_health)
        return page("records/settings.html", request, rows=rows, versions=versions, **health)


def _rows(settings: Settings) -> list[tuple[str, str, str, bool]]:
    """Each setting: its variable, what it is, its value without secrets, and whether the value is a text of ours."""
    service, _, key = settings.geocoder.partition(":")
    database = settings.database_url
    return [
        ("FARMLINK_DATA", marked("Folder of the data"), str(settings.data), False),
        ("FARMLINK_DATABASE_URL", marked("Database of one's own"), _address(database), database is None),
        ("FARMLINK_POOL_SIZE", marked("Connections kept open"), str(settings.pool_size), False),
        ("FARMLINK_GEOCODER", marked("Who finds addresses"), f"{service}: …" if key else service, False),
        ("FARMLINK_SMTP_URL", marked("Mail server"), _address(settings.smtp_url), settings.smtp_url is None),
        ("FARMLINK_MAIL_FROM", marked("Letters come from"), settings.mail_from, False),
        ("FARMLINK_PUBLIC_URL", marked("Address of the pages"), settings.public_url, False),
        ("FARMLINK_PAYMENTS", marked("Accounts at payment providers"), _secret(settings.payments), True),
        (
            "FARMLINK_METRICS_TOKEN",
            marked("Token of who measures"),
            HIDDEN if settings.metrics_token else NOT_SET,
            True,
        ),
    ]


def _secret(value: object) -> str:
    return HIDDEN if value else NOT_SET


def _address(url: str | None) -> str:
    """Where something is, without who signs in there."""
    if url is None:
        return NOT_SET
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # several hosts, or a password that holds what ends an address
        return HIDDEN
    return f"{parts.scheme}://{'…@' if parts.username else ''}{parts.hostname or ''}{port}{parts.path}"


def _health(tx: Transaction) -> dict[str, Any]:
    return {"standing": outbox.standing(tx), "answered_at": tx.now}
