"""At what price a lot that is not sold out would have sold more, estimated from the lines it could replace."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.trace import Trace
from solver.cost import half_up, price_lines
from solver.eligibility import days_left, eligible, sendable
from solver.problem import Ints
from solver.solution import NONE, Explanation, Phase

MOST_LOTS = 5000
"""More explanations than this nobody reads; the plan stays small."""


def unsold_lots(plan: Trace) -> Iterator[Explanation]:
    """One explanation per lot with at least a pack left that some batch would take.

    At most `MOST_LOTS`, those with most grams left. A lot replaces the dearest line of its kind (gate price and its
    share of collection) or a shortage (at its declared price); where its farm is not visited yet, the cheapest detour
    of a collection route is taken off. An estimate, and called so: routes and other lots stay as they are.
    """
    lots = plan.problem.lots
    spare = sendable(plan.problem) - plan.sent
    unsold = np.flatnonzero(eligible(plan.problem) & (spare >= lots.pack))
    spare_g = spare * plan.problem.products.unit_weight_g[lots.product]
    unsold = np.sort(unsold[np.argsort(-spare_g[unsold], kind="stable")[:MOST_LOTS]])
    unvisited = plan.solution.farm_hub[lots.farm[unsold]] == NONE
    detour_minor = _detours(plan, np.unique(lots.farm[unsold[unvisited]]))
    worth, room = _dearest_lines(plan, unsold)
    for lot in unsold.tolist():
        farm = int(lots.farm[lot])
        quantity = min(int(spare[lot]), int(room[lot]))
        facts = {"ask_minor_per_1000": int(lots.ask_minor_per_1000[lot]), "sent": int(plan.sent[lot])}
        if not quantity:
            yield Explanation("lot", str(lots.id[lot]), "not-asked", facts)
            continue
        visit_minor = 0 if plan.solution.farm_hub[farm] != NONE else half_up(int(detour_minor[farm]) * 1000, quantity)
        price = max(int(worth[lot]) - visit_minor, 0)
        if price >= facts["ask_minor_per_1000"]:
            # What a price does not explain, another rule does: vehicles, throughput, shares, fairness.
            yield Explanation("lot", str(lots.id[lot]), "held-back", facts)
        else:
            facts |= {"would_sell_at_minor_per_1000": price, "quantity": quantity}
            yield Explanation("lot", str(lots.id[lot]), "price-estimate", facts)


def _dearest_lines(plan: Trace, unsold: Ints) -> tuple[Ints, Ints]:
    """Per lot: minor units per thousand of the dearest line or shortage it could take over, and all it could take."""
    problem, allocations, short = plan.problem, plan.solution.allocations, plan.solution.shortfalls
    lines = price_lines(problem, plan.solution)
    exact = [
        half_up(minor * 1000, quantity)
        for minor, quantity in zip(
            (lines.purchase + lines.collection).tolist(), allocations.quantity.tolist(), strict=True
        )
    ]
    short_minor = problem.products.shortfall_minor_per_1000[problem.batches.product[short.batch]]
    batch = np.concatenate([allocations.batch, short.batch])
    value = np.concatenate([np.array(exact, dtype=np.int64), short_minor])
    quantity = np.concatenate([allocations.quantity, short.quantity])
    lot = np.concatenate([allocations.lot, np.full(len(short.batch), NONE)])
    lots, batches = problem.lots, problem.batches
    left = days_left(problem, np.arange(len(lots.id), dtype=np.int64))
    worth, room = np.zeros(len(lots.id), dtype=np.int64), np.zeros(len(lots.id), dtype=np.int64)
    for row in unsold.tolist():
        takes = (batches.product[batch] == lots.product[row]) & (batches.grade[batch] <= lots.grade[row])
        takes &= (batches.fresh_days[batch] <= left[row]) & (lot != row)
        worth[row], room[row] = value[takes].max(initial=0), quantity[takes].sum()
    return worth, room


def _detours(plan: Trace, farms: Ints) -> Ints:
    """Per farm, for these, what the cheapest way to visit it on a collection route that is driven anyway would cost."""
    problem, stops, routes = plan.problem, plan.solution.stops, plan.solution.routes
    collecting = np.flatnonzero(routes.phase[stops.route] == Phase.COLLECTION)
    minor = np.zeros(len(problem.farms.id), dtype=np.int64)
    if not len(collecting):
        return minor
    route = stops.route[collecting]
    home = problem.hubs.place[plan.home[route]]
    vehicle = routes.vehicle[route]
    # Before each stop; the way home is as long as the way out, and the last stop's other side is left out.
    first = np.concatenate([[True], route[1:] != route[:-1]])
    before = np.where(first, home, np.roll(stops.place[collecting], 1))
    after = stops.place[collecting]
    straight = plan.roads.legs(before, after)
    for farm, place in zip(farms.tolist(), problem.farms.place[farms].tolist(), strict=True):
        there, on = (
            plan.roads.legs(before, np.full_like(before, place)),
            plan.roads.legs(np.full_like(after, place), after),
        )
        extra_m = np.maximum(there.distance_m + on.distance_m - straight.distance_m, 0)
        extra_s = np.maximum(there.duration_s + on.duration_s - straight.duration_s, 0) + problem.farms.service_s[farm]
        extra = (
            extra_m * problem.vehicles.minor_per_km[vehicle] * 36
            + extra_s * problem.vehicles.minor_per_hour[vehicle] * 10
        )
        toll_minor = there.toll_minor + on.toll_minor - straight.toll_minor
        minor[farm] = (extra // 36_000 + toll_minor).min()
    return minor
