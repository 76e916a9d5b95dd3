"""PyVRP as it comes on a made morning, on every core a seed each; the best plan counts.

The problem is given to PyVRP as the solver gives it (prizes, release times, reload depots, a capacity for each axis and
for each cold class that some truck does not carry), but for shifts, which are PyVRP's own. Its local search can go
round in circles for ever on releases, shifts and trips together: then the best plan so far counts. Run as
`python -m tests.benchmarks.peers.pyvrp_mornings trips 150 1 --seconds 20 --seed 1 -o OUT`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyvrp
from pyvrp.stop import MaxRuntime

from solver.routing.errand import Errand, Trip
from solver.routing.improve import pyvrp_model, reloads, trips_of
from solver.routing.timing import day, trips_cost
from solver.workers import Send, Task, race
from tests.benchmarks.made.mornings import MORNINGS, made_morning
from tests.benchmarks.stand.driven import write_trips

CORES: Final = 2
WRITING_S: Final = 0.5
"""Kept for the last: the peer's wall time is the time given."""


def main() -> None:
    """Route, choose, write."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="pyvrp_mornings", description=__doc__)
    parser.add_argument("morning", choices=MORNINGS)
    parser.add_argument("visits", type=int)
    parser.add_argument("made", type=int, help="seed of the morning")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    errand = made_morning(asked.morning, asked.visits, asked.made)
    until_s = began + asked.seconds - WRITING_S
    found: list[tuple[Trip, ...]] = []

    def take(trips: tuple[Trip, ...]) -> bool:
        found.append(trips)
        return False

    seeds = range(CORES * asked.seed, CORES * (asked.seed + 1))
    race([Task(searched, (errand, seed, until_s)) for seed in seeds], take, deadline_s=until_s)
    plans = [trips for trips in found if day(errand, trips) is not None]
    write_trips(asked.output, min(plans, key=lambda trips: _cost(errand, trips)))  # an error where no search began


def _cost(errand: Errand, trips: Sequence[Trip]) -> float:
    timed = day(errand, trips)
    assert timed is not None, "only plans that work out are compared"
    return trips_cost(errand, timed)


def searched(send: Send, errand: Errand, seed: int, until_s: float) -> None:
    """One core: plans that break no rule are sent as they become the best; the first is that nobody goes anywhere."""
    model, kinds = pyvrp_model(errand, again=reloads(errand))
    own = [kind.replace(max_overtime=0, unit_overtime_cost=0) for kind in model.vehicle_types()]
    model = model.replace(vehicle_types=own)
    send(())

    class Sending(pyvrp.IteratedLocalSearchCallbacks):
        def on_best(self, best: pyvrp.Solution) -> None:
            if best.is_feasible():
                send(tuple(trips_of(best, kinds)))

    heard = pyvrp.IteratedLocalSearchParams(callbacks=Sending())
    left_s = max(until_s - time.monotonic(), 0.0)
    params = pyvrp.SolveParams(ils=heard)
    pyvrp.solve(model, MaxRuntime(left_s), seed=seed, collect_stats=False, display=False, params=params)


if __name__ == "__main__":
    main()
