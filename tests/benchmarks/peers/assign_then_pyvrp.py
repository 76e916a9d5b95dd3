"""The usual way: choose the farms first, with straight-line transport or with none, then route what was chosen.

Reads a region of `made.collection` as the solver's problem file. CP-SAT chooses the quantities: price and stop, and
with `--by line` the way there and back and the truck's day spread over a full truck. PyVRP then routes on every core, a
seed each, and the best counts. `python -m tests.benchmarks.peers.assign_then_pyvrp FILE --seconds 20 --by line -o OUT`
writes `{"sent": [of each lot], "trips": [[farms in order]...]}`.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
import pyvrp
from ortools.sat.python import cp_model
from pyvrp.stop import MaxRuntime

from solver.codec import read_problem
from solver.problem import Ints, Problem
from solver.roads import RoadMap

WAYS: Final = ("line", "price")
ASSIGNING: Final = 0.15
"""Of the time for the assignment at most; it is optimal to a ten-thousandth long before."""
STARTING_S: Final = 1.0
"""Kept for starting the processes and for writing: the peer's wall time is the time given, not more."""
FINE: Final = 1000
"""Parts of a minor unit in which a gram's price is whole."""
CORES: Final = 2


@dataclass(frozen=True, slots=True)
class Routing:
    """Drives and stops priced in minor units, hub first, and what each chosen farm has on the ramp."""

    minor: Ints
    load: Ints
    room: int
    fixed_minor: int
    trucks: int


def main() -> None:
    """Assign, route, write."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="assign_then_pyvrp", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--by", choices=WAYS, default="line")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    problem = read_problem(asked.file)
    minor = drives_minor(problem)
    sent = assigned(problem, minor, asked.by, ASSIGNING * asked.seconds)
    farms = np.flatnonzero(np.bincount(problem.lots.farm, sent, len(problem.farms.id)))
    left_s = max(asked.seconds - (time.monotonic() - began) - STARTING_S, 0.1)
    trips = routed(problem, minor, sent, farms, left_s, asked.seed)
    asked.output.write_text(json.dumps({"sent": sent.tolist(), "trips": trips}), encoding="utf-8")


def drives_minor(problem: Problem) -> Ints:
    """Every drive between the hub and the farms as its truck pays it."""
    places = np.concatenate([problem.hubs.place, problem.farms.place])
    legs = RoadMap(problem.places, problem.roads).legs(places[:, None], places[None, :])
    km, hour = int(problem.vehicles.minor_per_km[0]), int(problem.vehicles.minor_per_hour[0])
    minor: Ints = np.rint(legs.distance_m * km / 1000 + legs.duration_s * hour / 3600).astype(np.int64)
    return minor


def stop_minor(problem: Problem) -> int:
    """What one stop's time costs."""
    return int(problem.farms.service_s[0] * problem.vehicles.minor_per_hour[0] // 3600)


def assigned(problem: Problem, minor: Ints, by: str, seconds: float) -> Ints:
    """The quantity of each lot that covers all demand at least price, stops and straight-line transport."""
    lots, batches, vehicles = problem.lots, problem.batches, problem.vehicles
    per_gram = lots.ask_minor_per_1000 / 1000
    if by == "line":
        there_and_back = minor[0, 1:] + minor[1:, 0] + vehicles.fixed_minor[0]
        per_gram = per_gram + there_and_back[lots.farm] / vehicles.weight_g[0]
    model = cp_model.CpModel()
    sent = [model.new_int_var(0, int(held), "") for held in lots.offered]
    called = [model.new_bool_var("") for _ in sent]
    for quantity, held, call in zip(sent, lots.offered.tolist(), called, strict=True):
        model.add(quantity <= held * call)
    for product, asked in zip(batches.product.tolist(), batches.quantity.tolist(), strict=True):
        model.add(sum(sent[lot] for lot in np.flatnonzero(lots.product == product).tolist()) >= asked)
    prices = np.rint(per_gram * FINE).astype(np.int64).tolist()
    stop = stop_minor(problem) * FINE
    goods = sum(price * quantity for price, quantity in zip(prices, sent, strict=True))
    model.minimize(goods + stop * sum(called))
    search = cp_model.CpSolver()
    search.parameters.max_time_in_seconds = seconds
    search.parameters.num_workers = CORES
    search.parameters.relative_gap_limit = 1e-4
    search.solve(model)
    return np.array([search.value(quantity) for quantity in sent], dtype=np.int64)


def routed(problem: Problem, minor: Ints, sent: Ints, farms: Ints, seconds: float, seed: int) -> list[list[int]]:
    """The cheapest routes of as many searches as there are cores, as farms in order."""
    nodes = np.concatenate([np.zeros(1, dtype=np.int64), farms + 1])
    load = np.bincount(problem.lots.farm, sent, len(problem.farms.id)).astype(np.int64)[farms]
    vehicles = problem.vehicles
    room, fixed = int(vehicles.weight_g[0]), int(vehicles.fixed_minor[0])
    errand = Routing(minor[np.ix_(nodes, nodes)], load, room, fixed, len(vehicles.id))
    with ProcessPoolExecutor(CORES, get_context("spawn")) as pool:
        found = [pool.submit(searched, errand, seconds, seed + core) for core in range(CORES)]
        _, trips = min(one.result() for one in found)
    return [[int(farms[visit]) for visit in trip] for trip in trips]


def searched(errand: Routing, seconds: float, seed: int) -> tuple[int, list[list[int]]]:
    """PyVRP alone: cost and visits of each route."""
    count = len(errand.load)
    model = pyvrp.ProblemData(
        [pyvrp.Location(0, 0)] * (count + 1),
        [pyvrp.Client(visit + 1, pickup=[int(errand.load[visit])]) for visit in range(count)],
        [pyvrp.Depot(0)],
        [pyvrp.VehicleType(errand.trucks, [errand.room], fixed_cost=errand.fixed_minor)],
        [errand.minor],  # type: ignore[list-item]  # pyvrp's stub gives ndarray one parameter, numpy's has two
        [np.zeros_like(errand.minor)],  # type: ignore[list-item]  # as above
    )
    found = pyvrp.solve(model, MaxRuntime(seconds), seed=seed, collect_stats=False, display=False)
    trips = [[stop.idx for stop in route if stop.is_client()] for route in found.best.routes()]
    return int(found.cost()), trips


if __name__ == "__main__":
    main()
