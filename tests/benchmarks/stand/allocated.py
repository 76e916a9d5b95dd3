"""One size of the curve, in a process of its own: lots allocated, and one region of one component's collection routed.

Run as `python -m tests.benchmarks.stand.allocated LOTS ROUTE_SECONDS`; the figures are one line of JSON.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from typing import Final

import numpy as np
import psutil

from solver.allocation.charged.piece import Piece
from solver.allocation.charged.pieces import canonical_lanes, split
from solver.allocation.charged.problem import ChargedProblem
from solver.allocation.charged.solve import FLOW_LANES, ChargedPlan, allocate
from solver.problem import Ints
from solver.routing.classical.solve import solve_routes
from tests.benchmarks.made.lots import made_lots
from tests.benchmarks.made.regions import collection_round, fullest_region, places
from tests.benchmarks.stand.ran import Watch

SEED: Final = 1
Figures = dict[str, float]


def main() -> None:
    """Allocate, weigh what travels to the workers, route."""
    lots, seconds = int(sys.argv[1]), float(sys.argv[2])
    problem = made_lots(lots, SEED, linear=True)
    given_mb = psutil.Process().memory_info().rss >> 20
    began_s = time.monotonic()
    with Watch(os.getpid()) as watch:
        plan = allocate(problem)
    allocated = {
        "allocate_s": time.monotonic() - began_s,
        "peak_mb": watch.peak_bytes >> 20,
        "given_mb": given_mb,
        "gap": plan.gap,
    }
    pieces = [cut.piece for cut in split(canonical_lanes(problem)[0], FLOW_LANES)]
    figures = allocated | _travelled(pieces) | _routed(problem, plan, seconds)
    sys.stdout.write(f"{json.dumps({'lots': lots, 'lanes': len(problem.lanes.lot), **figures})}\n")


def _travelled(pieces: list[Piece]) -> Figures:
    """What all pieces weigh on their way, and what it costs to make them ready, as columns and as rows."""
    columns: list[pickle.PickleBuffer] = []
    began_s = time.monotonic()
    head = sum(len(pickle.dumps(piece, protocol=5, buffer_callback=columns.append)) for piece in pieces)
    columns_s = time.monotonic() - began_s
    weight = head + sum(column.raw().nbytes for column in columns)
    return {"pieces": len(pieces), "travel_mb": weight / 1e6, "pickle_s": columns_s, "beside_columns_mb": head / 1e6}


def _routed(problem: ChargedProblem, plan: ChargedPlan, seconds: float) -> Figures:
    """The collection of one component's lots in one region, on the roads that `solve_routes` finds."""
    lot_at, _ = places(problem, SEED)
    sent = np.bincount(problem.lanes.lot, plan.sent, len(problem.lots.id)).astype(np.int64)
    stops = fullest_region(lot_at, _component(problem, sent))
    began_s = time.monotonic()
    with Watch(os.getpid()) as watch:
        routed = solve_routes(collection_round(lot_at, sent, stops), seconds, seed=SEED)
    return {
        "stops": len(stops),
        "routes": len(routed.routes),
        "km": routed.cost / 1000,
        "route_s": time.monotonic() - began_s,
        "route_mb": watch.peak_bytes >> 20,
    }


def _component(problem: ChargedProblem, sent: Ints) -> Ints:
    """Lots that send something, of the component with the most lanes."""
    ordered, order = canonical_lanes(problem)
    largest = max(split(ordered), key=lambda cut: len(cut.lanes))
    lots = np.unique(problem.lanes.lot[order[largest.lanes]])
    return lots[sent[lots] > 0]


if __name__ == "__main__":
    main()
