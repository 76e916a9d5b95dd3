"""How much may go where: of each lot, to each batch, from one farm."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.eligibility import settled_most
from solver.instance import Floats, Instance
from solver.problem import Ints
from solver.reserves import reserves


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a flow may send; `surcharge` is what a lot's visit adds to a thousand base units."""

    least: Ints  # of each lot
    most: Ints
    wanted: Ints  # of each batch
    surcharge: Floats  # of each lot


def first_limits(instance: Instance) -> Limits:
    """What the problem allows."""
    most = np.maximum(settled_most(instance.problem), instance.at_least)
    return Limits(
        least=np.minimum(instance.at_least, most),
        most=most,
        wanted=instance.problem.batches.quantity.copy(),
        surcharge=np.zeros(len(most)),
    )


def promises(limits: Limits) -> Limits:
    """Nothing but what is promised."""
    return replace(limits, most=limits.least)


def small_floors(instance: Instance) -> Ints:
    """What is reserved for small farms of each product, where enough of them are eligible, as far as they have it."""
    floors = np.zeros(len(instance.problem.products.id), dtype=np.int64)
    for product, reserved in reserves(instance.problem).items():
        floors[product] = reserved
    return floors
