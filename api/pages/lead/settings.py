"""What a point says about itself: its hours, and the days on which it is closed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.lead.points import shown_of
from api.pages.lead.whose import AtPoint, at_point
from api.pages.page import Asked, page
from api.reach import reach
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.kernel.page import Paging
from farmlink.network import commands
from farmlink.network.queries.leading import points_owned_by
from farmlink.network.values import OpenHours, PointCard, PointDraft
from farmlink.people import queries as people
from farmlink.people.values import Membership, Person, Principal, Role
from farmlink.store.transaction import Transaction

LEADERS: Final = role(Role.LEADER)
WEEKDAYS: Final = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
OPENING: Final = re.compile(r"([01]?\d|2[0-4]):?([0-5]\d)?\s*[-–~至到]\s*([01]?\d|2[0-4]):?([0-5]\d)?")  # noqa: RUF001  # what people type
HOURS_WRONG: Final = marked("Write opening hours such as 9:00-12:00, 15:00-18:30, or leave the day empty.")


class PointForm(msgspec.Struct, frozen=True):
    """The version that was seen, and a day more on which the point is closed."""

    revision: int
    closed_on: date | None = None
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A point, who leads it, and what is led with it: all points of its organisation."""

    at: AtPoint
    leaders: list[Person]
    opened: list[str]


class SettingsPages(Controller):
    """What a point says about itself."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}/settings"

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        point_id: FromPath[UUID],
        saved: FromQuery[str] = "",
    ) -> Response[Any]:
        """Show the hours, the closed days and who leads the point."""
        return settings_page(request, store.read(kept, principal, point_id), blank(), saved=bool(saved))

    @post("/", opt=taken_by(LEADERS), sync_to_thread=True)
    def keep(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: Sent,
    ) -> Response[Any]:
        """Keep what was written, as long as nobody else changed it meanwhile."""
        stands = store.read(kept, principal, point_id)
        point = stands.at.point
        try:
            form = read(data, PointForm)
            draft = _draft(point, form, data)
            store.run(commands.change_point, point.id, draft, form.revision, reach(store, principal, Role.LEADER))
        except RefusedError as refusal:
            return settings_page(request, stands, refilled(data, refusal, language))
        return Redirect(f"/lead/points/{point_id}/settings?saved=yes", status_code=303)


def settings_page(
    request: Asked, stands: Kept, form: Filled, sharing: Filled | None = None, *, saved: bool = False
) -> Response[Any]:
    """The settings as they stand or were typed, and who leads the point."""
    shown = {
        "form": replace(form, typed=_typed(stands.at.point) | dict(form.typed)),
        "sharing": sharing or blank(),
        "leaders": stands.leaders,
        "opened_points": stands.opened,
        "weekdays": WEEKDAYS,
        "saved": saved,
    }
    status = sharing.status if sharing else form.status
    return page("lead/settings.html", request, status=status, **shown | shown_of(stands.at))


def kept(tx: Transaction, principal: Principal, point_id: UUID) -> Kept:
    """A point of one's own, and who leads it."""
    at = at_point(tx, principal, point_id)
    own = at.point.organisation_id
    members = people.people(tx, [own], Paging(50)).items
    leaders = [one for one in members if Membership(Role.LEADER, own) in one.memberships]
    return Kept(at, leaders, sorted(point.name for point in points_owned_by(tx, [own])))


def _typed(point: PointCard) -> dict[str, object]:
    """The hours of each weekday as somebody would type them."""
    typed: dict[str, object] = {"name": point.name, "revision": point.revision}
    for weekday in range(7):
        of_day = sorted((one.opens_minute, one.closes_minute) for one in point.hours if one.weekday == weekday)
        typed[f"hours-{weekday}"] = ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in of_day)
    return typed


def _draft(point: PointCard, form: PointForm, data: Mapping[str, Any]) -> PointDraft:
    """The point as it shall be: what the form does not name stays as it is."""
    opened = data.get("open_again", [])
    opened = set(map(str, opened if isinstance(opened, list) else [opened]))
    added = {form.closed_on.isoformat()} if form.closed_on else set()
    kept = {field.name: getattr(point, field.name) for field in fields(PointDraft)}
    closed = tuple(sorted((set(point.closed_days) - opened) | added))
    return PointDraft(**kept | {"hours": _hours(data), "closed_days": closed, "name": form.name or point.name})


def _hours(data: Mapping[str, Any]) -> tuple[OpenHours, ...]:
    found, faults = [], []
    for weekday in range(7):
        typed = unicodedata.normalize("NFKC", str(data.get(f"hours-{weekday}", "")))
        for part in typed.split(","):
            read_as = OPENING.fullmatch(part.strip())
            if read_as:
                opens, opens_past, closes, closes_past = (int(one or 0) for one in read_as.groups())
                found.append(OpenHours(weekday, opens * 60 + opens_past, closes * 60 + closes_past))
            elif part.strip():
                faults.append(Fault(f"hours-{weekday}", "form", HOURS_WRONG, {}))
    if faults:
        raise FieldsError(faults)
    return tuple(found)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
