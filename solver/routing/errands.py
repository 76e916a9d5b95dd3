"""The errands of each phase: which visits a hub's trucks have to make, when, and what leaving one out costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.cost import consignment_minor
from solver.draft import Draft
from solver.instance import Instance
from solver.problem import AMBIENT, Ints
from solver.routing.cargo import Cargo, Consignment, consign
from solver.routing.errand import NOBODYS, Errand, Trip, Trucks
from solver.routing.fleet import Fleet
from solver.routing.known import KnownTrip, known_trips
from solver.solution import Phase

PROMISED_MINOR = 2**28
"""What leaving out a promised lot costs: more than any route."""


@dataclass(frozen=True, slots=True)
class Task:
    """An errand with what its visits mean in the plan."""

    hub: int
    errand: Errand
    owner: Ints  # farm, hub or point of each visit
    place: Ints  # of each visit
    put_down: Cargo
    taken_on: Cargo
    stranded: Ints  # quantity of each draft row that no truck of the hub can carry
    parcel_minor: Ints  # what a parcel to each visit's point costs, `PROMISED_MINOR` where none may be sent
    known: tuple[Trip, ...]  # to begin with


def nothing() -> Cargo:
    """Nothing changes hands."""
    none = np.empty(0, dtype=np.int64)
    return Cargo(none, none, none)


def collection(instance: Instance, draft: Draft, fleet: Fleet, hub: int, known: Sequence[KnownTrip] = ()) -> Task:
    """What the hub's trucks fetch from its farms."""
    problem, rhythm, farms = instance.problem, instance.problem.rhythm, instance.problem.farms
    farm = problem.lots.farm[draft.lot]
    rows = np.flatnonzero(draft.farm_hub[farm] == hub)
    trucks = fleet.trucks(hub, rhythm.collect_from_s)
    load = consign(instance, draft, rows, farm[rows], trucks, known)
    owner = load.owner
    errand = _errand(
        instance, hub, trucks, farms.place[owner],
        drop=np.zeros_like(load.room), fetch=load.room,
        masks=load.masks | _marks(instance, Phase.COLLECTION, hub, owner, len(farms.id)),
        opens_s=np.maximum(farms.opens_s[owner], rhythm.collect_from_s),
        closes_s=np.minimum(farms.closes_s[owner], rhythm.collect_until_s),
        service_s=_service(farms.service_s[owner], farms.service_s_per_tonne[owner], load.room[:, 0]),
        ready_s=np.zeros(len(owner), dtype=np.int64),
        prize_minor=_prizes(instance, draft, load.cargo, len(owner)),
        from_s=rhythm.collect_from_s, loading_s=0,
    )  # fmt: skip
    none = np.full(len(owner), PROMISED_MINOR, dtype=np.int64)
    begin = known_trips(known, instance.room_g, trucks, owner, load.number)
    return Task(hub, errand, owner, farms.place[owner], nothing(), load.cargo, load.stranded, none, begin)


def delivery(
    instance: Instance, draft: Draft, fleet: Fleet, hub: int, inbound_s: Ints, known: Sequence[KnownTrip] = ()
) -> Task:
    """What the hub's trucks bring to its points; goods leave when they are sorted."""
    problem, rhythm, points = instance.problem, instance.problem.rhythm, instance.problem.points
    point = problem.batches.point[draft.batch]
    rows = np.flatnonzero((draft.point_hub[point] == hub) & ~draft.parcel[point] & (draft.quantity > 0))
    trucks = fleet.trucks(hub, rhythm.deliver_from_s)
    load = consign(instance, draft, rows, point[rows], trucks, known)
    owner = load.owner
    prizes, parcel = _prizes(instance, draft, load.cargo, len(owner)), parcel_minor(instance, draft, hub, load)
    errand = _errand(
        instance, hub, trucks, points.place[owner],
        drop=load.room, fetch=np.zeros_like(load.room),
        masks=load.masks | _marks(instance, Phase.DELIVERY, hub, owner, len(points.id)),
        opens_s=np.maximum(points.opens_s[owner], rhythm.deliver_from_s),
        closes_s=np.minimum(points.closes_s[owner], rhythm.deliver_until_s),
        service_s=_service(points.service_s[owner], points.service_s_per_tonne[owner], load.room[:, 0]),
        ready_s=_latest(load.cargo, inbound_s, len(owner)) + rhythm.sort_s,
        prize_minor=np.minimum(prizes, parcel),
        from_s=rhythm.deliver_from_s, loading_s=0,
    )  # fmt: skip
    begin = known_trips(known, instance.room_g, trucks, owner, load.number)
    return Task(hub, errand, owner, points.place[owner], load.cargo, nothing(), load.stranded, parcel, begin)


