"""A plan changed by hand, stop by stop: what it costs and what it breaks. Its address holds the changes until kept."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import WHOLE, Filled, Sent, blank, key_of, refilled, taken_by, typed_all
from api.pages.page import Asked, page
from api.pages.plan.sheet import Route, Sheet, routes_of, sheet
from api.pages.plan.words import PHASES, RULES
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import render_refusal
from farmlink.people.values import Role
from farmlink.planning.rules import PLANNABLE, MoveImpossibleError
from farmlink.planning.values import Broken, Move, PlanId
from farmlink.planning.work.edited import Tried, keep, tried
from farmlink.store.store import Store

PLANNERS = role(Role.PLANNER, Role.ADMIN)
WRITTEN: Final = re.compile(r"(\d{1,4})\.(\d{1,4})-(\d{1,4})\.(\d{1,4})")


class EditingPages(Controller):
    """Trying other trips by hand, for the planners of a plan's hub; what was tried is an address to share."""

    path = "/plan/plans/{plan_id:uuid}/edit"
    opt = held_by(Role.PLANNER, Role.ADMIN)
    include_in_schema = False

    @get("", sync_to_thread=True)
    def edit(  # noqa: PLR0913  # what was moved before, and what is moved now
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        plan_id: FromPath[PlanId],
        *,
        move: Annotated[list[str] | None, QueryParameter(max_items=60)] = None,
        stop: Annotated[str, QueryParameter(max_length=10)] = "",
        to: Annotated[str, QueryParameter(max_length=4)] = "",
        at: Annotated[str, QueryParameter(max_length=4)] = "",
    ) -> Response[Any]:
        """Show the plan as it would be, with every rule that the changes break; nothing of it is stored yet."""
        seen, moves, form = sheet(store, principal, plan_id), list(move or []), blank(stop=stop, to=to, at=at or 1)
        try:
            if stop:
                _tried(store, seen, [*moves, one := f"{stop}-{to}.{at or 1}"])
                return Redirect(_address(plan_id, [*moves, one]), status_code=303)
            found = _tried(store, seen, moves)
        except MoveImpossibleError as refusal:
            form = Filled(form.typed, {WHOLE: render_refusal(refusal, language)}, 422)
            moves = moves if stop else []
            found = _tried(store, seen, moves)
        return page("plan/edit.html", request, status=form.status, form=form, **_shown(seen, found, moves))

    @post("", opt=taken_by(PLANNERS), sync_to_thread=True)
    def keep(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        plan_id: FromPath[PlanId],
        data: Sent,
    ) -> Response[Any]:
        """Keep what was tried as a version of its own, whatever it breaks."""
        seen, moves = sheet(store, principal, plan_id), typed_all(data, "move")
        try:
            made = keep(store, key_of(data), plan_id, _read(moves))
        except RefusedError as refusal:
            moves = [] if isinstance(refusal, MoveImpossibleError) else moves
            found, form = _tried(store, seen, moves), refilled(data, refusal, language)
            return page("plan/edit.html", request, status=form.status, form=form, **_shown(seen, found, moves))
        return Redirect(f"/plan/plans/{made}", status_code=303)


def _tried(store: Store, seen: Sheet, moves: list[str]) -> Tried:
    return tried(store, seen.plan.id, _read(moves), seen.cycle.collect_on, seen.cycle.time_zone)


def _read(moves: list[str]) -> list[Move]:
    found = [WRITTEN.fullmatch(one) for one in moves]
    if None in found:
        raise MoveImpossibleError(field="move")
    return [Move(*map(int, one.groups())) for one in found if one]


def _shown(seen: Sheet, found: Tried, moves: list[str]) -> dict[str, Any]:
    before = {route.number: route for route in seen.routes}
    now = routes_of(found.routes, found.drawn, seen.names)
    movable = [route for route in now if route.phase != "line-haul"]
    return {
        "sheet": seen,
        "plan": seen.plan,
        "cycle": seen.cycle,
        "currency": seen.cycle.currency,
        "zone": seen.cycle.time_zone,
        "found": found,
        "moves": moves,
        "changed": [(before[route.number], route) for route in now if _way(route) != _way(before[route.number])],
        "gone": sorted(set(before) - {route.number for route in now}),
        "movable": movable,
        "broken": in_words(found.broken),
        "may": seen.cycle.stage in PLANNABLE,
        "address": _address(seen.plan.id, moves),
        "PHASES": PHASES,
    }


def in_words(broken: Iterable[Broken]) -> list[tuple[str, Broken]]:
    """Rules that are broken, each in words."""
    return [(RULES.get(one.rule, RULES[""]), one) for one in broken]


def _way(route: Route) -> list[object]:
    return [(stop.place.id, stop.start_at) for stop in route.stops]


def _address(plan_id: PlanId, moves: list[str]) -> str:
    query = "&".join(f"move={one}" for one in moves)
    return f"/plan/plans/{plan_id}/edit{'?' if query else ''}{query}"
