"""Who is told to stand by: enough of each product for the declines to be expected."""

from __future__ import annotations

import numpy as np

from solver.cost import PPM
from solver.draft import Draft
from solver.instance import Instance
from solver.problem import Ints
from solver.solution import Standby


def standby_lots(instance: Instance, draft: Draft) -> Standby:
    """The cheapest unsent quantities, less their own farms' declines, until they outweigh the expected loss.

    A lot stands by for other farms only: who declines sends no more instead.
    """
    problem = instance.problem
    lots, decline_ppm = problem.lots, problem.farms.decline_ppm[problem.lots.farm]
    sent = draft.sent(len(lots.id))
    asked = np.maximum(sent - instance.at_least, 0)  # what is confirmed will not be declined
    loss = np.bincount(lots.product, asked * decline_ppm, len(problem.products.id)).astype(np.int64)
    _, pair = np.unique(lots.product * len(problem.farms.id) + lots.farm, return_inverse=True)
    own = np.bincount(pair, asked * decline_ppm).astype(np.int64)[pair]
    others = loss[lots.product] - own
    spare = spare_packs(instance, sent)
    quantity = np.zeros(len(sent), dtype=np.int64)
    for lot in np.lexsort((lots.ask_minor_per_1000, lots.product)).tolist():
        product, surely = int(lots.product[lot]), PPM - int(decline_ppm[lot])
        lost = min(int(loss[product]), int(others[lot]))
        if lost <= 0 or spare[lot] <= 0 or surely <= 0:
            continue
        pack = int(lots.pack[lot])
        needed = -(-lost // (surely * pack)) * pack
        least = 0 if sent[lot] else int(lots.minimum[lot])
        quantity[lot] = min(max(needed, -(-least // pack) * pack), int(spare[lot]))
        loss[product] -= int(quantity[lot]) * surely
    rows = np.flatnonzero(quantity)
    return Standby(rows, quantity[rows])


def spare_packs(instance: Instance, sent: Ints) -> Ints:
    """What each lot could still send in whole packs, 0 where that is no visit or its farm is not reached by any hub."""
    lots = instance.problem.lots
    spare = (instance.at_most - sent) // lots.pack * lots.pack
    worth: Ints = np.where(sent + spare >= lots.minimum, np.maximum(spare, 0), 0)
    return worth
