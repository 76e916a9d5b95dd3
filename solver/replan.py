"""A plan again after answers: what was confirmed stays where it is, what is free looks for a place around it.

The earlier trips are driven as they were, less what is gone; what was freed is bought again where the trucks that drive
anyway have room for it, at farms on the way and by a few calls more, opened greedily and ruined and recreated around
(Schrimpf et al. 2000). Minimal disturbance is the aim of rescheduling, not only of its cost (Vieira, Herrmann & Lin
2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solver.allocation.limits import Limits, first_limits
from solver.allocation.ways import Ways, expected_loads, expected_ways
from solver.best import Best
from solver.instance import Floats
from solver.joint import Planned, Planner, nobody_refused
from solver.params import Params
from solver.promised import possible_before, trips_before
from solver.routing.known import Known, KnownTrip
from solver.routing.transport import Budget
from solver.search.candidates import FARMS, Candidate, Evaluator
from solver.search.moves import Search
from solver.search.plans import candidate_of, known_of, limits_of, loads_of, trips_of, ways_of
from solver.search.starts import walkable
from solver.solution import Phase
from solver.stowage.changes import with_few_changes
from solver.stowage.rounds import Round, Stowage, Stowed
from solver.stowage.trips import loaded, rounds_of

LEAST_FLOWS, FLOWS = 300, 1
"""Product flows that the walk may ask for: always, and of each iteration. After declines of 5 and 20 % on Michigan a
walk of 1,200 and, after 5 %, of 12,000 flows found nothing more than this one."""
ANOTHER_TRUCK = 0.005
"""Of the cost, a change must save so much before a farm that promised something sees another truck. On Michigan, after
declines of 1, 5 and 20 %, plans in which everybody keeps the truck cost up to 0.4 % more than full ones; only where
nobody but a farm on a full truck has what is short they cost more, and one farm sees another truck."""
FULL_KG = 1.0
"""A truck with less room left is full."""
LESS, LESSER = 4, 0.8
"""Times that a plan is built while some round is too much for its truck, and what it may use of its room the next time;
the last time nothing but what is promised."""


def replan(planner: Planner, params: Params, best: Best) -> bool:
    """Offer the earlier plan as far as it still holds, and the best found around it; whether there is a plan now.

    Farms that confirmed something keep their hub and, unless another saves `ANOTHER_TRUCK`, their truck. There is no
    plan where nothing is confirmed, where none came before or too much is gone, or in a region so large that a walk
    changes nothing.
    """
    instance = planner.instance
    if not (instance.at_least > 0).any() or not walkable(instance):
        return False
    # Trips that are known are timed sooner than a process starts.
    planner = replace(planner, shards=planner.shards.here())
    ways, limits = expected_ways(instance, *expected_loads(instance)), first_limits(instance)
    before = Budget(0, params.seed, trips_before(instance))
    best.offer("earlier", planner.carried(possible_before(instance), before, ways, limits, nobody_refused(instance)))
    if best.planned is None:
        return False
    best.offer("again", _Around(planner, best.planned, ways, params).planned())
    collected = trips_of(best.planned.draft, best.planned.moved, Phase.COLLECTION)
    around = Budget(params.iterations // 4, params.seed, collected, frozenset({Phase.COLLECTION}))
    best.offer("routes", planner.again(best.planned, around))
    return True


class _Around:
    """Plans around one before: its rounds stand, trucks call at each other's farms, and who promised nothing may go."""

    def __init__(self, planner: Planner, before: Planned, ways: Ways, params: Params) -> None:
        self._planner, self._before, self._ways, self._params = planner, before, ways, params
        self._instance, self._limits = planner.instance, first_limits(planner.instance)
        self._known = trips_before(planner.instance)
        expected_kg = expected_loads(planner.instance)
        self._loads_kg = loads_of(before.draft, expected_kg, planner.instance)

    def planned(self) -> Planned:
        """The plan of the best candidate found; where a round is too much for its truck, less is sent by it."""
        evaluator, found = self._walked()
        rates = evaluator.rates

        def stow(rounds: Sequence[Round], part: Floats | None = None) -> Stowage:
            part = np.ones(len(rounds)) if part is None else part
            return Stowage(self._instance, rates, self._limits, found.chosen, rounds, part)

        kept = rounds_of(self._trips(found))
        rounds, stowage = with_few_changes(
            self._instance, evaluator.tour_costs[FARMS], kept, stow, ANOTHER_TRUCK * found.minor
        )
        part = np.ones(len(rounds))
        for attempt in range(LESS):
            planned, crowded = self._driven(evaluator, found, rounds, stowage.stowed())
            if not crowded:
                break
            part[crowded] *= LESSER if attempt < LESS - 2 else 0
            stowage = stow(rounds, part)
        return planned

    def _walked(self) -> tuple[Evaluator, Candidate]:
        """The best candidate near the plan before, in which full trucks' farms send no more than has room."""
        evaluator = self._evaluator(self._limits)
        here = candidate_of(evaluator, self._before.draft, self._before.moved)
        rounds = rounds_of(self._trips(here))
        stowage = Stowage(self._instance, evaluator.rates, self._limits, here.chosen, rounds, np.ones(len(rounds)))
        stowed = stowage.stowed()
        full = np.append(stowage.worth()[1] < FULL_KG, False)  # the last answers for no round
        most = np.where(full[stowed.own], stowed.sent, self._limits.most)
        evaluator = self._evaluator(replace(self._limits, most=most))
        here = candidate_of(evaluator, self._before.draft, self._before.moved)
        search = Search(evaluator, self._params.seed, self._planner.shards.halted)
        return evaluator, search.mended(here, LEAST_FLOWS + FLOWS * self._params.iterations)

    def _driven(
        self, evaluator: Evaluator, found: Candidate, rounds: Sequence[Round], stowed: Stowed
    ) -> tuple[Planned, list[int]]:
        """The plan of a candidate with these quantities on its rounds, and the rounds that were too much."""
        instance, planner, chosen = self._instance, self._planner, found.chosen
        limits = replace(self._limits, most=stowed.sent)
        draft = planner.allocator.fill(
            ways_of(found, evaluator, self._ways), limits_of(found, instance, limits),
            chosen.farm_hub, chosen.point_hub, chosen.parcel,
        )  # fmt: skip
        collected = loaded(instance, draft, rounds, stowed)
        others = {key: trips for key, trips in self._trips(found).items() if key[0] != Phase.COLLECTION}
        budget = Budget(0, self._params.seed, others | collected)
        planned = planner.carried(draft, budget, self._ways, limits, nobody_refused(instance))
        driven = _calls(trips_of(planned.draft, planned.moved, Phase.COLLECTION))
        late = {vehicle for vehicle, _ in _calls(collected) - driven}
        return planned, [row for row, one in enumerate(rounds) if one.vehicle in late]

    def _evaluator(self, limits: Limits) -> Evaluator:
        return Evaluator(self._instance, self._ways, limits, self._loads_kg)

    def _trips(self, candidate: Candidate) -> Known:
        return _as_before(known_of(candidate, self._instance), self._known)


def _calls(known: Known) -> set[tuple[int, int]]:
    """Vehicle and farm, hub or point of every call."""
    return {(trip.vehicle, call.owner) for trips in known.values() for trip in trips for call in trip.calls}


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
