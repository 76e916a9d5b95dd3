"""The solver's routing room on a made morning: `python -m tests.benchmarks.stand.routed trips 150 1 --seconds 20 ...`.

Both cores search in rounds; the trips are written as `stand.driven` reads them.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Final

from solver.routing.rounds import Rounds, route
from solver.shards import Shards
from solver.workers import never
from tests.benchmarks.made.mornings import MORNINGS, made_morning
from tests.benchmarks.stand.driven import write_trips

CORES: Final = 2
ITERATIONS: Final = 600
"""Of each search in a round: some three seconds at 150 visits."""
COMBINING_S: Final = 1.2
"""Kept for the last combination and for writing."""


def main() -> None:
    """Route, write."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="routed", description=__doc__)
    parser.add_argument("morning", choices=MORNINGS)
    parser.add_argument("visits", type=int)
    parser.add_argument("made", type=int, help="seed of the morning")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    errand = made_morning(asked.morning, asked.visits, asked.made)
    rounds = Rounds(rounds=10**6, searches=CORES, iterations=ITERATIONS, seed=1_000 * asked.seed)
    with Shards(CORES, began + asked.seconds - COMBINING_S, never) as shards:
        trips = route(errand, rounds, shards)
    write_trips(asked.output, [timed.trip for timed in trips])


if __name__ == "__main__":
    main()
