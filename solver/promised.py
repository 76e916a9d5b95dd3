"""The plan before as the start of a plan again: its matches cut down to what is left of them, and its trips."""

from __future__ import annotations

import numpy as np

from solver.draft import Draft, drafted
from solver.instance import Instance, settled
from solver.problem import Ints
from solver.routing.known import Call, Known, KnownTrip
from solver.solution import NONE, Phase


def promised_before(instance: Instance) -> Draft:
    """The earlier matches, cut down to what is promised of each lot."""
    return _matched_before(instance, instance.at_least)


def possible_before(instance: Instance) -> Draft:
    """The earlier matches, cut down to what each lot may still send."""
    sent = np.bincount(
        instance.problem.earlier.lot, instance.problem.earlier.quantity, len(instance.problem.lots.id)
    ).astype(np.int64)
    return _matched_before(instance, settled(instance, np.minimum(sent, instance.at_most)))


def _matched_before(instance: Instance, most: Ints) -> Draft:
    problem, earlier = instance.problem, instance.problem.earlier
    farm_hub = np.full(len(problem.farms.id), NONE)
    point_hub, parcel = np.full(len(problem.points.id), NONE), np.zeros(len(problem.points.id), dtype=np.bool_)
    farm_hub[earlier.farm] = earlier.farm_hub
    point_hub[earlier.point], parcel[earlier.point] = earlier.point_hub, earlier.by_parcel
    quantity = earlier.quantity.copy()
    total = np.bincount(earlier.lot, quantity, len(problem.lots.id)).astype(np.int64)
    surplus = np.maximum(total - most, 0)
    # The smallest rows go first: what is left makes the fewest stops.
    for row in np.lexsort((quantity, earlier.lot)).tolist():
        taken = min(int(surplus[earlier.lot[row]]), int(quantity[row]))
        quantity[row] -= taken
        surplus[earlier.lot[row]] -= taken
    ends = (farm_hub[problem.lots.farm[earlier.lot]] != NONE) & (
        point_hub[problem.batches.point[earlier.batch]] != NONE
    )
    lot, batch, quantity = earlier.lot[ends], earlier.batch[ends], quantity[ends]
    return drafted(Draft(farm_hub, point_hub, parcel, lot, batch, quantity), lot, batch, quantity, instance)


def trips_before(instance: Instance) -> Known:
    """The earlier trips by phase and hub, in their order, with what they carried."""
    earlier, known = instance.problem.earlier, Known()
    goods: list[dict[tuple[int, int], int]] = [{} for _ in earlier.calls_at]
    pairs = list(zip(earlier.lot.tolist(), earlier.batch.tolist(), strict=True))
    for call, row, quantity in zip(earlier.call.tolist(), earlier.goods.tolist(), earlier.moved.tolist(), strict=True):
        goods[call][pairs[row]] = quantity
    for trip in dict.fromkeys(earlier.trip.tolist()):
        calls = np.flatnonzero(earlier.trip == trip)
        vehicle = int(earlier.vehicle[calls[0]])
        key = Phase(int(earlier.phase[calls[0]])), int(instance.problem.vehicles.hub[vehicle])
        stops = tuple(Call(int(earlier.calls_at[call]), goods[call]) for call in calls.tolist())
        known.setdefault(key, []).append(KnownTrip(vehicle, stops))
    return known
