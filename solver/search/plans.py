"""From a plan to a candidate and back: what the search chose becomes an allocation with its trips to begin with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.allocation.limits import Limits
from solver.allocation.ways import Ways
from solver.draft import Draft
from solver.instance import Floats, Instance
from solver.problem import Ints
from solver.routing.known import Call, Known, KnownTrip
from solver.routing.transport import Transport
from solver.search.candidates import FARMS, POINTS, Candidate, Evaluator
from solver.search.goods import Chosen
from solver.search.tours import Tour
from solver.solution import NONE, Phase


def known_of(candidate: Candidate, instance: Instance) -> Known:
    """The candidate's tours as trips to begin with."""
    known: Known = {}
    for phase, tours in zip((Phase.COLLECTION, Phase.DELIVERY), candidate.tours, strict=True):
        for one in tours:
            hub = int(instance.problem.vehicles.hub[one.vehicle])
            known.setdefault((phase, hub), []).append(KnownTrip(one.vehicle, tuple(map(Call, one.stops))))
    return known


def trips_of(draft: Draft, moved: Transport, phase: Phase) -> Known:
    """The trips of a plan in one phase, with what they carry."""
    known: Known = {}
    for part in (part for part in moved.driven if part.phase == phase):
        goods: list[dict[tuple[int, int], int]] = [{} for _ in part.task.owner]
        for cargo in (part.task.put_down, part.task.taken_on):
            for visit, row, quantity in zip(
                cargo.visit.tolist(), cargo.row.tolist(), cargo.quantity.tolist(), strict=True
            ):
                goods[visit][int(draft.lot[row]), int(draft.batch[row])] = quantity
        for timed in part.trips:
            vehicle = int(part.task.errand.trucks.vehicle[timed.trip.truck])
            calls = tuple(Call(int(part.task.owner[visit]), goods[visit]) for visit in timed.trip.visits)
            known.setdefault((phase, part.task.hub), []).append(KnownTrip(vehicle, calls))
    return known


def loads_of(draft: Draft, expected_kg: tuple[Floats, Floats], instance: Instance) -> tuple[Floats, Floats]:
    """Kilograms of each farm and point: the plan's where it has some, else what may be expected."""
    problem = instance.problem
    kg = draft.quantity * instance.lot_weight_g[draft.lot] / 1000
    farm_kg = np.bincount(problem.lots.farm[draft.lot], kg, len(problem.farms.id))
    point_kg = np.bincount(problem.batches.point[draft.batch], kg, len(problem.points.id))
    return np.where(farm_kg > 0, farm_kg, expected_kg[0]), np.where(point_kg > 0, point_kg, expected_kg[1])


def ways_of(candidate: Candidate, evaluator: Evaluator, ways: Ways) -> Ways:
    """What the goods see of the candidate: driving is paid by the visit, so a kilogram costs only its time."""
    return replace(
        ways,
        collect=evaluator.rates.gate,
        visit=np.zeros_like(ways.visit),
        haul=np.where(candidate.chosen.links, evaluator.rates.haul, np.inf),
        truck=evaluator.rates.door,
        hub=evaluator.rates.hub,
    )


def limits_of(candidate: Candidate, instance: Instance, limits: Limits) -> Limits:
    """Nothing from farms that are left out."""
    out = candidate.chosen.farm_hub[instance.problem.lots.farm] == NONE
    most = np.where(out, 0, limits.most)
    return replace(limits, most=most, least=np.minimum(limits.least, most))


def candidate_of(evaluator: Evaluator, draft: Draft, moved: Transport) -> Candidate:
    """The plan as the search sees it; a farm or point on several trips counts on the first of them."""
    problem = evaluator.instance.problem
    source = draft.farm_hub[problem.lots.farm[draft.lot]]
    target = draft.point_hub[problem.batches.point[draft.batch]]
    links = np.eye(len(problem.hubs.id), dtype=np.bool_)
    links[source, target] = links[target, source] = True
    farm_hub, point_hub = draft.farm_hub.copy(), draft.point_hub.copy()
    tours = (
        _tours(evaluator, FARMS, moved, farm_hub, np.zeros(len(farm_hub), dtype=np.bool_)),
        _tours(evaluator, POINTS, moved, point_hub, moved.parcel),
    )
    return evaluator.drawn(Chosen(farm_hub, point_hub, moved.parcel & (point_hub != NONE), links), tours)


def _tours(
    evaluator: Evaluator,
    kind: int,
    moved: Transport,
    hub: Ints,
    by_itself: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> tuple[Tour, ...]:
    """The plan's trips as tours; whom none of them serves any more is left out."""
    phase = Phase.COLLECTION if kind == FARMS else Phase.DELIVERY
    seen: set[int] = set(np.flatnonzero(by_itself).tolist())
    tours: list[Tour] = []
    for part in moved.driven:
        for trip in part.trips if part.phase == phase else ():
            owners = part.task.owner[list(trip.trip.visits)].tolist()
            stops = [owner for owner in dict.fromkeys(owners) if owner not in seen]
            vehicle = int(part.task.errand.trucks.vehicle[trip.trip.truck])
            one = evaluator.tour_costs[kind].tour(vehicle, stops) if stops else None
            if one is not None:
                tours.append(one)
                seen.update(stops)
    hub[np.setdiff1d(np.arange(len(hub)), np.array(sorted(seen), dtype=np.int64))] = NONE
    return tuple(tours)