def line_haul(
    instance: Instance, draft: Draft, fleet: Fleet, hub: int, partner: Ints, collected_s: Ints,
    known: Sequence[KnownTrip] = (),
) -> Task:  # fmt: skip
    """What the hub's trucks bring to partner hubs and fetch there; `partner` is -1 or the other hub of a row."""
    problem, rhythm = instance.problem, instance.problem.rhythm
    source = draft.farm_hub[problem.lots.farm[draft.lot]]
    trucks = fleet.trucks(hub, rhythm.haul_from_s)
    mine = partner >= 0
    out = np.flatnonzero(mine & (source == hub))
    back = np.flatnonzero(mine & (source != hub))
    there, home = (consign(instance, draft, rows, partner[rows], trucks, known) for rows in (out, back))
    owner, number, place_out, place_back = _pair(there, home)
    put_down = Cargo(place_out[there.cargo.visit], there.cargo.row, there.cargo.quantity)
    taken_on = Cargo(place_back[home.cargo.visit], home.cargo.row, home.cargo.quantity)
    visits = len(owner)
    masks = np.zeros(visits, dtype=np.int64)
    masks[place_out] |= there.masks
    masks[place_back] |= home.masks
    drop, fetch = np.zeros((visits, 3), dtype=np.int64), np.zeros((visits, 3), dtype=np.int64)
    drop[place_out], fetch[place_back] = there.room, home.room
    loading_s = rhythm.haul_handling_s // 2
    errand = _errand(
        instance, hub, trucks, problem.hubs.place[owner], drop=drop, fetch=fetch, masks=masks,
        opens_s=np.maximum(_latest(taken_on, collected_s, visits), rhythm.haul_from_s),
        closes_s=np.full(visits, rhythm.haul_until_s),
        service_s=np.full(visits, rhythm.haul_handling_s - loading_s),
        ready_s=_latest(put_down, collected_s, visits),
        prize_minor=_prizes(instance, draft, put_down, visits) + _prizes(instance, draft, taken_on, visits),
        from_s=rhythm.haul_from_s, loading_s=loading_s,
    )  # fmt: skip
    none = np.full(visits, PROMISED_MINOR, dtype=np.int64)
    stranded = there.stranded + home.stranded
    begin = known_trips(known, instance.room_g, trucks, owner, number)
    return Task(hub, errand, owner, problem.hubs.place[owner], put_down, taken_on, stranded, none, begin)


