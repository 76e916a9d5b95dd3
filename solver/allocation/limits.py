"""How much may go where: of each lot, to each batch, from one farm."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.eligibility import settled_most
from solver.ground import Floats, Ground
from solver.problem import Ints
from solver.reserves import reserves


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a flow may send; `surcharge` is what a lot's visit adds to a thousand base units."""

    least: Ints  # of each lot
    most: Ints
    wanted: Ints  # of each batch
    surcharge: Floats  # of each lot


def first_limits(ground: Ground) -> Limits:
    """What the problem allows."""
    most = np.maximum(settled_most(ground.problem), ground.at_least)
    return Limits(
        least=np.minimum(ground.at_least, most),
        most=most,
        wanted=ground.problem.batches.quantity.copy(),
        surcharge=np.zeros(len(most)),
    )


def promises(limits: Limits) -> Limits:
    """Nothing but what is promised."""
    return replace(limits, most=limits.least)


def small_floors(ground: Ground) -> Ints:
    """What is reserved for small farms of each product, where enough of them are eligible, as far as they have it."""
    floors = np.zeros(len(ground.problem.products.id), dtype=np.int64)
    for product, reserved in reserves(ground.problem).items():
        floors[product] = reserved
    return floors
