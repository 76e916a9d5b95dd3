"""What moving the same goods costs without pooling: three named baselines, and what a plan saves against each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from solver.baselines.lone import alone
from solver.baselines.van import Effort, Van, hubs, planned, saved, trip
from solver.cost import allocation_weight_g, by_row
from solver.problem import Problem
from solver.roads import RoadMap
from solver.solution import NONE, Phase, Solution

__all__ = ["Effort", "Van", "alone", "collection_alone", "compare", "self_haul"]

TONNE_G = 1_000_000


def collection_alone(problem: Problem, solution: Solution, van: Van) -> Effort:
    """(a) Each farm drives its goods to its hub and back; compares with collection only.

    There and back with a full van, and once more for the rest, is the best a farm can do for one hub. A farm that
    cannot be back within the shift is unreachable: what it sends is left, and nothing is counted for it.
    """
    farms = problem.farms
    weight_g = allocation_weight_g(problem, solution.allocations)
    sent_g = by_row(problem.lots.farm[solution.allocations.lot], weight_g, len(farms.id))
    rows = np.flatnonzero((sent_g > 0) & (solution.farm_hub != NONE))
    roads, hub_place = RoadMap(problem.places, problem.roads), problem.hubs.place[solution.farm_hub[rows]]
    out, back = roads.legs(farms.place[rows], hub_place), roads.legs(hub_place, farms.place[rows])
    holds_g, effort = van.holds_g(problem.rhythm.crate_g), Effort()
    for row, farm in enumerate(rows.tolist()):
        drive_s = int(out.duration_s[row] + back.duration_s[row])
        full, rest_g = divmod(int(sent_g[farm]), holds_g)
        loads_g = [holds_g] * full + [rest_g] * (rest_g > 0)
        trips_s = [
            drive_s + int(farms.service_s[farm]) - (-grams * int(farms.service_s_per_tonne[farm]) // TONNE_G)
            for grams in loads_g
        ]
        if max(trips_s) > van.shift_s:
            effort += Effort(unreachable=1, left_g=int(sent_g[farm]))
            continue
        for duration_s in trips_s:
            distance_m = int(out.distance_m[row] + back.distance_m[row])
            effort += trip(van, distance_m, duration_s, int(out.toll_minor[row] + back.toll_minor[row]))
    return effort


def self_haul(problem: Problem, solution: Solution, van: Van) -> Effort:
    """(b) Each farm to its hub, then hubs, line haul and delivery shared as in the plan."""
    shared = planned(solution, Phase.LINE_HAUL, Phase.DELIVERY) + hubs(solution)
    return collection_alone(problem, solution, van) + shared


def compare(problem: Problem, solution: Solution, van: Van) -> dict[str, Any]:
    """All three baselines and what the plan saves against each, by name.

    Money is all that moving and handling the goods costs, the same on both sides: against (a) collection; against (b)
    and (c) the whole chain, collection, hubs, line haul, delivery and parcels, of which lone farms need no hubs;
    `transport` is the same without the hubs. What farms are paid is on neither side. Of goods that a baseline cannot
    bring nothing is counted on its side and everything on ours, so that what is saved is rather too little.
    """
    whole = planned(solution, *Phase) + hubs(solution)
    baselines = {
        "collection_alone": (planned(solution, Phase.COLLECTION), collection_alone(problem, solution, van)),
        "self_haul": (whole, self_haul(problem, solution, van)),
        "alone": (whole, alone(problem, solution, van)),
    }
    return {
        "baselines": {name: asdict(theirs) for name, (_, theirs) in baselines.items()},
        "saved": {name: saved(our, theirs) for name, (our, theirs) in baselines.items()},
    }
