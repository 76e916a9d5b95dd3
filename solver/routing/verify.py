"""Independent verifier of an errand's trips: every rule and the price anew, stop by stop, from the columns alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from solver.routing.errand import COLD_MASKS, Errand
from solver.routing.timing import Timed

PER_MINOR = 3_600_000
"""Parts of a minor unit in which metres per kilometre and seconds per hour both come out whole."""
AXES = ("g", "ml", "crates")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the trips cost, prizes of visits left out included, and the rules they break, as sentences."""

    cost_minor: float
    violations: tuple[str, ...]


def verify_trips(errand: Errand, trips: Sequence[Timed]) -> Verdict:
    """Judge trips whatever made them; a truck's trips are in the order in which it makes them.

    Parameters
    ----------
    errand
        Visits, trucks, and the drives between them; seconds, metres, minor units.
    trips
        With the times they claim; none of them is believed.
    """
    broken = [*_visits(errand, trips), *_days(errand, trips)]
    for number, trip in enumerate(trips):
        broken += [f"trip {number}: {found}" for found in (*_times(errand, trip), *_load(errand, trip))]
    return Verdict(_cost(errand, trips) / PER_MINOR, tuple(broken))


def _visits(errand: Errand, trips: Sequence[Timed]) -> Iterator[str]:
    times = [0] * len(errand)
    for trip in trips:
        for visit in trip.trip.visits:
            times[visit] += 1
    for visit, count in enumerate(times):
        if count > 1:
            yield f"visit {visit}: made {count} times"


def _days(errand: Errand, trips: Sequence[Timed]) -> Iterator[str]:
    """A truck leaves when it is back and loaded goods are there, and works no longer than its shift."""
    trucks = errand.trucks
    free_s = [max(int(free_s), errand.from_s) for free_s in trucks.free_s]
    worked_s = [0] * len(trucks)
    for number, trip in enumerate(trips):
        truck = trip.trip.truck
        if trip.depart_s < free_s[truck]:
            yield f"trip {number}: truck {truck} leaves at {trip.depart_s}, free from {free_s[truck]}"
        for visit in trip.trip.visits:
            if trip.depart_s < errand.ready_s[visit]:
                yield f"trip {number}: leaves at {trip.depart_s}, visit {visit} is ready at {errand.ready_s[visit]}"
        free_s[truck] = trip.return_s
        worked_s[truck] += trip.return_s - trip.depart_s
    for truck, seconds in enumerate(worked_s):
        if seconds > trucks.shift_s[truck]:
            yield f"truck {truck}: works {seconds} s of {trucks.shift_s[truck]}"


def _times(errand: Errand, trip: Timed) -> Iterator[str]:
    """Every clock time follows from the one before, and service starts while the gate is open."""
    now_s, here = trip.depart_s + errand.loading_s, 0
    for visit, arrive_s, start_s, leave_s in zip(
        trip.trip.visits, trip.arrive_s, trip.start_s, trip.leave_s, strict=True
    ):
        now_s += int(errand.duration_s[here, visit + 1])
        if arrive_s != now_s:
            yield f"visit {visit}: arrives at {arrive_s}, due {now_s}"
        if start_s < arrive_s or not errand.opens_s[visit] <= start_s <= errand.closes_s[visit]:
            yield f"visit {visit}: service starts at {start_s}, closed or not arrived"
        if leave_s - start_s != errand.service_s[visit]:
            yield f"visit {visit}: service lasts {leave_s - start_s} s, due {errand.service_s[visit]} s"
        now_s, here = leave_s, visit + 1
    home_s = now_s + int(errand.duration_s[here, 0])
    if trip.return_s != home_s:
        yield f"returns at {trip.return_s}, due {home_s}"


def _load(errand: Errand, trip: Timed) -> Iterator[str]:
    """On every axis at every moment no more than the truck holds, and nothing of a class that it does not carry."""
    trucks, truck, visits = errand.trucks, trip.trip.truck, trip.trip.visits
    for axis, name in enumerate(AXES):
        load = peak = sum(int(errand.drop[visit, axis]) for visit in visits)
        for visit in visits:
            load += int(errand.fetch[visit, axis]) - int(errand.drop[visit, axis])
            peak = max(peak, load)
        if peak > trucks.room[truck, axis]:
            yield f"truck {truck}: carries {peak} of {trucks.room[truck, axis]} {name}"
    for visit in visits:
        masks = [mask for mask in range(COLD_MASKS) if int(errand.masks[visit]) >> mask & 1]
        if not all(int(trucks.cold[truck]) & mask for mask in masks):
            yield f"visit {visit}: truck {truck} does not carry its cold class"
        if (held := int(errand.masks[visit]) >> COLD_MASKS << COLD_MASKS) and int(trucks.mark[truck]) != held:
            yield f"visit {visit}: another truck than {truck} is held to it"


def _cost(errand: Errand, trips: Sequence[Timed]) -> int:
    trucks = errand.trucks
    cost = PER_MINOR * sum(int(trucks.fixed_minor[truck]) for truck in {trip.trip.truck for trip in trips})
    for trip in trips:
        truck, stops = trip.trip.truck, [0, *(visit + 1 for visit in trip.trip.visits), 0]
        for here, there in pairwise(stops):
            cost += int(errand.distance_m[here, there]) * int(trucks.minor_per_km[truck]) * (PER_MINOR // 1000)
            cost += int(errand.toll_minor[here, there]) * PER_MINOR
        cost += (trip.return_s - trip.depart_s) * int(trucks.minor_per_hour[truck]) * (PER_MINOR // 3600)
    served = {visit for trip in trips for visit in trip.trip.visits}
    left_out = (visit for visit in range(len(errand)) if visit not in served)
    return cost + PER_MINOR * sum(int(errand.prize_minor[visit]) for visit in left_out)
