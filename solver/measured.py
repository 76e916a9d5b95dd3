"""What routes really cost each farm, point and pair of hubs, as prices for the next allocation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.allocation.ways import Ways
from solver.draft import Draft
from solver.instance import Floats, Instance
from solver.problem import Ints
from solver.routing.errand import Errand
from solver.routing.timing import Timed
from solver.routing.transport import Driven, Transport
from solver.solution import Phase

BLEND = 0.5
"""Measured prices pull the old ones this far: a whole step makes farms jump to and fro between rounds."""
MOST_CORRECTION = 2.0


@dataclass(frozen=True, slots=True)
class _Bill:
    """Minor units, what the visits alone add, and kilograms, of each owner and hub."""

    minor: Floats
    saving: Floats
    weight_kg: Floats


def measured_ways(instance: Instance, ways: Ways, draft: Draft, moved: Transport) -> Ways:
    """The expected prices, drawn towards what these trips cost; ways not taken are corrected by their hub's mean."""
    problem = instance.problem
    gate = _Bill(*np.zeros((3, *ways.collect.shape)))
    door = _Bill(*np.zeros((3, *ways.truck.shape)))
    haul = ways.haul.copy()
    farm, point = problem.lots.farm[draft.lot], problem.batches.point[draft.batch]
    for part in moved.driven:
        if part.phase == Phase.COLLECTION:
            _charge(part, farm, gate)
        elif part.phase == Phase.DELIVERY:
            _charge(part, point, door)
        else:
            _charge_pairs(instance, part, draft, (draft.farm_hub[farm], draft.point_hub[point]), haul)
    visits = np.minimum(gate.saving, gate.minor)
    return replace(
        ways,
        collect=_drawn(ways.collect, gate.minor - visits, gate.weight_kg),
        visit=np.where(gate.weight_kg > 0, ways.visit + BLEND * (visits - ways.visit), ways.visit),
        truck=_drawn(ways.truck, door.minor, door.weight_kg),
        haul=haul,
    )


def _drawn(expected: Floats, minor: Floats, weight_kg: Floats) -> Floats:
    """Prices of the ways taken move to what they cost; the others move with their hub."""
    open_ = np.isfinite(expected)
    known = np.where(open_, expected, 0.0)
    taken = (weight_kg > 0) & open_
    per_kg = minor / np.where(weight_kg > 0, weight_kg, 1.0)
    thought = np.where(taken, known * weight_kg, 0).sum(axis=0)
    ratio = np.where(thought > 0, minor.sum(axis=0) / np.maximum(thought, 1e-6), 1.0)
    ratio = np.clip(ratio, 1 / MOST_CORRECTION, MOST_CORRECTION)
    target = np.where(taken, per_kg, known * ratio)
    return np.where(open_, known + BLEND * (target - known), np.inf)


def _charge(part: Driven, owner: Ints, bill: _Bill) -> None:
    """A trip's cost goes to its visits by kilograms times direct distance; what each alone adds is beside it."""
    errand = part.task.errand
    cargo = part.task.taken_on if part.phase == Phase.COLLECTION else part.task.put_down
    owner_of = np.zeros(len(errand), dtype=np.int64)
    owner_of[cargo.visit] = owner[cargo.row]
    weight_kg = (errand.drop[:, 0] + errand.fetch[:, 0]) / 1000
    for trip, minor in zip(part.trips, _trip_costs(errand, part.trips), strict=True):
        visits = np.array(trip.trip.visits)
        share = weight_kg[visits] * (errand.distance_m[0, visits + 1] + 1.0) + 1e-6
        at = (owner_of[visits], part.task.hub)
        np.add.at(bill.minor, at, minor * share / share.sum())
        np.add.at(bill.saving, at, _savings(errand, trip))
        np.add.at(bill.weight_kg, at, weight_kg[visits])


def _charge_pairs(instance: Instance, part: Driven, draft: Draft, ends: tuple[Ints, Ints], haul: Floats) -> None:
    """A trip's cost by the kilogram, both ways alike, for every pair of hubs it serves."""
    cargos = (part.task.put_down, part.task.taken_on)
    source, target = ends
    for trip, minor in zip(part.trips, _trip_costs(part.task.errand, part.trips), strict=True):
        on_board = [np.isin(cargo.visit, trip.trip.visits) for cargo in cargos]
        rows = np.concatenate([cargo.row[mine] for cargo, mine in zip(cargos, on_board, strict=True)])
        quantity = np.concatenate([cargo.quantity[mine] for cargo, mine in zip(cargos, on_board, strict=True)])
        weight_kg = float((quantity * instance.lot_weight_g[draft.lot[rows]]).sum()) / 1000
        for pair in sorted(set(zip(source[rows].tolist(), target[rows].tolist(), strict=True))):
            haul[pair] += BLEND * (minor / max(weight_kg, 1e-3) - haul[pair])


def _trip_costs(errand: Errand, trips: Sequence[Timed]) -> list[float]:
    """Kilometres, hours, tolls, and an equal part of the truck's price of the day."""
    trucks = errand.trucks
    turns = [t.trip.truck for t in trips]
    costs = []
    for t in trips:
        nodes, truck = np.array([0, *(v + 1 for v in t.trip.visits), 0]), t.trip.truck
        km = float(errand.distance_m[nodes[:-1], nodes[1:]].sum()) / 1000
        toll = float(errand.toll_minor[nodes[:-1], nodes[1:]].sum())
        driver = t.duration_s / 3600 * float(trucks.minor_per_hour[truck])
        fixed = float(trucks.fixed_minor[truck]) / turns.count(truck)
        costs.append(km * float(trucks.minor_per_km[truck]) + driver + toll + fixed)
    return costs


def _savings(errand: Errand, trip: Timed) -> Floats:
    """What the trip would save without each of its visits."""
    nodes = np.array([0, *(v + 1 for v in trip.trip.visits), 0])
    before, here, behind = nodes[:-2], nodes[1:-1], nodes[2:]
    truck = trip.trip.truck

    def less(legs: Ints) -> Ints:
        saved: Ints = legs[before, here] + legs[here, behind] - legs[before, behind]
        return saved

    hours = (less(errand.duration_s) + errand.service_s[here - 1]) / 3600
    km = less(errand.distance_m) / 1000
    trucks = errand.trucks
    saved = km * trucks.minor_per_km[truck] + hours * trucks.minor_per_hour[truck] + less(errand.toll_minor)
    least: Floats = np.maximum(saved, 0.0)
    return least
