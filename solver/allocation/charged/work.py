"""What is done for a piece with charges, in whatever process: bounds, a dive and branch and bound within its time."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from solver.allocation.charged.flow import flow_of_opened
from solver.allocation.charged.linear import Piecework, Worked
from solver.allocation.charged.mip import Budget, branch
from solver.allocation.charged.neighbours import improved, neighbourhoods
from solver.allocation.charged.piece import Piece
from solver.allocation.charged.prices import Prices, climb, flow_prices
from solver.allocation.charged.slopes import Spread, scale_slopes
from solver.allocation.charged.strong import StrongModel, dive
from solver.instance import Floats
from solver.problem import Ints
from solver.shards import Halted

RELAXED_LOTS = 20_000
"""Beyond, the strong relaxation takes too long: 1 s at 5,000 lots, and it grows faster than they do."""
WHOLE_LOTS = 1_000
"""Up to here branch and bound gets somewhere on the whole piece: 0.1 % within 2.5 s at 600 lots."""
SMALL_SEARCHES = 1 / 300
"""Neighbourhoods a lot before the whole of a small piece is searched."""
SLOPE_ROUNDS = 8
"""Where no relaxation follows."""
CLIMBS, CLIMB_PART = 300, 0.3
ANSWERING = (0.0, 0.05, 0.15)
"""Parts of its charge that a lot may be short of being worth its visit, and still be tried."""
NEIGHBOURHOOD_S, NEIGHBOURHOOD_PART = 2.0, 1 / 3
"""Most end by themselves within 0.4 s; one that is cut off before its root is solved was for nothing."""
NODES = 20
"""Of one search, where the clock does not end it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The best so far; `worth` of each lot guides searches, none where no prices were found."""

    sent: Ints
    bound_minor: int
    worth: Floats | None = None


class _Clock:
    """Seconds left to a piece."""

    def __init__(self, work: Piecework, halted: Halted) -> None:
        now_s = time.time()
        self._until_s = now_s + (work.until_s - now_s) * min(work.part, 1.0)
        self._halted = halted

    def left_s(self) -> float:
        return 0.0 if self._halted() else max(self._until_s - time.time(), 0.0)

    def over(self) -> bool:
        return self.left_s() <= 0


def charge_piece(work: Piecework, halted: Halted) -> Worked:
    """The cheapest plan found in its time, and the best bound."""
    clock, piece = _Clock(work, halted), work.piece.cast(np.int64)
    relaxable = len(piece.quantity) <= RELAXED_LOTS
    first = scale_slopes(piece, 0 if relaxable else SLOPE_ROUNDS, clock.over)
    found = _Found(first.sent, first.bound_minor)
    if not clock.over():
        found = (_relaxed if relaxable else _climbed)(piece, first, clock)
    if found.worth is not None:
        found = _searched(work, piece, found, clock)
    return Worked(found.sent.astype(np.int32), min(found.bound_minor, piece.minor(found.sent)))


def _relaxed(piece: Piece, first: Spread, clock: _Clock) -> _Found:
    """Prices of the strong relaxation, and the plan that a dive from it finds."""
    model = StrongModel(piece)
    relaxed = model.relax(clock.left_s())
    if relaxed is None:
        return _Found(first.sent, first.bound_minor)
    answered = Prices(piece).answer(relaxed.prices)
    dived = flow_of_opened(piece, dive(model, relaxed, clock.left_s()))
    best = min(first.sent, dived, key=piece.minor)
    return _Found(best, max(first.bound_minor, answered.bound_minor), answered.worth)


def _climbed(piece: Piece, first: Spread, clock: _Clock) -> _Found:
    """Prices of the first flow, improved for a part of the time, and plans of the lots that answer them."""
    enough_s = (1 - CLIMB_PART) * clock.left_s()
    prices = flow_prices(piece, first.flow, first.lane_cost)
    answers = climb(piece, prices, piece.minor(first.sent))
    answered = next(answers)
    for _, answered in zip(range(CLIMBS), answers, strict=False):  # noqa: B007  # the last one is the best
        if clock.left_s() < enough_s:
            break
    opened = [answered.worth <= part * piece.charge_minor for part in ANSWERING]
    best = min([first.sent, *(flow_of_opened(piece, lots) for lots in opened)], key=piece.minor)
    return _Found(best, max(first.bound_minor, answered.bound_minor), answered.worth)


def _searched(work: Piecework, piece: Piece, found: _Found, clock: _Clock) -> _Found:
    """Neighbourhoods of the plan while there is time; a small piece ends with the whole of it."""
    assert found.worth is not None
    small = len(piece.quantity) <= WHOLE_LOTS
    sent, tried = found.sent, 0
    nodes = None if work.searches is None else NODES
    most = SMALL_SEARCHES * len(piece.quantity) if small else np.inf
    if work.searches is not None:
        most = min(most, work.searches)
    near = neighbourhoods(piece, found.worth, np.random.default_rng(work.seed))
    while tried < most and not clock.over() and found.bound_minor < piece.minor(sent):
        most_s = min(NEIGHBOURHOOD_S, NEIGHBOURHOOD_PART * clock.left_s()) if nodes is None else clock.left_s()
        budget = Budget(most_s, nodes)
        sent, tried = improved(piece, sent, next(near), found.worth, budget), tried + 1
    found = replace(found, sent=sent)
    if small and not clock.over() and found.bound_minor < piece.minor(sent):
        branched = branch(piece, sent, Budget(clock.left_s(), nodes))
        found = replace(found, sent=branched.sent, bound_minor=max(found.bound_minor, branched.bound_minor))
    return found