def parcel_minor(instance: Instance, draft: Draft, hub: int, load: Consignment) -> Ints:
    """What a parcel to each visit's point would cost, beyond any price where none may be sent."""
    problem, points = instance.problem, instance.problem.points
    minor = np.full(len(load.owner), PROMISED_MINOR, dtype=np.int64)
    allowed = instance.parcel_allowed[load.owner, hub]
    cold = problem.products.cold[problem.lots.product[draft.lot[load.cargo.row]]]
    refused = np.zeros(len(load.owner), dtype=np.bool_)
    np.logical_or.at(refused, load.cargo.visit, (cold & problem.parcels.cold) == 0)
    once = np.bincount(load.owner, minlength=len(points.id))[load.owner] == 1
    weight_g = load.cargo.quantity * instance.lot_weight_g[draft.lot[load.cargo.row]]
    cold_g = np.bincount(load.cargo.visit, np.where(cold & AMBIENT, 0, weight_g), len(load.owner)).astype(np.int64)
    for visit in np.flatnonzero(allowed & ~refused & once).tolist():
        metres = int(instance.point_legs[0].distance_m[load.owner[visit], hub])
        minor[visit] = consignment_minor(problem.parcels, metres, int(load.room[visit, 0]), int(cold_g[visit]))
    return minor


def _errand(  # noqa: PLR0913  # the columns of an errand, by name
    instance: Instance, hub: int, trucks: Trucks, places: Ints, *, drop: Ints, fetch: Ints, masks: Ints, opens_s: Ints,
    closes_s: Ints, service_s: Ints, ready_s: Ints, prize_minor: Ints, from_s: int, loading_s: int,
) -> Errand:  # fmt: skip
    nodes = np.concatenate([instance.problem.hubs.place[[hub]], places])
    legs = instance.roads.legs(nodes[:, None], nodes[None, :])
    # Two visits at one gate are no drive, whatever a given matrix says of a place and itself.
    return Errand(
        trucks, legs.distance_m, legs.duration_s, legs.toll_minor, drop, fetch, masks, opens_s, closes_s, service_s,
        ready_s, prize_minor, from_s, loading_s,
    )  # fmt: skip


def _marks(instance: Instance, phase: Phase, hub: int, owner: Ints, owners: int) -> Ints:
    """The mark of the vehicle that each visit is held to; `NOBODYS` where it is another hub's."""
    if not len(instance.problem.holds.vehicle):
        return np.zeros(len(owner), dtype=np.int64)
    vehicle = instance.held(phase, owners)[owner]
    mine = instance.problem.vehicles.hub[vehicle] == hub
    marks: Ints = np.where(vehicle < 0, 0, np.where(mine, np.append(instance.marks, 0)[vehicle], NOBODYS))
    return marks


def _service(base_s: Ints, per_tonne_s: Ints, weight_g: Ints) -> Ints:
    return base_s - (-weight_g * per_tonne_s // 1_000_000)


def _latest(cargo: Cargo, at_s: Ints, visits: int) -> Ints:
    latest = np.zeros(visits, dtype=np.int64)
    np.maximum.at(latest, cargo.visit, at_s[cargo.row])
    return latest


def _prizes(instance: Instance, draft: Draft, cargo: Cargo, visits: int) -> Ints:
    """What the goods of each visit are worth beyond their price at the gate, and promises beyond everything."""
    lots, products = instance.problem.lots, instance.problem.products
    lot = draft.lot[cargo.row]
    worth = products.shortfall_minor_per_1000[lots.product[lot]] - lots.ask_minor_per_1000[lot]
    minor = np.maximum(worth, 0) * cargo.quantity // 1000
    prizes = np.zeros(visits, dtype=np.int64)
    np.add.at(prizes, cargo.visit, minor)
    np.maximum.at(prizes, cargo.visit, np.where(instance.at_least[lot] > 0, PROMISED_MINOR, 0))
    return prizes


def _pair(there: Consignment, back: Consignment) -> tuple[Ints, Ints, Ints, Ints]:
    """Loads to a hub and loads from it share visits, one for one."""
    out, home = ([*zip(load.owner.tolist(), load.number.tolist(), strict=True)] for load in (there, back))
    keys = sorted({*out, *home})
    row = {key: i for i, key in enumerate(keys)}
    owner, number = np.array(keys, dtype=np.int64).reshape(-1, 2).T
    place_out, place_back = (np.array([row[key] for key in load], dtype=np.int64) for load in (out, home))
    return owner, number, place_out, place_back
