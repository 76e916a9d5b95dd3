"""Allocations that spread what is sold: each lot's first part counts as cheaper than its last, or nobody's part is low.

Linear problems only. Both stay minimum-cost flows, so that they are optimal for what they state.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from solver.allocation.charged.flow import Offers, cheapest_flow
from solver.allocation.charged.piece import Columns, Piece
from solver.allocation.charged.problem import MOST, ChargedProblem, check_charged
from solver.allocation.charged.solve import ALONE_LANES, DEFAULT, FLOW_LANES, FLOW_S, Effort, taken_apart
from solver.allocation.charged.verify import verify_charged
from solver.errors import InvalidProblemError, SolutionRejectedError
from solver.problem import Ints
from solver.shards import Halted, Shards
from solver.workers import never

PPM = 1_000_000
ENDS_PPM = (100_000, 200_000, 400_000, 700_000, PPM)
RISES_PPM = (0, 400_000, 600_000, 800_000, PPM)
"""Where a lot's segments end, as parts of it, and what a unit of each counts on top, as parts of the weight.

Steep at first: on 10,000 made lots, weight 100, one in a thousand sells nothing at +3.2 % cost and a Gini of .28. Ten
equal segments that rise evenly leave 7 % with nothing at +2.2 % and need +4.3 % for 1.4 %, with a Gini of .24.
"""
WEIGHT_MINOR = 100
FLOOR_STEP_PPM = 1_000
"""Floors are found to a thousandth of a lot."""


@dataclass(frozen=True, slots=True)
class FairPlan:
    """What lanes carry and batches lack; `cost_minor` is money alone. `floor_ppm` of each lot is sold, whoever it is.

    Lots in different components have nothing to share: each component has the highest floor of its own, 0 where none
    was asked for or no lane leads anywhere. Only lanes count that cost less than the shortage which they end, and who
    can sell little holds the floor of its component down: it is one floor, not a lexicographic order.
    """

    sent: Ints
    short: Ints
    cost_minor: int
    floor_ppm: Ints


@dataclass(frozen=True, slots=True)
class FairWork:
    """A piece, and the weight of its segments; without one, the highest floor is looked for."""

    piece: Piece
    weight_minor: int | None


@dataclass(frozen=True, slots=True)
class FairWorked:
    """What each lane carries, and the floor that every lot of the piece has."""

    sent: Columns
    floor_ppm: int


def allocate_fairly(
    problem: ChargedProblem,
    weight_minor: int | None = WEIGHT_MINOR,
    effort: Effort = DEFAULT,
    *,
    stop: Callable[[], bool] = never,
    executor: Executor | None = None,
) -> FairPlan:
    """Allocate at least cost plus fairness terms, or with the highest floor under every lot and then at least cost.

    Parameters
    ----------
    problem
        Linear: no charges, no minima.
    weight_minor
        What the last unit of a lot counts on top of its cost, `RISES_PPM` of it the others; None for max-min.

    Raises
    ------
    InvalidProblemError
        The columns contradict each other, a lot has a charge or a minimum, or the effort or weight is none.
    SolutionRejectedError
        The checker refused the plan.

    Notes
    -----
    Segments: convex piecewise-linear costs as parallel arcs (Ahuja, Magnanti & Orlin 1993, ch. 14). Max-min: the
    parametric maximum flow by bisection (Megiddo 1974), component by component.
    """
    check_charged(problem)
    effort.check()
    if weight_minor is not None and not 0 <= weight_minor <= MOST:
        raise InvalidProblemError("terms", -1, "weight_minor", f"{weight_minor} is not from 0 to {MOST}")
    if not problem.linear():
        row = int(((problem.lots.charge_minor > 0) | (problem.lots.minimum > 0)).argmax())
        raise InvalidProblemError("lots", row, "charge_minor", "fair shares take no charge and no minimum")
    deadline_s = time.monotonic() + max(effort.seconds, FLOW_S)
    order, cuts = taken_apart(problem, 1 if weight_minor is None else FLOW_LANES)
    alone = len(order) < ALONE_LANES
    with Shards(1 if alone else effort.workers, deadline_s, stop, executor) as shards:
        answers = shards.map(fair_piece, [FairWork(cut.piece, weight_minor) for cut in cuts])
    sent, floor_ppm = np.zeros(len(order), dtype=np.int64), np.zeros(len(problem.lots.id), dtype=np.int64)
    for cut, worked in zip(cuts, answers, strict=True):
        lanes = order[cut.lanes]
        sent[lanes] = worked.sent
        floor_ppm[problem.lanes.lot[lanes]] = worked.floor_ppm
    verdict = verify_charged(problem, sent)
    if verdict.violations:
        raise SolutionRejectedError(verdict.violations)
    return FairPlan(sent, verdict.short, verdict.cost_minor, floor_ppm)


def fair_piece(work: FairWork, halted: Halted) -> FairWorked:  # noqa: ARG001  # a flow takes as long as it takes
    """The flow with segments, or above the highest floor."""
    piece = work.piece.cast(np.int64)
    if work.weight_minor is None:
        floor_ppm = highest_floor_ppm(piece)
        given = floors_of(piece, floor_ppm)
        offers = Offers(np.arange(len(given)), piece.quantity - given, np.zeros_like(given))
    else:
        floor_ppm, given, offers = 0, np.zeros_like(piece.quantity), segments(piece, work.weight_minor)
    sent = cheapest_flow(piece, offers, piece.cost_minor, piece.shortage_minor, given)
    return FairWorked(sent.astype(np.int32), floor_ppm)


def segments(piece: Piece, weight_minor: int) -> Offers:
    """Each lot in portions that grow dearer, cut at whole units."""
    ends = piece.quantity[:, None] * np.array((0, *ENDS_PPM)) // PPM
    room = np.diff(ends, axis=1)
    cost = np.array(RISES_PPM) * weight_minor // PPM
    lot = np.repeat(np.arange(len(room)), len(cost))
    return Offers(lot, room.ravel(), np.tile(cost, len(room)))


def floors_of(piece: Piece, floor_ppm: int) -> Ints:
    """The least of each lot, in whole units, that is no less than this part of it."""
    return -(-piece.quantity * floor_ppm // PPM)


def highest_floor_ppm(piece: Piece) -> int:
    """The largest part, to a thousandth, that every lot can sell at once, whatever it costs."""
    low, high = 0, PPM // FLOOR_STEP_PPM
    while low < high:
        middle = (low + high + 1) // 2
        if _all_sell(piece, floors_of(piece, middle * FLOOR_STEP_PPM)):
            low = middle
        else:
            high = middle - 1
    return low * FLOOR_STEP_PPM


def _all_sell(piece: Piece, floors: Ints) -> bool:
    """Whether a flow fills all floors."""
    lots, batches = len(piece.quantity), len(piece.wanted)
    at_lot, at_batch, sink = np.arange(lots) + 1, np.arange(batches) + lots + 1, lots + batches + 1
    network = SimpleMaxFlow()
    network.add_arcs_with_capacity(
        np.concatenate([np.zeros(lots, np.int64), at_lot[piece.lot], at_batch]),
        np.concatenate([at_lot, at_batch[piece.batch], np.full(batches, sink)]),
        np.concatenate([floors, piece.room, piece.wanted]),
    )
    network.solve(0, sink)
    filled: int = network.optimal_flow()
    return filled == int(floors.sum())
