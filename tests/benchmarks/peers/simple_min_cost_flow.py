"""The whole linear problem in one call of OR-Tools' SimpleMinCostFlow.

Run as `python -m tests.benchmarks.peers.simple_min_cost_flow FILE.npz -o OUT.npz`; writes `sent` of each lane, and
prints `{"seconds": of solving}`.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from solver.allocation.charged.columns import read_charged
from solver.allocation.charged.problem import ChargedProblem
from solver.problem import Ints


def flowed(problem: ChargedProblem) -> Ints:
    """A source feeds lots, and batches at the shortage price."""
    lots, batches, lanes = problem.lots, problem.batches, problem.lanes
    at_lot = np.arange(len(lots.id)) + 1
    at_batch = np.arange(len(batches.id)) + len(at_lot) + 1
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([at_lot[lanes.lot], np.zeros(len(at_lot) + len(at_batch), np.int64)]),
        np.concatenate([at_batch[lanes.batch], at_batch, at_lot]),
        np.concatenate(
            [np.minimum(lots.quantity[lanes.lot], batches.quantity[lanes.batch]), batches.quantity, lots.quantity]
        ),
        np.concatenate([lanes.cost_minor, batches.shortage_minor, np.zeros(len(at_lot), np.int64)]),
    )
    flow.set_nodes_supplies(np.array([0]), np.array([batches.quantity.sum()]))
    flow.set_nodes_supplies(at_batch, -batches.quantity)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"minimum-cost flow ended with {status}")
    return np.asarray(flow.flows(arcs), dtype=np.int64)[: len(lanes.lot)]


def main() -> None:
    """Read, solve, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("-o", dest="output", type=Path, required=True)
    asked = parser.parse_args()
    problem = read_charged(asked.file)
    began = time.monotonic()
    sent = flowed(problem)
    seconds = time.monotonic() - began
    with asked.output.open("wb") as file:
        np.savez(file, sent=sent)
    print(json.dumps({"seconds": seconds}))  # noqa: T201  # the benchmark reads it


if __name__ == "__main__":
    main()
