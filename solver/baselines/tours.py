"""Each lone farm's own best tours, and what one call more or less would change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.baselines.van import Effort, Van, trip
from solver.instance import Floats
from solver.problem import Flags, Ints, Problem
from solver.roads import RoadMap
from solver.routing.errand import AXES, Errand, Trucks
from solver.routing.improve import Effort as Search
from solver.routing.improve import best_trips

TONNE_G = 1_000_000
ROOMY = 2**40
"""Room on the axes that do not count, and an hour at which no gate is closed."""


@dataclass(frozen=True, slots=True)
class Toured:
    """One farm's day: what it takes, and the points of each tour in turn."""

    effort: Effort
    tours: tuple[tuple[int, ...], ...]


class Tours:
    """Vans from farms to points and back; opening hours do not count, so that a baseline is rather too good."""

    def __init__(self, problem: Problem, van: Van, seed: int) -> None:
        self._problem, self._van, self._seed = problem, van, seed
        self._farms, self._holds_g = len(problem.farms.id), van.holds_g(problem.rhythm.crate_g)
        self._drives = RoadMap(problem.places, problem.roads).matrix(
            np.concatenate([problem.farms.place, problem.points.place])
        )
        drives = self._drives
        self._minor = (
            drives.distance_m * (van.minor_per_km / 1000)
            + drives.duration_s * (van.minor_per_hour / 3600)
            + drives.toll_minor
        )
        self._stop_minor = problem.points.service_s * (van.minor_per_hour / 3600)
        self._known: dict[tuple[int, int, bytes], tuple[tuple[int, ...], ...]] = {}

    def reach(self) -> Flags:
        """Farms x points: a full van is there and back within the shift."""
        points, farms = self._problem.points, self._farms
        service_s = points.service_s - (-self._holds_g * points.service_s_per_tonne // TONNE_G)
        drives_s = self._drives.duration_s
        within: Flags = drives_s[:farms, farms:] + drives_s[farms:, :farms].T + service_s <= self._van.shift_s
        return within

    def direct_minor(self) -> Floats:
        """Farms x points: there and back for one call."""
        minor = self._minor[: self._farms, self._farms :] + self._minor[self._farms :, : self._farms].T
        direct: Floats = minor + self._stop_minor
        return direct

    def of(self, farm: int, grams: Ints, iterations: int) -> Toured:
        """Tours that bring these grams to each point; known tours to the same points serve while the vans hold it."""
        key = (farm, iterations, np.flatnonzero(grams).tobytes())
        known = self._known.get(key)
        toured = None if known is None else self._refilled(farm, known, grams)
        if toured is None:
            toured = self._toured(farm, grams, iterations)
            self._known[key] = toured.tours
        return toured

    def marginal_minor(self, farm: int, toured: Toured) -> Floats:
        """Per point: what the farm's call there costs, or one more call would, the other calls as they are."""
        to_points, from_points = self._minor[:, self._farms :], self._minor[self._farms :]
        marginal = self.direct_minor()[farm] - self._stop_minor
        nodes_of = [np.array([farm, *(self._farms + point for point in tour), farm]) for tour in toured.tours]
        for nodes in nodes_of:
            before, after = nodes[:-1], nodes[1:]
            extra = to_points[before] + from_points[:, after].T - self._minor[before, after][:, None]
            marginal = np.minimum(marginal, extra.min(axis=0))
        called = np.zeros(len(marginal))
        for nodes, tour in zip(nodes_of, toured.tours, strict=True):
            before, here, after = nodes[:-2], nodes[1:-1], nodes[2:]
            saved = self._minor[before, here] + self._minor[here, after] - self._minor[before, after]
            np.add.at(called, list(tour), np.maximum(saved, 0.0) + self._stop_minor[list(tour)])
        return np.where(called > 0, called, np.maximum(marginal, 0.0) + self._stop_minor)

    def _refilled(self, farm: int, tours: tuple[tuple[int, ...], ...], grams: Ints) -> Toured | None:
        """The same tours with other loads, None when they are too heavy or too slow."""
        points, effort, drives = self._problem.points, Effort(), self._drives
        if sum(map(len, tours)) > np.count_nonzero(grams):
            return None
        for tour in tours:
            calls = list(tour)
            load_g = grams[calls]
            nodes = np.array([farm, *(self._farms + point for point in tour), farm])
            legs = (nodes[:-1], nodes[1:])
            service_s = points.service_s[calls] - (-load_g * points.service_s_per_tonne[calls] // TONNE_G)
            duration_s = int(drives.duration_s[legs].sum() + service_s.sum())
            if load_g.sum() > self._holds_g or duration_s > self._van.shift_s:
                return None
            effort += trip(
                self._van, int(drives.distance_m[legs].sum()), duration_s, int(drives.toll_minor[legs].sum())
            )
        return Toured(effort, tours)

    def _toured(self, farm: int, grams: Ints, iterations: int) -> Toured:
        calls, weight_g = self._calls(grams)
        if not len(calls):
            return Toured(Effort(), ())
        errand = self._errand(farm, calls, weight_g)
        effort, tours = Effort(), []
        for found in best_trips(Search(errand, iterations, self._seed), lambda: False):
            nodes = np.array([0, *(call + 1 for call in found.trip.visits), 0])
            distance_m = int(errand.distance_m[nodes[:-1], nodes[1:]].sum())
            toll_minor = int(errand.toll_minor[nodes[:-1], nodes[1:]].sum())
            effort += trip(self._van, distance_m, found.duration_s, toll_minor)
            tours.append(tuple(calls[list(found.trip.visits)].tolist()))
        return Toured(effort, tuple(tours))

    def _calls(self, grams: Ints) -> tuple[Ints, Ints]:
        """Points and grams of each call; what is too heavy for one van is called for as often as it takes."""
        points = np.flatnonzero(grams)
        full, rest_g = np.divmod(grams[points], self._holds_g)
        calls = np.concatenate([np.repeat(points, full), points[rest_g > 0]])
        weight_g = np.concatenate([np.full(int(full.sum()), self._holds_g), rest_g[rest_g > 0]])
        return calls, weight_g

    def _errand(self, farm: int, calls: Ints, weight_g: Ints) -> Errand:
        van, points, count = self._van, self._problem.points, len(calls)
        nodes = np.concatenate([np.array([farm]), self._farms + calls])
        square = np.ix_(nodes, nodes)
        nothing, each, vans = np.zeros(count, dtype=np.int64), np.ones(count, np.int64), np.ones(2 * count, np.int64)
        drop = np.zeros((count, AXES), dtype=np.int64)
        drop[:, 0] = weight_g
        room = np.full((2 * count, AXES), ROOMY)
        room[:, 0] = self._holds_g
        return Errand(
            # Twice the vans that can be needed: no van has to go again.
            trucks=Trucks(
                vehicle=np.arange(2 * count),
                room=room,
                cold=vans,
                fixed_minor=vans * van.fixed_minor,
                minor_per_km=vans * van.minor_per_km,
                minor_per_hour=vans * van.minor_per_hour,
                free_s=0 * vans,
                shift_s=vans * van.shift_s,
            ),
            distance_m=self._drives.distance_m[square],
            duration_s=self._drives.duration_s[square],
            toll_minor=self._drives.toll_minor[square],
            drop=drop,
            fetch=np.zeros_like(drop),
            masks=nothing,
            opens_s=nothing,
            closes_s=each * ROOMY,
            service_s=points.service_s[calls] - (-weight_g * points.service_s_per_tonne[calls] // TONNE_G),
            ready_s=nothing,
            prize_minor=each * ROOMY,
            from_s=0,
            loading_s=0,
        )
