"""Neighbourhoods of a plan: batches near each other and the lots that reach them; what others send stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solver.allocation.charged.mip import Budget, branch
from solver.allocation.charged.piece import Piece
from solver.instance import Floats
from solver.problem import Flags, Ints

NEAR_BATCHES, UNDECIDED = 220, 60
"""Batches of one neighbourhood, and lots in it that may open or close.

On parts of 5,000 lots about 400 lots reach 220 batches; HiGHS then ends within 0.3 s.
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A neighbourhood as a piece of its own; `lanes` are its rows in the whole, `fixed` lots stay open."""

    piece: Piece
    lanes: Ints
    fixed: Flags


def near(piece: Piece, sent: Ints, batches: Flags, worth: Floats) -> Near:
    """What these batches may get from whom, with lots left out or fixed whose answer to the prices is clear."""
    inside = batches[piece.batch]
    outside = piece.of_lot(np.where(inside, 0, sent))
    used = piece.of_lot(np.where(inside, sent, 0)) > 0
    touched = np.zeros(len(piece.quantity), dtype=np.bool_)
    touched[piece.lot[inside]] = True
    touched &= outside < piece.quantity
    cut = np.sort(np.abs(worth[touched]))[: UNDECIDED + 1][-1] if touched.any() else 0.0
    lots = np.flatnonzero(touched & (used | (outside > 0) | (worth <= cut)))
    chosen = np.zeros_like(touched)
    chosen[lots] = True
    lanes = np.flatnonzero(inside & chosen[piece.lot])
    here = np.cumsum(chosen) - 1
    visited = outside[lots] > 0
    part = Piece(
        quantity=piece.quantity[lots] - outside[lots],
        minimum=np.maximum(piece.minimum[lots] - outside[lots], 0),
        charge_minor=np.where(visited, 0, piece.charge_minor[lots]),
        wanted=piece.wanted[batches],
        shortage_minor=piece.shortage_minor[batches],
        lot=here[piece.lot[lanes]],
        batch=(np.cumsum(batches) - 1)[piece.batch[lanes]],
        cost_minor=piece.cost_minor[lanes],
    )
    # A visited lot below its minimum must stay above it; the others only if they are clearly worth their visit.
    return Near(part, lanes, np.where(visited, part.minimum > 0, used[lots] & (worth[lots] < -cut)))


def improved(piece: Piece, sent: Ints, batches: Flags, worth: Floats, budget: Budget) -> Ints:
    """The plan with a neighbourhood searched anew, if that is cheaper and no lot falls below its minimum by it."""
    part = near(piece, sent, batches, worth)
    found = branch(part.piece, sent[part.lanes], budget, part.fixed).sent
    tried = sent.copy()
    tried[part.lanes] = found
    used = piece.of_lot(tried)
    below = (used > 0) & (used < piece.minimum)
    return sent if below.any() else min(sent, tried, key=piece.minor)


def neighbourhoods(piece: Piece, worth: Floats, random: np.random.Generator) -> Iterator[Flags]:
    """Sets of batches around lots of which nobody can be sure, until all of those are covered, then again."""
    doubtful = np.abs(worth) <= np.quantile(np.abs(worth), 0.2)
    covered = ~doubtful
    while True:
        if covered.all():
            covered = ~doubtful
        seed = random.choice(np.flatnonzero(~covered))
        batches = around(piece, int(seed), random)
        covered[piece.lot[batches[piece.batch]]] = True
        covered[seed] = True
        yield batches


def around(piece: Piece, lot: int, random: np.random.Generator) -> Flags:
    """Batches as near to a lot as lanes go, about so many as a neighbourhood may have."""
    inside = np.zeros(len(piece.wanted), dtype=np.bool_)
    inside[piece.batch[piece.lot == lot]] = True
    while True:
        reached = np.zeros(len(piece.quantity), dtype=np.bool_)
        reached[piece.lot[inside[piece.batch]]] = True
        wider = inside.copy()
        wider[piece.batch[reached[piece.lot]]] = True
        fresh = np.flatnonzero(wider & ~inside)
        room = NEAR_BATCHES - int(inside.sum())
        if len(fresh) > room or not len(fresh):
            inside[random.permutation(fresh)[: max(room, 0)]] = True
            return inside
        inside = wider
