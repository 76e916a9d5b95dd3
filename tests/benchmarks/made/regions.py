"""The collection round of one region of a made allocation: what its lots of one component send, to be fetched."""

from __future__ import annotations

from typing import Final

import numpy as np

from solver.allocation.charged.problem import ChargedProblem
from solver.instance import Floats
from solver.instances.classical import ClassicalProblem, Client, Depot, Rounding
from solver.problem import Ints
from tests.benchmarks.made.lots import LOTS_A_CENTRE, SIDE_KM, SPREAD_KM

REGION_KM: Final = 60.0
TRUCK_KG: Final = 10_000
METRES: Final = 1000.0


def places(problem: ChargedProblem, seed: int) -> tuple[Floats, Floats]:
    """Where the lots and the batches of `made_lots` are, in kilometres: its first draws again."""
    lots, batches = len(problem.lots.id), len(problem.batches.id)
    random = np.random.default_rng(seed)
    centres = random.uniform(0, SIDE_KM, (max(5, lots // LOTS_A_CENTRE), 2))
    lot_at = centres[random.integers(0, len(centres), lots)] + random.normal(0, SPREAD_KM, (lots, 2))
    return lot_at, random.uniform(0, SIDE_KM, (batches, 2))


def fullest_region(at_km: Floats, sending: Ints) -> Ints:
    """Of these lots those in the square with the most of them."""
    square = np.floor(at_km[sending] / REGION_KM).astype(np.int64)
    number = square[:, 0] * 1000 + square[:, 1]
    names, count = np.unique(number, return_counts=True)
    fullest: Ints = sending[number == names[count.argmax()]]
    return fullest


def collection_round(at_km: Floats, sent_kg: Ints, lots: Ints) -> ClassicalProblem:
    """Trucks of ten tonnes fetch what these lots send to a hub in their middle; edges in whole metres."""
    x, y = (at_km[lots] * METRES).T
    load = np.minimum(sent_kg[lots], TRUCK_KG)
    hub = Depot(float(x.mean()), float(y.mean()), TRUCK_KG, None, None, 0.0, None)
    rows = zip(x.tolist(), y.tolist(), load.tolist(), strict=True)
    return ClassicalProblem(
        "region", Rounding.NEAREST, (hub,), tuple(Client(east, north, kg, 0.0, 0.0, None) for east, north, kg in rows)
    )
