"""The trips of a made morning on paper: written by a contender, timed and judged by the benchmark."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from solver.routing.errand import Errand, Trip
from solver.routing.timing import day
from solver.routing.verify import verify_trips


class WrongTripsError(Exception):
    """A contender's trips break a rule: no figure of this run counts."""


def write_trips(path: Path, trips: Sequence[Trip]) -> None:
    """Truck and visits of each trip, a truck's own in order."""
    written = [{"truck": trip.truck, "visits": list(trip.visits)} for trip in trips]
    path.write_text(json.dumps(written), encoding="utf-8")


def judged_minor(errand: Errand, path: Path) -> tuple[float, int]:
    """What the trips of the file cost, and how many visits they leave out.

    Raises
    ------
    WrongTripsError
        No times can be found for them, or the independent verifier refuses them.
    """
    written = json.loads(path.read_text(encoding="utf-8"))
    trips = [Trip(int(trip["truck"]), tuple(trip["visits"])) for trip in written]
    timed = day(errand, trips)
    if timed is None:
        raise WrongTripsError(f"{path.name}: a window, a shift or a truck's room is exceeded")
    verdict = verify_trips(errand, timed)
    if verdict.violations:
        raise WrongTripsError(f"{path.name}: {verdict.violations}")
    return verdict.cost_minor, len(errand) - sum(len(trip.visits) for trip in trips)
