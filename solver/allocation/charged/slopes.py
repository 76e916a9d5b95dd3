"""A first plan and a first bound from flows: each lot's charge spread over the units it may send."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.charged.flow import cheapest_flow, flow_of_opened, whole_offers
from solver.allocation.charged.piece import Piece
from solver.instance import Floats
from solver.problem import Ints
from solver.shards import Halted

PARTS = 64
"""Parts of a minor unit in which slopes are whole."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A plan, a bound, and what a batch would pay for one more unit in the first flow."""

    sent: Ints
    bound_minor: int
    flow: Ints
    lane_cost: Floats


def scale_slopes(piece: Piece, rounds: int, halted: Halted) -> Spread:
    """Flows at slopes c + f/s, then f over what the last flow sent; the cheapest plan among those of their lots.

    Notes
    -----
    The first flow costs no more than any plan, since no lot sends more than it holds (Balinski 1961); the others are
    dynamic slope scaling (Kim & Pardalos 1999).
    """
    per_unit = piece.charge_minor / piece.quantity
    dearest = piece.shortage_minor.max(initial=0) + piece.cost_minor.max(initial=0)
    first, first_cost = _flow(piece, per_unit, dearest)
    short = piece.short(first) @ (piece.shortage_minor * PARTS)
    bound = -(-int(first @ first_cost + short) // PARTS)
    best = flow_of_opened(piece, piece.of_lot(first) > 0)
    cheapest, flow = piece.minor(best), first
    for _ in range(rounds):
        used = piece.of_lot(flow)
        if halted():
            break
        per_unit = np.where(used > 0, piece.charge_minor / np.maximum(used, 1), per_unit)
        flow, _ = _flow(piece, per_unit, dearest)
        if (piece.of_lot(flow) == used).all():
            break
        tried = flow_of_opened(piece, piece.of_lot(flow) > 0)
        if piece.minor(tried) < cheapest:
            best, cheapest = tried, piece.minor(tried)
    return Spread(best, bound, first, first_cost / PARTS)


def _flow(piece: Piece, per_unit: Floats, dearest: int) -> tuple[Ints, Ints]:
    """The flow at these slopes, rounded down so that it stays a bound, and what a unit costs on each lane."""
    slope = np.floor(np.minimum(per_unit, dearest) * PARTS).astype(np.int64)
    cost = piece.cost_minor * PARTS + slope[piece.lot]
    return cheapest_flow(piece, whole_offers(piece), cost, piece.shortage_minor * PARTS), cost
