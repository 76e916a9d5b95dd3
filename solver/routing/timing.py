"""When a trip leaves, stops and returns: as early home as it can be, and then as late away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.routing.errand import AXES, Errand, Trip, carries


@dataclass(frozen=True, slots=True)
class Timed:
    """A trip with its times; one entry a visit."""

    trip: Trip
    depart_s: int
    return_s: int
    arrive_s: tuple[int, ...]
    start_s: tuple[int, ...]
    leave_s: tuple[int, ...]

    @property
    def duration_s(self) -> int:
        """From leaving home to being back."""
        return self.return_s - self.depart_s


def timed(errand: Errand, trip: Trip, not_before_s: int) -> Timed | None:
    """The trip's times, or None when a window cannot be met; the shift is not looked at."""
    earliest_s = max(errand.from_s, not_before_s, *(int(errand.ready_s[v]) for v in trip.visits))
    first = _forward(errand, trip, earliest_s)
    if first is None:
        return None
    # Leave as late as the same return allows: no driver waits at a gate who can wait at home.
    latest_s, after = first.start_s[-1], trip.visits[-1]
    for visit in reversed(trip.visits[:-1]):
        latest_s -= int(errand.service_s[visit] + errand.duration_s[visit + 1, after + 1])
        latest_s, after = min(latest_s, int(errand.closes_s[visit])), visit
    depart_s = latest_s - int(errand.duration_s[0, after + 1]) - errand.loading_s
    last = _forward(errand, trip, depart_s)
    assert last is not None
    return last


def day(errand: Errand, trips: Sequence[Trip]) -> list[Timed] | None:
    """All trips of all trucks with their times; None when a window, a shift or a truck's room is exceeded."""
    done: list[Timed] = []
    back_s = errand.trucks.free_s.tolist()
    left_s = errand.trucks.shift_s.tolist()
    for trip in trips:
        times = timed(errand, trip, back_s[trip.truck]) if fits(errand, trip) else None
        if times is None or times.duration_s > left_s[trip.truck]:
            return None
        back_s[trip.truck] = times.return_s
        left_s[trip.truck] -= times.duration_s
        done.append(times)
    return done


def fits(errand: Errand, trip: Trip) -> bool:
    """The truck has the room and the cold classes at every moment."""
    visits = list(trip.visits)
    room = errand.trucks.room[trip.truck]
    load = errand.drop[visits].sum(axis=0)
    change = np.cumsum(errand.fetch[visits] - errand.drop[visits], axis=0).reshape(-1, AXES)
    if (load > room).any() or (load + change > room).any():
        return False
    masks = int(np.bitwise_or.reduce(errand.masks[visits]))
    return bool(carries(errand.trucks, masks)[trip.truck])


def trips_cost(errand: Errand, trips: Sequence[Timed]) -> float:
    """Minor units of the trips, with the prizes of the visits left out."""
    trucks = errand.trucks
    used = sorted({t.trip.truck for t in trips})
    cost = float(trucks.fixed_minor[used].sum())
    served: set[int] = set()
    for t in trips:
        nodes = np.array([0, *(v + 1 for v in t.trip.visits), 0])
        km = errand.distance_m[nodes[:-1], nodes[1:]].sum() / 1000
        toll = errand.toll_minor[nodes[:-1], nodes[1:]].sum()
        truck = t.trip.truck
        cost += km * trucks.minor_per_km[truck] + t.duration_s / 3600 * trucks.minor_per_hour[truck] + toll
        served.update(t.trip.visits)
    return cost + float(np.delete(errand.prize_minor, sorted(served)).sum())


def _forward(errand: Errand, trip: Trip, depart_s: int) -> Timed | None:
    arrive, start, leave = [], [], []
    now_s, here = depart_s + errand.loading_s, 0
    for visit in trip.visits:
        now_s += int(errand.duration_s[here, visit + 1])
        arrive.append(now_s)
        now_s = max(now_s, int(errand.opens_s[visit]))
        if now_s > errand.closes_s[visit]:
            return None
        start.append(now_s)
        now_s += int(errand.service_s[visit])
        leave.append(now_s)
        here = visit + 1
    return Timed(trip, depart_s, now_s + int(errand.duration_s[here, 0]), tuple(arrive), tuple(start), tuple(leave))
