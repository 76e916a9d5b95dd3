"""What a farm chose once for all: whether silence means yes, and when trucks may come to its gate."""

from __future__ import annotations

from dataclasses import fields
from datetime import time
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from api.body import Fault, FieldsError
from api.dependencies import ActingStore, Asking, Language
from api.pages.farm.own import FARMERS, FOR_FARMERS, farm_named, own_farm, own_farms
from api.pages.farm.words import WEEKDAYS
from api.pages.forms import Filled, Sent, blank, read, refilled, taken_by
from api.pages.page import Asked, page
from api.reach import reach
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.network import commands
from farmlink.network.values import FarmCard, FarmDraft, FarmId, OpenHours
from farmlink.people.values import Role

KEPT: Final = tuple(field.name for field in fields(FarmDraft) if field.name not in {"hours", "standing_yes"})
HALF: Final = marked("Write both hours, or neither.")
HOUR: Final = marked("Write an hour, such as 07:30.")
LAST_MINUTE: Final = 24 * 60 - 1
BACKWARDS: Final = marked("This must be later than the first hour.")


class SettingsForm(msgspec.Struct, frozen=True):
    """What stays apart from the hours, which are read day by day; `revision` is what was seen."""

    farm_id: UUID
    revision: int
    standing_yes: bool = False


class SettingsPages(Controller):
    """A farm's standing choices."""

    path = "/farm/settings"
    opt = FOR_FARMERS
    include_in_schema = False

    @get("", sync_to_thread=True)
    def settings(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        farm: FromQuery[UUID | None] = None,
        kept: FromQuery[bool] = False,  # noqa: FBT002  # a word in the address
    ) -> Response[Any]:
        """Show what is chosen."""
        own = store.read(own_farm, principal, None if farm is None else FarmId(farm))
        farms = store.read(own_farms, principal)
        return _shown(request, own, farms, blank(standing_yes=own.standing_yes, **_written(own)), kept=kept)

    @post("", opt=taken_by(FARMERS), sync_to_thread=True)
    def choose(
        self, request: Asked, store: ActingStore, principal: Asking, language: Language, data: Sent
    ) -> Response[Any]:
        """Keep what is chosen now; what else the farm says about itself stays."""
        farms = store.read(own_farms, principal)
        own = store.read(own_farm, principal, farm_named(data))
        try:
            form = read(data, SettingsForm)
            stays = {name: getattr(own, name) for name in KEPT}
            draft = FarmDraft(**stays, hours=_hours(data), standing_yes=form.standing_yes)
            store.run(commands.change_farm, own.id, draft, form.revision, reach(store, principal, Role.FARMER))
        except RefusedError as refusal:
            return _shown(request, own, farms, refilled(data, refusal, language))
        return Redirect(f"/farm/settings?farm={own.id}&kept=true", status_code=303)


def _shown(request: Asked, own: FarmCard, farms: list[FarmCard], form: Filled, *, kept: bool = False) -> Response[Any]:
    return page(
        "farm/settings.html",
        request,
        status=form.status,
        farm=own,
        farms=farms,
        form=form,
        weekdays=WEEKDAYS,
        kept=kept,
    )


def _written(farm: FarmCard) -> dict[str, str]:
    """When trucks may come on each day: planning, too, looks at the first opening and the last closing."""
    found: dict[str, str] = {}
    for weekday in {one.weekday for one in farm.hours}:
        of_day = [one for one in farm.hours if one.weekday == weekday]
        ends = {"opens": min(one.opens_minute for one in of_day), "closes": max(one.closes_minute for one in of_day)}
        for name, minute in ends.items():
            written = min(minute, LAST_MINUTE)
            found[f"{name}_{weekday}"] = f"{written // 60:02}:{written % 60:02}"
    return found


def _hours(data: dict[str, Any]) -> tuple[OpenHours, ...]:
    """A window for each day that has both hours; faults stand at their field."""
    found, faults = [], []
    for weekday in range(7):
        opens, closes = (str(data.get(f"{name}_{weekday}", "")).strip() for name in ("opens", "closes"))
        if not opens and not closes:
            continue
        minutes = [_minute(text) for text in (opens, closes)]
        if not opens or not closes:
            faults.append(Fault(f"{'closes' if opens else 'opens'}_{weekday}", "missing", HALF, {}))
        elif minutes[0] is None or minutes[1] is None:
            wrong = "opens" if minutes[0] is None else "closes"
            faults.append(Fault(f"{wrong}_{weekday}", "form", HOUR, {}))
        elif minutes[1] <= minutes[0]:
            faults.append(Fault(f"closes_{weekday}", "range", BACKWARDS, {}))
        else:
            found.append(OpenHours(weekday, minutes[0], minutes[1]))
    if faults:
        raise FieldsError(faults)
    return tuple(found)


def _minute(text: str) -> int | None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at.hour * 60 + at.minute
