"""What changes hands at each visit, and how much room it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.draft import Draft
from solver.instance import Instance
from solver.problem import Ints
from solver.routing.errand import AXES, CRATES, VOLUME, WEIGHT, Trucks, carries
from solver.routing.known import KnownTrip, calls_by_owner


@dataclass(frozen=True, slots=True)
class Cargo:
    """One entry for each visit and allocation row that meet there."""

    visit: Ints
    row: Ints
    quantity: Ints


@dataclass(frozen=True, slots=True)
class Consignment:
    """Visits of owners (farms, points or hubs), what they carry, and what no truck can carry at all."""

    owner: Ints  # of each visit
    number: Ints  # among the visits of its owner
    room: Ints  # visits x axes
    masks: Ints
    cargo: Cargo
    stranded: Ints  # quantity of each draft row


def consign(
    instance: Instance, draft: Draft, rows: Ints, owner: Ints, trucks: Trucks, known: Sequence[KnownTrip] = ()
) -> Consignment:
    """One visit an owner; several only where no truck takes its whole load at once, cut as known trips cut it."""
    stranded = np.zeros(len(draft.lot), dtype=np.int64)
    owners, group = np.unique(owner, return_inverse=True)
    quantity = draft.quantity[rows]
    room, masks = _room(instance, draft, Cargo(group, rows, quantity), len(owners))
    split = np.array(
        [not _some_truck_takes(trucks, room[v], int(masks[v])) for v in range(len(owners))], dtype=np.bool_
    )
    if not split.any():
        return Consignment(owners, np.zeros_like(owners), room, masks, Cargo(group, rows, quantity), stranded)
    places = calls_by_owner(known, instance.room_g)
    parts: list[tuple[int, int, Ints, Ints]] = []
    for visit in np.flatnonzero(split).tolist():
        mine = np.flatnonzero(group == visit)
        cuts = [known[trip].calls[call].goods for trip, call in places.get(int(owners[visit]), [])]
        cut = _split(instance, draft, rows[mine], quantity[mine], trucks, stranded, cuts)
        parts += [(int(owners[visit]), *part) for part in cut]
    whole = ~split[group]
    place = np.cumsum(~split) - 1
    base = int((~split).sum())
    visits = [place[group[whole]], *(np.full(len(part[2]), base + i) for i, part in enumerate(parts))]
    cargo = Cargo(
        np.concatenate(visits).astype(np.int64),
        np.concatenate([rows[whole], *(part[2] for part in parts)]),
        np.concatenate([quantity[whole], *(part[3] for part in parts)]),
    )
    owner_of = np.concatenate([owners[~split], np.array([part[0] for part in parts], dtype=np.int64)])
    number = np.concatenate([np.zeros(base, dtype=np.int64), np.array([part[1] for part in parts], dtype=np.int64)])
    return Consignment(owner_of, number, *_room(instance, draft, cargo, len(owner_of)), cargo, stranded)


def _some_truck_takes(trucks: Trucks, room: Ints, masks: int) -> bool:
    return bool(((trucks.room >= room).all(axis=1) & carries(trucks, masks)).any())


def _room(instance: Instance, draft: Draft, cargo: Cargo, visits: int) -> tuple[Ints, Ints]:
    problem = instance.problem
    product = problem.lots.product[draft.lot[cargo.row]]
    weight_g = cargo.quantity * problem.products.unit_weight_g[product]
    volume_ml_1000 = cargo.quantity * problem.products.volume_ml_per_1000[product]
    room = np.zeros((visits, AXES), dtype=np.int64)
    np.add.at(room[:, WEIGHT], cargo.visit, weight_g)
    np.add.at(room[:, VOLUME], cargo.visit, volume_ml_1000)
    room[:, VOLUME] = -(-room[:, VOLUME] // 1000)
    room[:, CRATES] = -(-room[:, WEIGHT] // problem.rhythm.crate_g)
    masks = np.zeros(visits, dtype=np.int64)
    np.bitwise_or.at(masks, cargo.visit, 1 << problem.products.cold[product])
    return room, masks


def _split(
    instance: Instance, draft: Draft, rows: Ints, quantity: Ints, trucks: Trucks, stranded: Ints,
    cuts: Sequence[Mapping[tuple[int, int], int]],
) -> list[tuple[int, Ints, Ints]]:  # fmt: skip
    """Number, rows and quantities of each visit: the known cuts, then full trucks; `stranded` takes what none takes."""
    parts = []
    left = quantity.copy()
    pairs = list(zip(draft.lot[rows].tolist(), draft.batch[rows].tolist(), strict=True))
    for number, cut in enumerate(cuts):
        taken = np.minimum(left, [cut.get(pair, 0) for pair in pairs])
        left -= taken
        if taken.any():
            parts.append((number, rows[taken > 0], taken[taken > 0]))
    number = parts[-1][0] + 1 if parts else 0
    while left.any():
        first = int(np.flatnonzero(left)[0])
        truck = _largest(trucks, 1 << int(_mask(instance, draft, rows[first])))
        taken = (
            np.zeros(len(rows), dtype=np.int64) if truck is None else _fill(instance, draft, rows, left, trucks, truck)
        )
        if not taken.any():
            stranded[rows[first]] += left[first]
            left[first] = 0
            continue
        left -= taken
        parts.append((number, rows[taken > 0], taken[taken > 0]))
        number += 1
    return parts


def _mask(instance: Instance, draft: Draft, row: int) -> int:
    return int(instance.problem.products.cold[instance.problem.lots.product[draft.lot[row]]])


def _largest(trucks: Trucks, masks: int) -> int | None:
    able = np.flatnonzero(carries(trucks, masks))
    return None if not len(able) else int(able[np.argmax(trucks.room[able, WEIGHT])])


def _fill(instance: Instance, draft: Draft, rows: Ints, left: Ints, trucks: Trucks, truck: int) -> Ints:
    """How much of each row goes on the truck, in the rows' order."""
    problem = instance.problem
    room = trucks.room[truck]
    spare_g = min(int(room[WEIGHT]), int(room[CRATES]) * problem.rhythm.crate_g)
    spare_ml_1000 = int(room[VOLUME]) * 1000
    taken = np.zeros(len(rows), dtype=np.int64)
    for i, row in enumerate(rows.tolist()):
        product = int(problem.lots.product[draft.lot[row]])
        if not problem.products.cold[product] & trucks.cold[truck]:
            continue
        unit_g = int(problem.products.unit_weight_g[product])
        unit_ml_1000 = int(problem.products.volume_ml_per_1000[product])
        by_volume = spare_ml_1000 // unit_ml_1000 if unit_ml_1000 else int(left[i])
        taken[i] = min(int(left[i]), spare_g // max(unit_g, 1), by_volume)
        spare_g -= int(taken[i]) * unit_g
        spare_ml_1000 -= int(taken[i]) * unit_ml_1000
    return taken
