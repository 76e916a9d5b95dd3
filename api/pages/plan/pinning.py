"""Pins: what planners hold to for the next plan, by one button each; which one was pressed says what."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from api.pages.forms import key_of, read
from api.pages.plan.sheet import Sheet
from farmlink.network.values import FarmId
from farmlink.planning import commands, queries
from farmlink.planning.rules import HELD_PHASES, PLANNABLE, one_truck
from farmlink.planning.values import HoldId, HoldKind, PlanView
from farmlink.store.store import Store


class Pressed(msgspec.Struct, frozen=True):
    """A farm, a stop as its phase and place, the number of a trip, or the pin that is taken out."""

    farm: FarmId | None = None
    stop: str | None = None
    trip: int | None = None
    release: HoldId | None = None


def pin(store: Store, plan: PlanView, data: Mapping[str, Any]) -> str:
    """Do what the pressed button says; where on the board that is."""
    pressed, key = read(data, Pressed), key_of(data)
    if pressed.release is not None:
        if any(one.id == pressed.release for one in store.read(queries.holds, plan.cycle_id)):
            store.once(key, commands.release, [pressed.release])
        return "pins"
    if pressed.farm is not None:
        store.once(key, commands.hold_farm, plan.id, pressed.farm)
        return f"place-{pressed.farm}"
    if pressed.trip is not None:
        store.once(key, commands.hold_route, plan.id, pressed.trip)
        return f"trip-{pressed.trip}"
    phase, _, place = (pressed.stop or "").partition(":")
    store.once(key, commands.hold_stop, plan.id, phase, _id(place))
    return "pins"


def pinned(store: Store, seen: Sheet) -> dict[str, Any]:
    """What is held to in the cycle, by farm and by phase and place, and what of this plan can be."""
    held = store.read(queries.holds, seen.cycle.id)
    views = store.read(queries.routes, seen.plan.id)
    alone = {
        (route.phase, stop.place_id)
        for route in views
        if route.phase in HELD_PHASES
        for stop in route.stops
        if one_truck(views, route.phase, stop.place_id)
    }
    return {
        "holds": held,
        "held_farms": {one.place_id: one for one in held if one.kind is HoldKind.FARM},
        "held_stops": {(one.phase, one.place_id): one for one in held if one.kind is HoldKind.STOP},
        "holdable": alone,
        "plannable": seen.cycle.stage in PLANNABLE,
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # nobody's place: refused like any other that the plan does not serve
