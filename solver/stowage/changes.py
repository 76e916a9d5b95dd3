"""Farms that see another truck: only where all goods together cost much more without that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from solver.instance import Instance
from solver.search.tours import Tour, TourCosts
from solver.stowage.rounds import Round, Stowage

MOST_CHANGES, TRIED = 3, 4
"""Farms that change trucks at most, and how many changes, the most hopeful first, are weighed before each."""


@dataclass(frozen=True, slots=True)
class Change:
    """A farm goes from a full round to another one, or to a truck that stood idle."""

    rounds: tuple[Round, ...]
    minor: float  # what is driven more
    hoped: float  # what is saved at the very most


def with_few_changes(
    instance: Instance, tour_costs: TourCosts, rounds: Sequence[Round], stow: Callable[[Sequence[Round]], Stowage],
    worth_it: float,
) -> tuple[Sequence[Round], Stowage]:  # fmt: skip
    """The rounds with the changes that save more than `worth_it` each, and what they take."""
    stowage = stow(rounds)
    minor = stowage.solve()
    for _ in range(MOST_CHANGES):
        changes = [change for change in _changes(instance, tour_costs, rounds, stowage) if change.hoped > worth_it]
        for change in sorted(changes, key=lambda change: -change.hoped)[:TRIED]:
            found = stow(change.rounds)
            saved = minor - found.solve()
            if saved - change.minor > worth_it:
                rounds, stowage, minor = change.rounds, found, minor - saved
                break
        else:
            break
    return rounds, stowage


def _changes(instance: Instance, tour_costs: TourCosts, rounds: Sequence[Round], stowage: Stowage) -> Iterator[Change]:
    """From rounds without room to those of the same hub with room for what is promised, and to trucks that are idle."""
    worth, spare_kg = stowage.worth()
    hubs, driven = instance.problem.vehicles.hub, {one.vehicle for one in rounds}
    idle = [Round(vehicle, ()) for vehicle in range(len(hubs)) if vehicle not in driven]
    ways = list(zip([*rounds, *idle], [*spare_kg.tolist(), *(np.inf for _ in idle)], strict=True))
    for full in np.flatnonzero(worth > 0).tolist():
        one = rounds[full]
        more_kg = sum(stowage.more_kg[farm] for farm in one.farms)
        for farm in one.farms:
            hoped = worth[full] * min(stowage.promised_kg[farm] + stowage.more_kg[farm], more_kg)
            for row, (other, room_kg) in enumerate(ways):
                fits = row != full and hubs[other.vehicle] == hubs[one.vehicle] and farm not in other.farms
                if fits and stowage.promised_kg[farm] <= room_kg:
                    changed = _changed(tour_costs, one, other, farm)
                    if changed is not None:
                        shorter, longer, minor = changed
                        tried = [*rounds[:full], shorter, *rounds[full + 1 :]]
                        tried[row : row + 1] = [longer]
                        yield Change(tuple(tried), minor, hoped - minor)


def _changed(tour_costs: TourCosts, one: Round, other: Round, farm: int) -> tuple[Round, Round, float] | None:
    """Both rounds when a farm goes over, and what that costs; None where a round's time does not allow it."""
    left = tuple(stop for stop in one.farms if stop != farm)
    before, there, shorter = (
        tour_costs.tour(vehicle, farms) if farms else Tour(vehicle, (), 0.0)
        for vehicle, farms in ((one.vehicle, one.farms), (other.vehicle, other.farms), (one.vehicle, left))
    )
    longer = None if there is None else tour_costs.inserted(there, farm)
    if before is None or there is None or shorter is None or longer is None:
        return None
    minor = shorter.minor + longer.minor - before.minor - there.minor
    return Round(one.vehicle, left), Round(other.vehicle, longer.stops), minor
