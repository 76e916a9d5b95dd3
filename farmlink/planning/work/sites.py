"""Where hubs would stand: facility location over the towns that could have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from farmlink.kernel.geo import Coordinates
from solver.allocation.facility.solve import solve_facilities
from solver.instances.orlib import FacilityProblem
from solver.problem import Places, Roads
from solver.roads import RoadMap

LONGEST_S: Final = 20.0
SETS: Final = 2000
"""Sets of towns that the search prices where it cannot prove the best; the result does not depend on the clock."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a place brings or takes in a cycle."""

    coordinates: Coordinates
    weight_g: int


@dataclass(frozen=True, slots=True)
class SiteTerms:
    """What an open hub costs in a cycle, what it holds, and what a tonne costs on each kilometre to or from it."""

    opening_minor: int
    throughput_g: int
    minor_per_tonne_km: int
    circuity_ppm: int


def choose_sites(candidates: Sequence[Coordinates], loads: Sequence[Load], terms: SiteTerms) -> list[int]:
    """Rows of the candidates where hubs cost least, drives to every place included."""
    places = [*candidates, *(load.coordinates for load in loads)]
    roads = RoadMap(
        Places(
            id=np.array([str(row) for row in range(len(places))], dtype=np.str_),
            latitude_e6=np.array([place.latitude_e6 for place in places], dtype=np.int64),
            longitude_e6=np.array([place.longitude_e6 for place in places], dtype=np.int64),
        ),
        Roads(circuity_ppm=terms.circuity_ppm),
    )
    first, count = len(candidates), len(loads)
    origins = np.repeat(np.arange(first), count)
    legs = roads.legs(origins, np.tile(np.arange(first, first + count), first))
    weight_g = np.array([max(1, load.weight_g) for load in loads], dtype=np.int64)
    kilometres = legs.distance_m.reshape(first, count) / 1000
    problem = FacilityProblem(
        name="hubs",
        capacity=np.full(first, max(terms.throughput_g, -(-int(weight_g.sum()) // first)), dtype=np.int64),
        opening=np.full(first, float(terms.opening_minor)),
        demand=weight_g,
        cost=kilometres * (weight_g / 1_000_000) * terms.minor_per_tonne_km,
    )
    return sorted(solve_facilities(problem, LONGEST_S, sets=SETS).opened)
