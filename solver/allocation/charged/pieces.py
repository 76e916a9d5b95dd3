"""A problem taken apart into pieces that share nothing, by connected components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from solver.allocation.charged.piece import Piece
from solver.allocation.charged.problem import ChargedProblem
from solver.problem import Flags, Ints


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece, and the problem's lanes that are its lanes."""

    piece: Piece
    lanes: Ints


def canonical_lanes(problem: ChargedProblem) -> tuple[ChargedProblem, Ints]:
    """Rows in order of their ids, lanes by lot and batch, so that the order given decides nothing; and where from."""
    lots, batches, lanes = problem.lots, problem.batches, problem.lanes
    if all((key[1:] > key[:-1]).all() for key in (lots.id, batches.id, lanes.lot * len(batches.id) + lanes.batch)):
        return problem, np.arange(len(lanes.lot))
    by_lot, by_batch = np.argsort(lots.id, kind="stable"), np.argsort(batches.id, kind="stable")
    lot, batch = _inverse(by_lot)[lanes.lot], _inverse(by_batch)[lanes.batch]
    key = lot * len(batches.id) + batch
    order = np.arange(len(key)) if (key[1:] > key[:-1]).all() else np.argsort(key, kind="stable")
    sorted_problem = ChargedProblem(
        replace(lots, **{name: getattr(lots, name)[by_lot] for name in lots.__dataclass_fields__}),
        replace(batches, **{name: getattr(batches, name)[by_batch] for name in batches.__dataclass_fields__}),
        replace(lanes, lot=lot[order], batch=batch[order], cost_minor=lanes.cost_minor[order]),
    )
    return sorted_problem, order


def useful_lanes(problem: ChargedProblem) -> Flags:
    """Lanes that some best plan may use.

    A lane dearer than the shortage serves only to fill a lot's minimum; a lot whose every lane, filled to the brim,
    saves no more than its visit costs is not worth it whatever the others do.
    """
    lots, batches, lanes = problem.lots, problem.batches, problem.lanes
    room = np.minimum(lots.quantity[lanes.lot], batches.quantity[lanes.batch])
    saved = batches.shortage_minor[lanes.batch] - lanes.cost_minor
    reach = np.bincount(lanes.lot, room, len(lots.id))
    useful: Flags = (room > 0) & ((saved > 0) | (lots.minimum[lanes.lot] > 0))
    if not problem.linear():
        gain = np.bincount(lanes.lot, np.maximum(saved, 0) * room.astype(float), len(lots.id))
        able = (gain >= lots.charge_minor) & (lots.minimum <= np.minimum(lots.quantity, reach))
        useful &= able[lanes.lot]
    return useful


def split(problem: ChargedProblem, least_lanes: int = 1) -> Iterator[Cut]:
    """Connected components of a canonical problem in order of their first lots, small ones together.

    Lots and batches that no useful lane touches are in no piece. Memory and time are linear in the lanes.
    """
    lanes = np.flatnonzero(useful_lanes(problem))
    lots, batches = len(problem.lots.id), len(problem.batches.id)
    lot, batch = problem.lanes.lot[lanes], problem.lanes.batch[lanes]
    ends = np.zeros(lots + batches + 1, dtype=np.int64)
    ends[1:] = np.cumsum(np.bincount(lot, minlength=lots + batches))
    graph = csr_array((np.ones(len(lanes), np.int8), lots + batch, ends), shape=(lots + batches, lots + batches))
    count, label = connected_components(graph, directed=False)
    size = np.zeros(count, dtype=np.int64)
    np.add.at(size, label, np.diff(ends))
    # Runs of components with at least so many lanes; those without any lane are left out.
    group = np.where(size > 0, (np.cumsum(size) - 1) // least_lanes, -1)
    names, dense = np.unique(group, return_inverse=True)
    group = dense - int(names[:1].sum() < 0)
    yield from _groups(problem, lanes, ends[: lots + 1], group[label[:lots]], group[label[lots:]])


def _groups(problem: ChargedProblem, lanes: Ints, ends: Ints, lot_group: Ints, batch_group: Ints) -> Iterator[Cut]:
    """Pieces by their numbers; `ends` tells where each lot's lanes begin."""
    groups = int(lot_group.max(initial=-1)) + 1
    lots, lot_ends = _runs(lot_group, groups)
    batches, batch_ends = _runs(batch_group, groups)
    place = np.empty(len(batches), dtype=np.int64)
    place[batches] = np.arange(len(batches))
    for number in range(groups):
        its_lots = lots[lot_ends[number] : lot_ends[number + 1]]
        its_batches = batches[batch_ends[number] : batch_ends[number + 1]]
        counts = ends[its_lots + 1] - ends[its_lots]
        skipped = np.cumsum(counts) - counts
        mine = lanes[np.arange(counts.sum()) + np.repeat(ends[its_lots] - skipped, counts)]
        piece = Piece(
            problem.lots.quantity[its_lots],
            problem.lots.minimum[its_lots],
            problem.lots.charge_minor[its_lots],
            problem.batches.quantity[its_batches],
            problem.batches.shortage_minor[its_batches],
            np.repeat(np.arange(len(its_lots)), counts),
            place[problem.lanes.batch[mine]] - batch_ends[number],
            problem.lanes.cost_minor[mine],
        )
        yield Cut(piece.cast(np.int32), mine)


def _runs(group: Ints, groups: int) -> tuple[Ints, Ints]:
    """Rows in order of their groups, and where the groups begin."""
    order = np.argsort(group, kind="stable")
    return order, np.searchsorted(group[order], np.arange(groups + 1))


def _inverse(order: Ints) -> Ints:
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place
