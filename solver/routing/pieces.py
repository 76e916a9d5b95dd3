"""Large errands in pieces of neighbours, each with its part of the trucks: no search is lost among thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.problem import Ints
from solver.routing.errand import COLD_MASKS, WEIGHT, Errand, Trip
from solver.routing.timing import Timed

MOST_VISITS = 400
"""PyVRP alone is best up to about this many; beyond, pieces of about as many are searched side by side."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some visits and some trucks of an errand."""

    visits: Ints
    trucks: Ints
    errand: Errand

    def whole(self, trips: Sequence[Timed]) -> list[Timed]:
        """Trips of the piece in the numbers of the whole errand."""
        return [replace(trip, trip=self._trip(trip.trip)) for trip in trips]

    def _trip(self, trip: Trip) -> Trip:
        return Trip(int(self.trucks[trip.truck]), tuple(self.visits[list(trip.visits)].tolist()))


def whole(errand: Errand) -> Piece:
    """The errand in one piece."""
    return Piece(np.arange(len(errand)), np.arange(len(errand.trucks)), errand)


def pieces(errand: Errand) -> list[Piece]:
    """The errand itself, or parts along a chain of neighbours; the largest trucks are dealt out in turn."""
    number = min(-(-len(errand) // MOST_VISITS), max(len(errand.trucks), 1))
    if number < 2 or (errand.masks >> COLD_MASKS).any():  # a piece might lack the truck that a visit is held to
        return [whole(errand)]
    trucks = np.argsort(-errand.trucks.room[:, WEIGHT], kind="stable")
    parts = np.array_split(_chain(errand), number)
    return [_piece(errand, np.sort(part), np.sort(trucks[turn::number])) for turn, part in enumerate(parts)]


def _piece(errand: Errand, visits: Ints, trucks: Ints) -> Piece:
    return Piece(visits, trucks, replace(errand.only(visits), trucks=errand.trucks.only(trucks)))


def _chain(errand: Errand) -> Ints:
    """From the visit farthest from home always on to the nearest one left."""
    drive_s = errand.duration_s[1:, 1:]
    left = np.ones(len(errand), dtype=np.bool_)
    here = int(errand.duration_s[0, 1:].argmax())
    chain = [here]
    left[here] = False
    for _ in range(len(errand) - 1):
        waiting = np.flatnonzero(left)
        here = int(waiting[drive_s[here, waiting].argmin()])
        chain.append(here)
        left[here] = False
    return np.array(chain, dtype=np.int64)
