"""The cheapest flow of a piece: from lots over lanes to batches, the rest as shortage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.charged.piece import Piece
from solver.allocation.network import Columns, least_cost_flow
from solver.problem import Flags, Ints

FORCE = 4
"""Times the dearest unit is what a unit below a minimum earns: more than the units it pushes aside can cost."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What lots offer in portions: so much at so much a unit on top of the lane, several a lot if they grow dearer."""

    lot: Ints
    room: Ints
    cost: Ints


def whole_offers(piece: Piece) -> Offers:
    """All that each lot has, at no more than its lanes cost."""
    return Offers(np.arange(len(piece.quantity)), piece.quantity, np.zeros_like(piece.quantity))


def cheapest_flow(piece: Piece, offers: Offers, lane_cost: Ints, shortage: Ints, given: Ints | None = None) -> Ints:
    """What each lane carries at least cost; ties fall the same way for the same columns.

    What is `given` of each lot is sent in any case, on top of its offers; that all of it has somewhere to go is for the
    caller to know.

    Notes
    -----
    Cost-scaling push-relabel (Goldberg 1997) in OR-Tools. A source feeds lots and, at the shortage price, batches: for
    a part of 50,000 lots this takes two thirds of the time of a sink that takes what is left of the lots.
    """
    lots, batches = len(piece.quantity), len(piece.wanted)
    at_lot, at_batch = np.arange(lots) + 1, np.arange(batches) + lots + 1
    columns = Columns(
        np.concatenate([at_lot[piece.lot], np.zeros(batches + len(offers.lot), np.int64)]),
        np.concatenate([at_batch[piece.batch], at_batch, at_lot[offers.lot]]),
        np.concatenate([piece.room, piece.wanted, offers.room]),
        np.concatenate([lane_cost, shortage, offers.cost]),
    )
    given = np.zeros(lots, np.int64) if given is None else given
    ends, wanted = np.concatenate([at_batch, at_lot]), np.concatenate([piece.wanted, -given])
    flows, _ = least_cost_flow(columns, 0, int(wanted.sum()), ends, wanted)
    return flows[: len(piece.lot)]


def flow_of_opened(piece: Piece, opened: Flags) -> Ints:
    """The cheapest flow that only opened lots send, each of them its minimum or nothing."""
    dearest = FORCE * int(piece.shortage_minor.max(initial=0) + piece.cost_minor.max(initial=0))
    while True:
        rows = np.flatnonzero(opened)
        least = piece.minimum[rows]
        offers = Offers(
            np.concatenate([rows, rows]),
            np.concatenate([least, piece.quantity[rows] - least]),
            np.repeat([-dearest, 0], len(rows)),
        )
        sent = cheapest_flow(piece, offers, piece.cost_minor, piece.shortage_minor)
        used = piece.of_lot(sent)
        below = (used > 0) & (used < piece.minimum)
        if not below.any():
            return sent
        # Batches cannot take all the minima at once: those that are not reached are given up.
        opened = opened & ~below
