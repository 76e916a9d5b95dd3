"""From a plan to a sketch and back: what the search chose becomes an allocation with its trips to begin with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.allocation.limits import Limits
from solver.allocation.ways import Ways
from solver.draft import Draft
from solver.ground import Ground
from solver.problem import Ints
from solver.routing.known import Call, Known, KnownTrip
from solver.routing.transport import Transport
from solver.search.board import FARMS, POINTS, Board, Sketch
from solver.search.goods import Chosen
from solver.search.streets import Round
from solver.solution import NONE, Phase


def known_of(sketch: Sketch, ground: Ground) -> Known:
    """The sketch's rounds as trips to begin with."""
    known: Known = {}
    for phase, rounds in zip((Phase.COLLECTION, Phase.DELIVERY), sketch.rounds, strict=True):
        for one in rounds:
            hub = int(ground.problem.vehicles.hub[one.vehicle])
            known.setdefault((phase, hub), []).append(KnownTrip(one.vehicle, tuple(map(Call, one.stops))))
    return known


def ways_of(sketch: Sketch, board: Board, ways: Ways) -> Ways:
    """What the goods see of the sketch: driving is paid by the visit, so a kilogram costs only its time."""
    return replace(
        ways,
        collect=board.rates.gate,
        visit=np.zeros_like(ways.visit),
        haul=np.where(sketch.chosen.links, board.rates.haul, np.inf),
        truck=board.rates.door,
        hub=board.rates.hub,
    )


def limits_of(sketch: Sketch, ground: Ground, limits: Limits) -> Limits:
    """Nothing from farms that are left out."""
    out = sketch.chosen.farm_hub[ground.problem.lots.farm] == NONE
    most = np.where(out, 0, limits.most)
    return replace(limits, most=most, least=np.minimum(limits.least, most))


def sketch_of(board: Board, draft: Draft, moved: Transport) -> Sketch:
    """The plan as the search sees it; a farm or point on several trips counts on the first of them."""
    problem = board.ground.problem
    source = draft.farm_hub[problem.lots.farm[draft.lot]]
    target = draft.point_hub[problem.batches.point[draft.batch]]
    links = np.eye(len(problem.hubs.id), dtype=np.bool_)
    links[source, target] = links[target, source] = True
    farm_hub, point_hub = draft.farm_hub.copy(), draft.point_hub.copy()
    rounds = (
        _rounds(board, FARMS, moved, farm_hub, np.zeros(len(farm_hub), dtype=np.bool_)),
        _rounds(board, POINTS, moved, point_hub, moved.parcel),
    )
    return board.drawn(Chosen(farm_hub, point_hub, moved.parcel & (point_hub != NONE), links), rounds)


def _rounds(
    board: Board, kind: int, moved: Transport, hub: Ints, by_itself: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> tuple[Round, ...]:
    """The plan's trips as rounds; whom none of them serves any more is left out."""
    phase = Phase.COLLECTION if kind == FARMS else Phase.DELIVERY
    seen: set[int] = set(np.flatnonzero(by_itself).tolist())
    rounds: list[Round] = []
    for part in moved.driven:
        for trip in part.trips if part.phase == phase else ():
            owners = part.task.owner[list(trip.trip.visits)].tolist()
            stops = [owner for owner in dict.fromkeys(owners) if owner not in seen]
            vehicle = int(part.task.errand.trucks.vehicle[trip.trip.truck])
            one = board.streets[kind].round(vehicle, stops) if stops else None
            if one is not None:
                rounds.append(one)
                seen.update(stops)
    hub[np.setdiff1d(np.arange(len(hub)), np.array(sorted(seen), dtype=np.int64))] = NONE
    return tuple(rounds)
