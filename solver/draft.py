"""A plan in the making: who is served how, and with what; routes come beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.instance import Instance, settled
from solver.problem import Flags, Ints
from solver.solution import NONE


@dataclass(frozen=True, slots=True)
class Draft:
    """Hubs and ways, and allocations ordered by lot, then batch, one row a pair."""

    farm_hub: Ints
    point_hub: Ints
    parcel: Flags
    lot: Ints
    batch: Ints
    quantity: Ints

    def sent(self, lots: int) -> Ints:
        """Quantity of each lot."""
        return np.bincount(self.lot, self.quantity, lots).astype(np.int64)

    def served(self, batches: int) -> Ints:
        """Quantity of each batch."""
        return np.bincount(self.batch, self.quantity, batches).astype(np.int64)


def drafted(draft: Draft, lot: Ints, batch: Ints, quantity: Ints, instance: Instance) -> Draft:
    """The draft with these allocations: summed a pair, ordered, and hubs only where something is sent."""
    problem = instance.problem
    pairs, inverse = np.unique(lot * max(len(problem.batches.id), 1) + batch, return_inverse=True)
    total = np.bincount(inverse.ravel(), quantity, len(pairs)).astype(np.int64)
    pairs, total = pairs[total > 0], total[total > 0]
    lot, batch = np.divmod(pairs, max(len(problem.batches.id), 1))
    sends = np.isin(np.arange(len(problem.farms.id)), problem.lots.farm[lot])
    gets = np.isin(np.arange(len(problem.points.id)), problem.batches.point[batch])
    return replace(
        draft,
        farm_hub=np.where(sends, draft.farm_hub, NONE),
        point_hub=np.where(gets, draft.point_hub, NONE),
        parcel=gets & draft.parcel,
        lot=lot,
        batch=batch,
        quantity=total,
    )


def trimmed(instance: Instance, draft: Draft, lost: Ints) -> Draft:
    """The draft without what is lost of each row, and without what a lot may then not send any more."""
    quantity = draft.quantity - lost
    lots = len(instance.problem.lots.id)
    sent = np.bincount(draft.lot, quantity, lots).astype(np.int64)
    surplus = np.maximum(sent - settled(instance, sent), 0)
    # The smallest rows go first: they are the ones that are worth least to anybody.
    for row in np.lexsort((quantity, draft.lot)).tolist():
        taken = min(int(surplus[draft.lot[row]]), int(quantity[row]))
        quantity[row] -= taken
        surplus[draft.lot[row]] -= taken
    return drafted(draft, draft.lot, draft.batch, quantity, instance)
