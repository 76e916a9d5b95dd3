"""What the trucks could not carry closes the way it was to take, so that the next allocation looks for another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.allocation.limits import Limits
from solver.allocation.reasons import Refused
from solver.allocation.ways import Ways
from solver.draft import Draft
from solver.instance import Instance
from solver.problem import Flags, Ints
from solver.routing.transport import Transport


def blocked(  # a plan in the making, and whom the trucks refused
    instance: Instance, ways: Ways, limits: Limits, draft: Draft, moved: Transport, refused: Refused
) -> tuple[Ways, Limits]:
    """Ways and limits without what was lost; `refused` remembers whom it hit."""
    ways, most = _shut_gates(instance, ways, limits.most, draft, moved, refused)
    ways, wanted = _shut_roads(instance, ways, limits.wanted, draft, moved)
    ways, wanted = _shut_doors(instance, ways, wanted, draft, moved, refused)
    return ways, replace(limits, most=most, least=np.minimum(limits.least, most), wanted=wanted)


def _shut_gates(  # see `blocked`
    instance: Instance, ways: Ways, most: Ints, draft: Draft, moved: Transport, refused: Refused
) -> tuple[Ways, Ints]:
    """Farms that no truck fetched at all, and lots of farms that were fetched in part."""
    lost, farm = moved.lost[0], instance.problem.lots.farm[draft.lot]
    collect = ways.collect.copy()
    for row in np.unique(farm[lost > 0]).tolist():
        refused.farms[row] = True
        mine = farm == row
        # The last way of promised goods stays open: the others' goods have to make room.
        promised = instance.at_least[draft.lot[mine]].any() and np.isfinite(collect[row]).sum() == 1
        if _all(lost, draft, mine) and not promised:
            collect[row, draft.farm_hub[row]] = np.inf
        else:
            most = _cut(most, draft.lot, draft.quantity - lost, mine, instance.at_least)
    return replace(ways, collect=collect), most


def _shut_roads(instance: Instance, ways: Ways, wanted: Ints, draft: Draft, moved: Transport) -> tuple[Ways, Ints]:
    """Pairs of hubs between which nothing went, and batches whose goods stayed behind in part."""
    lost, haul = moved.lost[1], ways.haul.copy()
    source = draft.farm_hub[instance.problem.lots.farm[draft.lot]]
    target = draft.point_hub[instance.problem.batches.point[draft.batch]]
    behind = lost > 0
    for pair in sorted(set(zip(source[behind].tolist(), target[behind].tolist(), strict=True))):
        rows = (source == pair[0]) & (target == pair[1])
        if _all(lost, draft, rows):
            haul[pair] = np.inf
        else:
            wanted = _cut(wanted, draft.batch, draft.quantity - lost, rows & behind, np.zeros_like(wanted))
    return replace(ways, haul=haul), wanted


def _shut_doors(  # see `blocked`
    instance: Instance, ways: Ways, wanted: Ints, draft: Draft, moved: Transport, refused: Refused
) -> tuple[Ways, Ints]:
    """Points that no truck reached at all or no parcel in time, and batches of points that were reached in part."""
    lost, point = moved.lost[2], instance.problem.batches.point[draft.batch]
    truck, parcel = ways.truck.copy(), ways.parcel.copy()
    for row in np.unique(point[lost > 0]).tolist():
        refused.points[row] = True
        mine = point == row
        if _all(lost, draft, mine):
            truck[row, draft.point_hub[row]] = np.inf
        else:
            wanted = _cut(wanted, draft.batch, draft.quantity - lost, mine, np.zeros_like(wanted))
    late = np.unique(point[moved.late_parcels > 0])
    parcel[late, draft.point_hub[late]] = np.inf
    return replace(ways, truck=truck, parcel=parcel), wanted


def _all(lost: Ints, draft: Draft, rows: Flags) -> bool:
    return bool((lost[rows] == draft.quantity[rows]).all())


def _cut(limit: Ints, row: Ints, carried: Ints, of: Flags, least: Ints) -> Ints:
    """Limits of these rows brought down to what was carried."""
    total = np.bincount(row, carried, len(limit)).astype(np.int64)
    touched = np.zeros(len(limit), dtype=np.bool_)
    touched[row[of]] = True
    cut: Ints = np.where(touched, np.maximum(np.minimum(limit, total), np.minimum(least, limit)), limit)
    return cut
