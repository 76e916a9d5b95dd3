"""The strong relaxation of a piece: no lane carries more than its lot is open, as far as that binds (HiGHS)."""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import coo_array

from solver.allocation.charged.piece import Columns, Piece
from solver.instance import Floats
from solver.problem import Flags

BY_ROW, MINIMISE = 2, 1
NEARLY = 1e-6
HALF, TENTH = 0.5, 0.1
OPENED = 5
"""A round opens the widest fifth of the undecided lots at least, half of them at most; a tenth is no better."""
ROUNDS = 60
"""Rounds of rows: pieces of 5,000 lots end after a dozen."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """How open each lot is, what a unit is worth to each batch, and what each lane carries, in parts of units."""

    opened: Floats
    prices: Floats
    carried: Floats


class StrongModel:
    """Lanes and lots as columns: what is saved against leaving all short; demands, quantities, minima as rows.

    A lane's row below its lot (x <= u y) joins when a solution breaks it, so that 5,000 lots with 50,000 lanes take
    4,000 of these rows and a second.
    """

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self._room = piece.room.astype(np.float64)
        self._bound_lanes = np.zeros(len(piece.lot), dtype=np.bool_)
        self.highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self.highs.setOptionValue(option, value)
        self._load()

    @property
    def doors(self) -> Columns:
        """The columns that say how open each lot is."""
        lanes, lots = len(self.piece.lot), len(self.piece.quantity)
        return np.arange(lanes, lanes + lots, dtype=np.int32)

    def relax(self, seconds: float) -> Relaxed | None:
        """Solve with as many lane rows as it takes, or as time allows; None when it did not suffice for any."""
        until_s = time.monotonic() + seconds
        found = last = self.solve(seconds)
        for _ in range(ROUNDS):
            if last is None or not self._bind(last):
                break
            found, last = last, self.solve(until_s - time.monotonic())
        return last or found

    def solve(self, seconds: float) -> Relaxed | None:
        """Solve with the lane rows there are; None when the time did not suffice or nothing is feasible."""
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(seconds, 0.0))
        self.highs.run()
        return self._relaxed() if self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else None

    @property
    def always(self) -> Flags:
        """Lots without charge and minimum: there is nothing to decide about them."""
        always: Flags = (self.piece.charge_minor == 0) & (self.piece.minimum == 0)
        return always

    def between(self, least: Floats, most: Floats) -> None:
        """Keep each lot's opening within these bounds from now on."""
        open_anyway = self.always
        least, most = np.where(open_anyway, 1.0, least), np.where(open_anyway, 1.0, most)
        self.highs.changeColsBounds(len(least), self.doors, least, most)

    def _relaxed(self) -> Relaxed:
        solution, lanes, lots = self.highs.getSolution(), len(self.piece.lot), len(self.piece.quantity)
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        prices = self.piece.shortage_minor + duals[lots : lots + len(self.piece.wanted)]
        return Relaxed(values[lanes:], prices, values[:lanes])

    def _bind(self, found: Relaxed) -> bool:
        """Rows for lanes that carry more than their lots are open; whether there were any."""
        over = found.carried > self._room * (found.opened[self.piece.lot] + NEARLY)
        fresh = np.flatnonzero(over & ~self._bound_lanes)
        self._bound_lanes[fresh] = True
        count = len(fresh)
        columns = np.stack([fresh, self.doors[self.piece.lot[fresh]]], axis=1).ravel().astype(np.int32)
        values = np.stack([np.ones(count), -self._room[fresh]], axis=1).ravel()
        starts = 2 * np.arange(count, dtype=np.int32)
        self.highs.addRows(
            count, np.full(count, -highspy.kHighsInf), np.zeros(count), 2 * count, starts, columns, values
        )
        return count > 0

    def _load(self) -> None:
        piece, infinity = self.piece, highspy.kHighsInf
        lots, batches, lanes = len(piece.quantity), len(piece.wanted), len(piece.lot)
        lane, lot = np.arange(lanes), np.arange(lots)
        held = np.flatnonzero(piece.minimum > 0)
        row_of = np.full(lots, -1)
        row_of[held] = lots + batches + np.arange(len(held))
        floored: Flags = row_of[piece.lot] >= 0
        entries = [
            (piece.lot, lane, np.ones(lanes)),
            (lot, lanes + lot, -np.minimum(piece.quantity, np.bincount(piece.lot, self._room, lots))),
            (lots + piece.batch, lane, np.ones(lanes)),
            (row_of[piece.lot[floored]], lane[floored], np.ones(int(floored.sum()))),
            (row_of[held], lanes + held, -piece.minimum[held].astype(np.float64)),
        ]
        rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
        count = lots + batches + len(held)
        matrix = coo_array((values, (rows, columns)), shape=(count, lanes + lots)).tocsr()
        self.highs.passModel(
            lanes + lots, count, matrix.nnz, BY_ROW, MINIMISE, float(piece.wanted @ piece.shortage_minor),
            np.concatenate([piece.cost_minor - piece.shortage_minor[piece.batch], piece.charge_minor]).astype(float),
            np.concatenate([np.zeros(lanes), self.always]), np.concatenate([self._room, np.ones(lots)]),
            np.concatenate([np.full(lots + batches, -infinity), np.zeros(len(held))]),
            np.concatenate([np.zeros(lots), piece.wanted, np.full(len(held), infinity)]),
            matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
            np.zeros(lanes + lots, np.int32),
        )  # fmt: skip


def dive(model: StrongModel, found: Relaxed, seconds: float) -> Flags:
    """Which lots to open: the relaxation rounded a part of its undecided lots at a time, solved again each time.

    On parts of 5,000 lots 0.85 % above the relaxation after half a second, 1.7 % when the time ends it at once.
    """
    until_s = time.monotonic() + seconds
    least, most = np.zeros(len(found.opened)), np.ones(len(found.opened))
    seen: Relaxed | None = found
    while seen is not None:
        found = seen
        undecided = np.flatnonzero((found.opened > NEARLY) & (found.opened < 1 - NEARLY))
        if not len(undecided):
            break
        widest = undecided[np.argsort(-found.opened[undecided], kind="stable")]
        open_now = int((found.opened[widest[: len(widest) // 2]] >= HALF).sum())
        least[widest[: max(1, len(widest) // OPENED, open_now)]] = 1
        least[found.opened >= 1 - NEARLY] = 1
        most[undecided[found.opened[undecided] < TENTH]] = 0
        model.between(least, np.maximum(most, least))
        seen = model.solve(until_s - time.monotonic())
    opened: Flags = found.opened >= TENTH
    return opened
