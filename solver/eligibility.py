"""Which lots may serve which batches at all: product, grade, freshness and what is left to send."""

from __future__ import annotations

import numpy as np

from solver.cost import lot_most
from solver.problem import Flags, Ints, Problem


def days_left(problem: Problem, lot: Ints) -> Ints:
    """Days of shelf life that goods of each lot have left at hand-out."""
    shelf_days = problem.products.shelf_days[problem.lots.product[lot]]
    return shelf_days - (problem.rhythm.hand_out_day - problem.lots.harvest_day[lot])


def sendable(problem: Problem) -> Ints:
    """The most each lot may send, pins included."""
    most, pins = lot_most(problem), problem.pins
    most[pins.lot] = np.minimum(most[pins.lot], pins.at_most)
    return most


def eligible(problem: Problem) -> Flags:
    """Lots that may send something to at least one batch."""
    lots, batches = problem.lots, problem.batches
    left = days_left(problem, np.arange(len(lots.id), dtype=np.int64))
    wanted = np.zeros(len(lots.id), dtype=np.bool_)
    kinds = np.unique(np.stack([batches.product, batches.grade, batches.fresh_days], axis=1), axis=0)
    for product, grade, fresh_days in kinds.tolist():
        wanted |= (lots.product == product) & (lots.grade >= grade) & (left >= fresh_days)
    return wanted & (sendable(problem) > 0) & (lots.harvest_day <= 0)


def eligible_farms(problem: Problem) -> dict[int, Ints]:
    """Farms that may send something of each product that is asked."""
    usable = eligible(problem)
    lots = problem.lots
    return {
        product: np.unique(lots.farm[usable & (lots.product == product)])
        for product in np.unique(problem.batches.product).tolist()
    }


def settled_most(problem: Problem) -> Ints:
    """The most each lot can send at all: whole packs worth a visit, unless a pin says the number."""
    lots, pins, most = problem.lots, problem.pins, sendable(problem)
    packs = most // lots.pack * lots.pack
    settled = np.where(packs >= lots.minimum, packs, 0)
    settled[pins.lot] = most[pins.lot]
    whole: Ints = np.where(lots.harvest_day <= 0, settled, 0)
    return whole


def promised(problem: Problem) -> Ints:
    """What each lot must send."""
    least = np.zeros(len(problem.lots.id), dtype=np.int64)
    least[problem.pins.lot] = problem.pins.at_least
    return least
