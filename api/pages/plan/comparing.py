"""Two versions of a plan beside each other: figures, trips on one map, and the stops that moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromQuery

from api.dependencies import ActingStore, Asking
from api.guards import held_by
from api.pages.page import Asked
from api.pages.plan.backdrop import mapped
from api.pages.plan.kpis import kpis
from api.pages.plan.named import Place
from api.pages.plan.sheet import Route, Sheet, Stop, sheet
from api.pages.plan.words import PHASES
from farmlink.people.values import Role
from farmlink.planning import queries
from farmlink.planning.values import PlanId
from farmlink.planning.work.drawn import drawn


@dataclass(frozen=True, slots=True)
class Moved:
    """A call that one plan makes otherwise than the other, or not at all."""

    phase: str
    place: Place
    one: tuple[Route, Stop] | None
    other: tuple[Route, Stop] | None


class ComparingPages(Controller):
    """Two plans of one planner's cycles."""

    path = "/plan/compare"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def compare(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        one: FromQuery[PlanId],
        other: FromQuery[PlanId],
    ) -> Response[Any]:
        """Compare two plans; of two cycles too, for then the places are the same."""
        first, second = sheet(store, principal, one), sheet(store, principal, other)
        figures = kpis(second.plan, drawn(store, other).measures, first.plan, drawn(store, one).measures)
        cycle = second.cycle
        context: dict[str, Any] = {
            "cycle": cycle,
            "currency": cycle.currency,
            "zone": cycle.time_zone,
            "PHASES": PHASES,
        }
        return mapped(
            "plan/compare.html",
            request,
            one=first,
            other=second,
            kpis=figures,
            moved=moved(first, second),
            farms=farms_changed(first, second),
            versions=store.read(queries.plans, cycle.id),
            **context,
        )


def moved(one: Sheet, other: Sheet) -> list[Moved]:
    """Calls at places that are made by another truck, in another order, or by one plan only."""
    here, there = _calls(one), _calls(other)
    found = []
    for key in sorted({*here, *there}, key=str):
        mine, theirs = here.get(key, []), there.get(key, [])
        if [_same(call) for call in mine] == [_same(call) for call in theirs]:
            continue
        for index in range(max(len(mine), len(theirs))):
            pair = (mine[index] if index < len(mine) else None, theirs[index] if index < len(theirs) else None)
            if pair[0] and pair[1] and _same(pair[0]) == _same(pair[1]):
                continue
            found.append(Moved(key[0], (pair[0] or pair[1] or mine[0])[1].place, *pair))
    return sorted(found, key=lambda change: (change.phase, change.place.name))


def farms_changed(one: Sheet, other: Sheet) -> list[tuple[Place, int, int]]:
    """Farms that send another weight: what they send in the one and in the other."""
    here = {row.place.id: row.weight_g for row in one.farms}
    there = {row.place.id: row.weight_g for row in other.farms}
    names = {row.place.id: row.place for row in (*one.farms, *other.farms)}
    changed = [(names[key], here.get(key, 0), there.get(key, 0)) for key in names]
    return sorted(
        (change for change in changed if change[1] != change[2]), key=lambda change: -abs(change[2] - change[1])
    )


def _calls(seen: Sheet) -> dict[tuple[str, UUID], list[tuple[Route, Stop]]]:
    calls: dict[tuple[str, UUID], list[tuple[Route, Stop]]] = {}
    for route, stop in _stops(seen.routes):
        calls.setdefault((route.phase, stop.place.id), []).append((route, stop))
    return {
        key: sorted(found, key=lambda call: (str(call[0].vehicle_id), call[1].start_at)) for key, found in calls.items()
    }


def _stops(routes: Iterable[Route]) -> Iterable[tuple[Route, Stop]]:
    return ((route, stop) for route in routes for stop in route.stops)


def _same(call: tuple[Route, Stop]) -> tuple[UUID, int]:
    """By what a call counts as the same: the truck and its place in the order."""
    return call[0].vehicle_id, call[1].position
