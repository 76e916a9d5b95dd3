"""A plan again after answers: what was confirmed stays where it is, what is free looks for a place around it.

The earlier trips are driven as they were, less what is gone; what was freed is bought again by the flow at the farms
that are called at anyway, then by a few calls more, opened greedily and ruined and recreated around (Schrimpf et al.
2000). Minimal disturbance is the aim of rescheduling, not only of its cost (Vieira, Herrmann & Lin 2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solver.allocation.limits import Limits, first_limits
from solver.allocation.ways import Ways, expected_loads, expected_ways
from solver.best import Best
from solver.draft import Draft
from solver.instance import Instance
from solver.joint import Planned, Planner, nobody_refused
from solver.params import Params
from solver.problem import Flags, Ints
from solver.promised import possible_before, trips_before
from solver.routing.known import Known, KnownTrip
from solver.routing.transport import Budget
from solver.search.candidates import FARMS, Candidate, Evaluator
from solver.search.moves import Search
from solver.search.plans import candidate_of, known_of, loads_of, trips_of
from solver.search.starts import built, walkable
from solver.search.tours import Tour
from solver.solution import Phase

LEAST_FLOWS, FLOWS = 300, 1
"""Product flows that the walk may ask for: always, and of each iteration. After declines of 5 and 20 % on Michigan a
walk of 1,200 and, after 5 %, of 12,000 flows found nothing more than this one."""
ANOTHER_TRUCK = 0.005
"""Of the cost, shortages included, a plan must save so much before a farm that confirmed sees another truck."""
LESS, LATE = 4, 0.8
"""Times that a plan is built with less for the tours that were crowded, and the most that is left where time lacks."""


def replan(planner: Planner, params: Params, best: Best) -> bool:
    """Offer the earlier plan as far as it still holds, and the best found around it; whether there is a plan now.

    Farms that confirmed something keep their hub and, unless another saves `ANOTHER_TRUCK`, their truck. There is none
    where nothing is confirmed, where no plan came before or too much of it is gone, or in a region so large that a walk
    changes nothing.
    """
    instance = planner.instance
    if not (instance.at_least > 0).any() or not walkable(instance):
        return False
    ways, limits = expected_ways(instance, *expected_loads(instance)), first_limits(instance)
    draft, known = possible_before(instance), trips_before(instance)
    best.offer("earlier", planner.carried(draft, Budget(0, params.seed, known), ways, limits, nobody_refused(instance)))
    if best.planned is None:
        return False
    for planned in _around(planner, best.planned, ways, params):
        best.offer("again", planned)
    collected = trips_of(best.planned.draft, best.planned.moved, Phase.COLLECTION)
    around = Budget(params.iterations // 4, params.seed, collected, frozenset({Phase.COLLECTION}))
    best.offer("routes", planner.again(best.planned, around))
    return True


def _around(planner: Planner, before: Planned, ways: Ways, params: Params) -> list[Planned]:
    """Plans found around one, that in which everybody keeps the truck first, and another only where it is worth it.

    Where more from some crowds others off a tour, they send less the next time.
    """
    instance = planner.instance
    limits, loads_kg = first_limits(instance), loads_of(before.draft, expected_loads(instance), instance)
    flows, tried = LEAST_FLOWS + FLOWS * params.iterations, list[Planned]()
    for attempt in range(LESS):
        evaluator = Evaluator(instance, ways, limits, loads_kg)
        here = candidate_of(evaluator, before.draft, before.moved)
        found = Search(evaluator, params.seed, planner.shards.halted).mended(here, flows)
        known = _as_before(known_of(found, instance), trips_before(instance))
        planned = built(planner, evaluator, found, ways, Budget(0, params.seed, known), limits)
        if not (crowded := _crowded(found, planned)):
            return _worth_it(planned, tried)
        tried.append(planned)
        limits = _lessened(instance, limits, planned.draft, crowded, keep=attempt < LESS - 2)
    return tried


def _worth_it(kept: Planned, others: Sequence[Planned]) -> list[Planned]:
    """The plan in which all trucks are kept, and what of the others is so much cheaper that some may change."""
    most = kept.solution.report.cost.objective * (1 - ANOTHER_TRUCK)
    return [kept, *(planned for planned in others if planned.solution.report.cost.objective < most)]


def _lessened(instance: Instance, limits: Limits, draft: Draft, crowded: Sequence[Tour], *, keep: bool) -> Limits:
    """Of what these tours fetch beyond what is confirmed, as much as has room with `keep`, else nothing."""
    problem, most = instance.problem, limits.most.copy()
    lots, sent = problem.lots, draft.sent(len(most))
    more = np.maximum(sent - limits.least, 0)
    for one in crowded:
        mine = np.isin(lots.farm, one.stops)
        part = _room_left(instance, one, limits.least[mine], more[mine], mine) if keep else 0.0
        most[mine] = limits.least[mine] + (part * more[mine]).astype(np.int64)
    return replace(limits, most=most)


def _room_left(instance: Instance, one: Tour, least: Ints, more: Ints, mine: Flags) -> float:
    """The part of `more` for which the truck has room beside `least`; where it has room for all, time is lacking."""
    problem, vehicles = instance.problem, instance.problem.vehicles
    product = problem.lots.product[mine]
    # Crates are filled farm by farm.
    holds = (
        float(instance.room_g[one.vehicle] - len(one.stops) * problem.rhythm.crate_g),
        float(vehicles.volume_ml[one.vehicle] * 1000),
    )
    units = problem.products.unit_weight_g[product], problem.products.volume_ml_per_1000[product]
    parts = [
        (room - float((least * unit).sum())) / max(float((more * unit).sum()), 1.0)
        for room, unit in zip(holds, units, strict=True)
    ]
    return min(max(min(parts), 0.0), LATE)


def _as_before(known: Known, before: Known) -> Known:
    """The candidate's trips with the earlier loads, and the further calls of those whose goods several trucks share."""
    for key, trips in before.items():
        mine = {trip.vehicle: trip for trip in known.get(key, ())}
        for trip in trips:
            calls = list(mine[trip.vehicle].calls) if trip.vehicle in mine else []
            loaded = {call.owner: call for call in trip.calls}
            calls = [loaded.get(call.owner, call) for call in calls]
            first = {call.owner for other in mine.values() for call in other.calls}
            calls += [call for call in trip.calls if call.owner in first and call not in calls]
            mine[trip.vehicle] = KnownTrip(trip.vehicle, tuple(calls))
        known[key] = [trip for trip in mine.values() if trip.calls]
    return known


def _crowded(found: Candidate, planned: Planned) -> list[Tour]:
    """Tours that are not driven as they were found."""
    called: dict[int, set[int]] = {}
    for trips in trips_of(planned.draft, planned.moved, Phase.COLLECTION).values():
        for trip in trips:
            called.setdefault(trip.vehicle, set()).update(call.owner for call in trip.calls)
    return [one for one in found.tours[FARMS] if not called.get(one.vehicle, set()).issuperset(one.stops)]
