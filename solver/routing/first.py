"""First routes without any search: the farthest visit opens a trip, its nearest neighbours fill it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.problem import Ints
from solver.routing.errand import AXES, WEIGHT, Errand, Trip, carries
from solver.routing.timing import Timed, timed


def first_trips(errand: Errand, known: Sequence[Timed] = ()) -> list[Timed]:
    """Trips that keep every rule, after those that are known; what no truck can take any more is left out."""
    trucks = errand.trucks
    left_s, back_s = trucks.shift_s.copy(), trucks.free_s.copy()
    for trip in known:
        back_s[trip.trip.truck] = trip.return_s
        left_s[trip.trip.truck] -= trip.duration_s
    served = {visit for trip in known for visit in trip.trip.visits}
    waiting: list[int] = [v for v in np.argsort(-errand.duration_s[0, 1:], kind="stable").tolist() if v not in served]
    # The day's price by the kilogram decides which truck goes first; a truck may go again when all others have.
    turn = np.lexsort((-trucks.room[:, WEIGHT], _price_per_room(errand)))
    done: list[Timed] = list(known)
    progress = True
    while waiting and progress:
        progress = False
        for truck in turn.tolist():
            best = _fill(errand, truck, waiting, int(back_s[truck]), int(left_s[truck]))
            if best is None:
                continue
            done.append(best)
            back_s[truck] = best.return_s
            left_s[truck] -= best.duration_s
            waiting = [v for v in waiting if v not in best.trip.visits]
            progress = True
    return done


def _price_per_room(errand: Errand) -> Ints:
    trucks = errand.trucks
    per_tonne: Ints = (trucks.fixed_minor + 300 * trucks.minor_per_km) * 1000 // np.maximum(trucks.room[:, WEIGHT], 1)
    return per_tonne


def _fill(errand: Errand, truck: int, waiting: list[int], back_s: int, left_s: int) -> Timed | None:
    """The fullest trip this truck can make from the farthest visit that it can serve."""
    best: Timed | None = None
    able = {mask: bool(carries(errand.trucks, mask)[truck]) for mask in np.unique(errand.masks[waiting]).tolist()}
    candidates = [v for v in waiting if able[int(errand.masks[v])]]
    for opening in candidates:
        best = _attempt(errand, Trip(truck, (opening,)), back_s, left_s)
        if best is not None:
            candidates = [v for v in candidates if v != opening]
            break
    refused = 0
    while best is not None and candidates and refused < 8:
        drive_s = errand.duration_s[best.trip.visits[-1] + 1, np.array(candidates) + 1]
        nearest = candidates[int(drive_s.argmin())]
        candidates.remove(nearest)
        longer = _attempt(errand, Trip(truck, (*best.trip.visits, nearest)), back_s, left_s)
        best, refused = (best, refused + 1) if longer is None else (longer, 0)
    return best


def _attempt(errand: Errand, trip: Trip, back_s: int, left_s: int) -> Timed | None:
    visits = list(trip.visits)
    room = errand.trucks.room[trip.truck]
    load = errand.drop[visits].sum(axis=0)
    change = np.cumsum(errand.fetch[visits] - errand.drop[visits], axis=0).reshape(-1, AXES)
    if (load > room).any() or (load + change > room).any():
        return None
    times = timed(errand, trip, back_s)
    return times if times is not None and times.duration_s <= left_s else None
