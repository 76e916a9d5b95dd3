"""A certified bound from any prices: batches pay for what they get, and each lot answers with its own best."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solver.allocation.charged.piece import Piece
from solver.instance import Floats
from solver.problem import Ints

ROUNDING = 1e-11
"""Of the sum of magnitudes: more than the additions of doubles can lose in pieces of a million lanes."""
ROUNDS = 200
"""Shortest ways have fewer lanes than this, or are as good as found: every price gives a bound."""
STEP, PATIENCE, SMALLEST_STEP, MEMORY = 0.3, 8, 1e-3, 0.5


@dataclass(frozen=True, slots=True)
class Answered:
    """What lots answer to prices: no plan costs less than `bound_minor`."""

    bound_minor: int
    worth: Floats  # of each lot: its visit less what it earns; it comes if that is below nothing
    missing: Floats  # of each batch: what nobody brings


class Prices:
    """The Lagrangean relaxation of the batches' demands, whose best bound is that of the strong linear relaxation.

    With the demands priced, each lot is alone: closed, or open with at least its minimum on its best lanes, a
    continuous knapsack (Daskin 2013, ch. 4; for minima the same with a floor).
    """

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._room = piece.room.astype(np.float64)
        self._first = np.searchsorted(piece.lot, np.arange(len(piece.quantity)))

    def answer(self, prices: Floats) -> Answered:
        """Evaluate prices a unit of each batch; those above its shortage price count as that."""
        piece = self._piece
        prices = np.clip(prices, 0, piece.shortage_minor)
        reduced = piece.cost_minor - prices[piece.batch]
        order = np.lexsort((reduced, piece.lot))
        room, reduced = self._room[order], reduced[order]
        total = np.cumsum(room) - room
        before = total - total[self._first[piece.lot]]
        most = np.where(reduced < 0, piece.quantity[piece.lot], piece.minimum[piece.lot])
        carried = np.clip(most - before, 0, room)
        lots = len(piece.quantity)
        worth = np.bincount(piece.lot, reduced * carried, lots).astype(np.float64) + piece.charge_minor
        comes = worth < 0
        bound = float(prices @ piece.wanted) + float(worth[comes].sum())
        magnitude = float(prices @ piece.wanted) + float(np.abs(reduced * carried).sum() + piece.charge_minor.sum())
        brought = np.bincount(piece.batch[order], carried * comes[piece.lot], len(piece.wanted)).astype(np.float64)
        # Every plan costs a whole number.
        return Answered(math.ceil(bound - ROUNDING * magnitude), worth, piece.wanted - brought)


def climb(piece: Piece, prices: Floats, upper_minor: float) -> Iterator[Answered]:
    """The best answer so far after every step, from given prices on; ends when steps have become too small.

    Steps of Held & Karp towards `upper_minor`, shortened after `PATIENCE` answers without a better bound; directions
    remember the last (Camerini, Fratta & Maffioli 1975).
    """
    relaxed = Prices(piece)
    best, kept, step, stale = relaxed.answer(prices), prices, STEP, 0
    yield best
    here, direction = best, np.zeros_like(prices)
    while step > SMALLEST_STEP:
        direction = here.missing + MEMORY * direction
        length = float(direction @ direction)
        if length <= 0:
            return
        prices = prices + step * max(upper_minor - here.bound_minor, 1.0) / length * direction
        prices = np.clip(prices, 0, piece.shortage_minor)
        here = relaxed.answer(prices)
        if here.bound_minor > best.bound_minor:
            best, kept, stale = here, prices, 0
        else:
            stale += 1
        yield best
        if stale >= PATIENCE:
            step, stale, prices, here, direction = step / 2, 0, kept, best, np.zeros_like(prices)


def flow_prices(piece: Piece, sent: Ints, lane_cost: Floats) -> Floats:
    """What one more unit is worth to each batch: the cheapest way to bring it in the network left over by a flow.

    Bellman & Ford over all lanes at once: forth over every lane, since a batch that wants one unit more makes room for
    it, back over those in use.
    """
    big = np.inf
    price = piece.shortage_minor.astype(np.float64)
    at_lot = np.where(piece.of_lot(sent) < piece.quantity, 0.0, big)
    back = np.where(sent > 0, lane_cost, -big)
    for _ in range(ROUNDS):
        before = price.copy()
        np.minimum.at(price, piece.batch, at_lot[piece.lot] + lane_cost)
        np.minimum.at(at_lot, piece.lot, price[piece.batch] - back)
        if (price == before).all():
            break
    return price
