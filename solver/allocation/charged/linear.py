"""What is done for a piece without charges, in whatever process: a flow.

Loads little, so that processes start soon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.charged.flow import cheapest_flow, whole_offers
from solver.allocation.charged.piece import Columns, Piece
from solver.shards import Halted


@dataclass(frozen=True, slots=True)
class Piecework:
    """A piece, the calendar's second at which all must be done, and this piece's part of the time left when it begins.

    `searches` bounds neighbourhoods, and nodes of each, where the plan must not depend on the clock.
    """

    piece: Piece
    until_s: float
    part: float = 1.0
    seed: int = 0
    searches: int | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """What each lane carries, and what no plan of this piece costs less than."""

    sent: Columns
    bound_minor: int


def flow_piece(work: Piecework, halted: Halted) -> Worked:  # noqa: ARG001  # a flow takes as long as it takes
    """The cheapest flow, which is its own bound."""
    piece = work.piece.cast(np.int64)
    sent = cheapest_flow(piece, whole_offers(piece), piece.cost_minor, piece.shortage_minor)
    return Worked(sent.astype(np.int32), piece.minor(sent))


def stand_by(worker: int, halted: Halted) -> None:  # the shape of all work
    """Nothing, but a process that has done it is there and has loaded what flows need."""
