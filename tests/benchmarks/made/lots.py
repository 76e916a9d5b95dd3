"""Made allocations: lots around centres of a 300 km square, each with lanes to its nearest batches that it may serve.

Easy: few large batches, cheap visits, demand 60 % of what can reach it. Hard: as many batches as lots, visits six times
as dear, 40 %.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from solver.allocation.charged.problem import Batches, ChargedProblem, Lanes, Lots
from solver.instance import Floats
from solver.problem import Ints

SIDE_KM, SPREAD_KM = 300.0, 8.0
LOTS_A_CENTRE, LOTS_A_PRODUCT = 500, 1000
GRADES: Final = 3
NEAREST: Final = 10
SHORTAGE_MINOR: Final = 2000


def made_lots(lots: int, seed: int = 1, *, hard: bool = False, linear: bool = False) -> ChargedProblem:
    """So many lots; linear leaves out charges and minima, and everything else as it is.

    The numbers are drawn in the order in which the prototype of the measurements drew them, so that a size and a seed
    name the same problem.
    """
    random = np.random.default_rng(seed)
    batches = lots if hard else max(20, lots // 10)
    products = min(20, max(2, lots // LOTS_A_PRODUCT))
    centres = random.uniform(0, SIDE_KM, (max(5, lots // LOTS_A_CENTRE), 2))
    lot_at = centres[random.integers(0, len(centres), lots)] + random.normal(0, SPREAD_KM, (lots, 2))
    batch_at = random.uniform(0, SIDE_KM, (batches, 2))
    quantity = np.maximum(20, random.lognormal(5.3, 0.8, lots)).astype(np.int64)
    lot_product, batch_product = random.integers(0, products, lots), np.arange(batches) % products
    # A lot serves its own grade, 0 the highest number asked, or lower ones.
    lot_grade = random.choice(GRADES, lots, p=[0.3, 0.4, 0.3])
    batch_grade = random.choice(GRADES, batches, p=[0.5, 0.3, 0.2])
    charge = random.integers(1500, 6000, lots) * (6 if hard else 1)
    price = random.integers(80, 140, lots)
    minimum = np.where(random.random(lots) < 0.5, quantity // 5, 0)
    parts = [
        _nearest(lot_at, batch_at, price, mine, theirs)
        for product in range(products)
        for grade in range(GRADES)
        if len(mine := np.flatnonzero((lot_product == product) & (lot_grade == grade)))
        and len(theirs := np.flatnonzero((batch_product == product) & (batch_grade <= grade)))
    ]
    lot, batch, cost = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((batch, lot))
    lot, batch, cost = lot[order], batch[order], cost[order]
    weight = random.lognormal(0, 0.6, batches)
    reach = np.bincount(batch, quantity[lot] / NEAREST, batches)
    wanted = np.maximum(1, (0.4 if hard else 0.6) * reach * weight / weight.mean()).astype(np.int64)
    nothing = np.zeros(lots, dtype=np.int64)
    return ChargedProblem(
        Lots(np.arange(lots), quantity, nothing if linear else minimum, nothing if linear else charge),
        Batches(np.arange(batches), wanted, np.full(batches, SHORTAGE_MINOR)),
        Lanes(lot, batch, cost),
    )


def _nearest(lot_at: Floats, batch_at: Floats, price: Ints, lots: Ints, batches: Ints) -> tuple[Ints, Ints, Ints]:
    """Lanes of these lots to the nearest of these batches: the lot's price, and one and a half a kilometre."""
    near = min(NEAREST, len(batches))
    km, row = cKDTree(batch_at[batches]).query(lot_at[lots], near)
    cost = np.repeat(price[lots], near) + 1.5 * np.asarray(km).ravel()
    return np.repeat(lots, near), batches[row.ravel()], cost.round().astype(np.int64)
