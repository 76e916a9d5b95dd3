"""One routing problem: the vehicles of one hub, the visits of one phase, and the drives between them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from solver.problem import Ints, no_ints

WEIGHT, VOLUME, CRATES = 0, 1, 2
AXES = 3
COLD_MASKS = 8
"""A product's tolerated classes are a mask below this; bit m of a visit's `masks`: a product of mask m is on it."""
FIRST_MARK, MASKS = 1 << COLD_MASKS, 62
"""Bits from here on are held vehicles' own marks: only the vehicle with the mark makes a visit whose masks have it."""
NOBODYS = 1 << (MASKS - 1)
"""The mark that no vehicle has."""


@dataclass(frozen=True, slots=True)
class Trucks:
    """Vehicles of one hub as this phase finds them."""

    vehicle: Ints  # row in the problem
    room: Ints  # trucks x axes
    cold: Ints
    fixed_minor: Ints  # 0 when the day's price is already paid
    minor_per_km: Ints
    minor_per_hour: Ints
    free_s: Ints  # back from the phase before
    shift_s: Ints
    mark: Ints = field(default_factory=no_ints)  # empty where no vehicle is held to a place

    def __post_init__(self) -> None:
        """Without marks, each is 0."""
        if not len(self.mark):
            object.__setattr__(self, "mark", np.zeros(len(self.vehicle), dtype=np.int64))

    def __len__(self) -> int:
        return len(self.vehicle)

    def only(self, rows: Ints) -> Trucks:
        """These trucks alone."""
        return Trucks(*(getattr(self, column)[rows] for column in self.__slots__))


@dataclass(frozen=True, slots=True)
class Errand:
    """Visits are numbered from 0; in the drives the home hub is 0 and visit v is v + 1."""

    trucks: Trucks
    distance_m: Ints
    duration_s: Ints
    toll_minor: Ints
    drop: Ints  # visits x axes, on board from home
    fetch: Ints  # visits x axes, on board to home
    masks: Ints
    opens_s: Ints
    closes_s: Ints
    service_s: Ints
    ready_s: Ints  # a trip with this visit leaves home no earlier
    prize_minor: Ints  # what leaving the visit out costs
    from_s: int
    loading_s: int

    def __len__(self) -> int:
        return len(self.service_s)

    def only(self, visits: Ints) -> Errand:
        """The errand with these visits alone."""
        nodes = np.concatenate([np.zeros(1, dtype=np.int64), visits + 1])
        legs = {name: getattr(self, name)[np.ix_(nodes, nodes)] for name in ("distance_m", "duration_s", "toll_minor")}
        rows = {name: getattr(self, name)[visits] for name in VISIT_COLUMNS}
        return replace(self, **legs, **rows)


VISIT_COLUMNS = ("drop", "fetch", "masks", "opens_s", "closes_s", "service_s", "ready_s", "prize_minor")


@dataclass(frozen=True, slots=True)
class Trip:
    """One truck's way from home through visits and back; a truck's later trips come later in the list."""

    truck: int
    visits: tuple[int, ...]


def carries(trucks: Trucks, masks: int) -> NDArray[np.bool_]:
    """Which trucks carry every cold class that a visit's masks need, and have the mark that they name."""
    held = masks & -FIRST_MARK
    fits: NDArray[np.bool_] = (trucks.mark & held) == held
    for mask in range(COLD_MASKS):
        if masks >> mask & 1:
            fits &= (trucks.cold & mask) != 0
    return fits


def alike(trucks: Trucks) -> list[list[int]]:
    """Trucks that differ in nothing that matters, together."""
    kinds: dict[tuple[int, ...], list[int]] = {}
    columns: list[Ints] = [
        trucks.cold, trucks.fixed_minor, trucks.minor_per_km, trucks.minor_per_hour, trucks.free_s, trucks.shift_s,
        trucks.mark,
    ]  # fmt: skip
    for truck in range(len(trucks)):
        key = (*trucks.room[truck].tolist(), *(int(column[truck]) for column in columns))
        kinds.setdefault(key, []).append(truck)
    return list(kinds.values())
