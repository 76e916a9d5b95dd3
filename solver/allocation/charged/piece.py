"""A part of a problem that shares nothing with the others, as columns that are cheap to send to other processes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solver.problem import Ints

Columns = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Piece:
    """L lots, B batches and A lanes, sorted by lot, rows counted within the piece; int32 to travel, int64 to work."""

    quantity: Ints
    minimum: Ints
    charge_minor: Ints
    wanted: Ints
    shortage_minor: Ints
    lot: Ints
    batch: Ints
    cost_minor: Ints

    @property
    def room(self) -> Ints:
        """The most that each lane can carry."""
        return np.minimum(self.quantity[self.lot], self.wanted[self.batch])

    def of_lot(self, sent: Ints) -> Ints:
        """What each lot sends."""
        return np.bincount(self.lot, sent, len(self.quantity)).astype(np.int64)

    def short(self, sent: Ints) -> Ints:
        """What each batch does not get."""
        return self.wanted - np.bincount(self.batch, sent, len(self.wanted)).astype(np.int64)

    def minor(self, sent: Ints) -> int:
        """Purchase, visits and shortages."""
        visits = self.charge_minor[self.of_lot(sent) > 0].sum()
        return int(sent @ self.cost_minor + self.short(sent) @ self.shortage_minor + visits)

    def cast(self, kind: type[np.int32 | np.int64]) -> Piece:
        """The same numbers in other words."""
        return replace(self, **{name: getattr(self, name).astype(kind) for name in self.__dataclass_fields__})
