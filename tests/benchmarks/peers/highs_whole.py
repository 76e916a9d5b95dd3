"""The whole fixed-charge problem as one mixed-integer model for HiGHS, on both cores.

Reads an npz file of lots, or an OR-Library file with `--capacity`, whose facilities are lots and whose shortages are
not allowed. Run as `python -m tests.benchmarks.peers.highs_whole FILE --seconds 20 -o OUT.npz`; writes `sent` of each
lane and prints `{"seconds", "cost", "bound"}`. Lanes as columns, one door a lot; demands, quantities, minima as rows.
For facilities the textbook's strong rows too, x <= u y; lots, whose lanes are up to a million, go without them.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np
from scipy.sparse import coo_array

from solver.allocation.charged.columns import read_charged
from solver.instance import Floats
from solver.instances.orlib import read_facilities
from solver.problem import Ints

BY_ROW, MINIMISE, THREADS = 2, 1, 2


@dataclass(frozen=True, slots=True)
class Model:
    """Columns of either kind of file; a shortage price of infinity allows none."""

    quantity: Ints
    minimum: Ints
    charge: Floats
    wanted: Ints
    shortage: Floats
    lot: Ints
    batch: Ints
    cost: Floats


def read_model(path: Path, capacity: int | None) -> Model:
    """By the name of the file."""
    if path.suffix == ".npz":
        given = read_charged(path)
        lots, batches, lanes = given.lots, given.batches, given.lanes
        return Model(
            lots.quantity, lots.minimum, lots.charge_minor.astype(float), batches.quantity,
            batches.shortage_minor.astype(float), lanes.lot, lanes.batch, lanes.cost_minor.astype(float),
        )  # fmt: skip
    problem = read_facilities(path, capacity)
    facilities, customers = problem.cost.shape
    unit_cost = problem.cost / np.maximum(problem.demand, 1)
    return Model(
        problem.capacity, np.zeros(facilities, np.int64), problem.opening, problem.demand,
        np.full(customers, np.inf), np.repeat(np.arange(facilities), customers),
        np.tile(np.arange(customers), facilities), unit_cost.ravel(),
    )  # fmt: skip


def load(highs: highspy.Highs, model: Model) -> None:
    """Columns: lanes, shortages, doors. Rows: lots, batches, minima."""
    lots, batches, lanes = len(model.quantity), len(model.wanted), len(model.lot)
    held = np.flatnonzero(model.minimum > 0)
    row_of = np.full(lots, -1)
    row_of[held] = lots + batches + np.arange(len(held))
    floored = row_of[model.lot] >= 0
    allowed = np.isfinite(model.shortage)
    room = np.minimum(model.quantity[model.lot], model.wanted[model.batch])
    strong = np.flatnonzero(np.full(lanes, not allowed.all()))
    base = lots + batches + len(held)
    door, short = lanes + batches + np.arange(lots), lanes + np.arange(batches)
    entries = [
        (model.lot, np.arange(lanes), np.ones(lanes)),
        (np.arange(lots), door, -model.quantity.astype(float)),
        (lots + model.batch, np.arange(lanes), np.ones(lanes)),
        (lots + np.arange(batches), short, np.ones(batches)),
        (row_of[model.lot[floored]], np.flatnonzero(floored), np.ones(int(floored.sum()))),
        (row_of[held], door[held], -model.minimum[held].astype(float)),
    ]
    entries += [
        (base + np.arange(len(strong)), strong, np.ones(len(strong))),
        (base + np.arange(len(strong)), door[model.lot[strong]], -room[strong].astype(float)),
    ]
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    count, width, infinity = base + len(strong), lanes + batches + lots, highspy.kHighsInf
    matrix = coo_array((values, (rows, columns)), shape=(count, width)).tocsr()
    wanted = model.wanted.astype(float)
    highs.passModel(
        width, count, matrix.nnz, BY_ROW, MINIMISE, 0.0,
        np.concatenate([model.cost, np.where(allowed, model.shortage, 0.0), model.charge]), np.zeros(width),
        np.concatenate([room, np.where(allowed, wanted, 0.0), np.ones(lots)]),
        np.concatenate([np.full(lots, -infinity), wanted, np.zeros(len(held)), np.full(len(strong), -infinity)]),
        np.concatenate([np.zeros(lots), wanted, np.full(len(held), infinity), np.zeros(len(strong))]),
        matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        np.repeat([0, 1], [lanes + batches, lots]).astype(np.int32),
    )  # fmt: skip


def main() -> None:
    """Read, solve, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--capacity", type=int)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("-o", dest="output", type=Path, required=True)
    asked = parser.parse_args()
    model = read_model(asked.file, asked.capacity)
    began = time.monotonic()
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", THREADS), ("time_limit", asked.seconds)):
        highs.setOptionValue(option, value)
    load(highs, model)
    highs.run()
    seconds, found = time.monotonic() - began, highs.getInfo()
    feasible = found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(highs.getSolution().col_value) if feasible else np.zeros(len(model.lot))
    with asked.output.open("wb") as file:
        np.savez(file, sent=np.rint(values[: len(model.lot)]).astype(np.int64))
    cost = float(found.objective_function_value) if feasible else None
    print(json.dumps({"seconds": seconds, "cost": cost, "bound": float(found.mip_dual_bound)}))  # noqa: T201  # read


if __name__ == "__main__":
    main()
