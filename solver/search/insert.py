"""Opening and closing farms and points in a candidate, and filling it greedily: gain beyond the detour, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solver.instance import Floats
from solver.problem import Ints
from solver.search.candidates import FARMS, POINTS, Candidate, Evaluator
from solver.search.tours import Tour
from solver.solution import NONE

TRUCK, PARCEL = 0, 1
ROUNDS_TRIED = 3
"""An owner is timed exactly in this many tours."""
Option = tuple[int, int, int]
"""Owner, hub, and whether by truck or parcel."""


class Insertion:
    """Remembers what opening each farm or point was worth when it was last tried; before that, all it may be worth."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.potential = tuple(_potential(evaluator, kind) for kind in (FARMS, POINTS))
        hubs = len(evaluator.instance.problem.hubs.id)
        self.gain = [np.tile(most[:, None, None], (1, hubs, 2)) for most in self.potential]
        self._alike = [_alike(evaluator, rows) for rows in evaluator.instance.hub_vehicles]
        self._kg = [np.zeros(len(most)) for most in self.potential]

    def forget(self, kind: int, owners: Ints) -> None:
        """These may be worth all that they ever can."""
        self.gain[kind][owners] = self.potential[kind][owners, None, None]

    def closed(self, candidate: Candidate, kind: int, owners: Ints) -> Candidate:
        """The candidate without these farms or points."""
        chosen = candidate.chosen
        hub = candidate.hub(kind).copy()
        hub[owners] = NONE
        parcel = chosen.parcel
        if kind == POINTS:
            parcel = parcel & (hub != NONE)
        gone, tour_costs = frozenset(owners.tolist()), self.evaluator.tour_costs[kind]
        mine: list[Tour] = []
        for one in candidate.tours[kind]:
            if gone.isdisjoint(one.stops):
                mine.append(one)
            elif (rest := tour_costs.without(one, gone)) is not None:
                mine.append(rest)
            elif not gone.issuperset(one.stops):
                # A matrix may make a shorter round slower: then all of it goes.
                hub[list(one.stops)] = NONE
                gone = gone | set(one.stops)
        return self._drawn(candidate, kind, hub, parcel, mine, sorted(gone))

    def opened(self, candidate: Candidate, kind: int, option: Option) -> tuple[Candidate, float] | None:
        """The candidate with one more owner, and what its detour costs; None where no tour takes it."""
        owner, at, way = option
        hub, parcel = candidate.hub(kind).copy(), candidate.chosen.parcel
        hub[owner] = at
        if way == PARCEL:
            parcel = parcel.copy()
            parcel[owner] = True
            return self._drawn(candidate, kind, hub, parcel, candidate.tours[kind], [owner]), 0.0
        if kind == POINTS:
            parcel = parcel.copy()
            parcel[owner] = False
        found = self.placed(candidate.tours[kind], kind, owner, at, candidate.kg(kind))
        if found is None:
            return None
        tours, detour = found
        opened = self._drawn(candidate, kind, hub, parcel, tours, [owner])
        self._kg[kind][owner] = opened.kg(kind)[owner]
        return opened, detour

    def placed(
        self, tours: Sequence[Tour], kind: int, owner: int, hub: int, kg: Floats
    ) -> tuple[list[Tour], float] | None:
        """The tours with one more stop, and what that costs: in one of them or in a new one."""
        evaluator, tour_costs = self.evaluator, self.evaluator.tour_costs[kind]
        vehicles, one_owner = evaluator.instance.problem.vehicles, np.array([owner])
        tried: list[tuple[float, int]] = []
        for row, one in enumerate(tours):
            if vehicles.hub[one.vehicle] != hub:
                continue
            loaded = float(kg[list(one.stops)].sum()) + self._kg[kind][owner]
            if loaded <= evaluator.room_kg[one.vehicle]:
                tried.append((float(tour_costs.detours(one, one_owner)[0][0]), row))
        best: tuple[float, int, Tour] | None = None
        for _, row in sorted(tried)[:ROUNDS_TRIED]:
            longer = tour_costs.inserted(tours[row], owner)
            if longer is not None and (best is None or longer.minor - tours[row].minor < best[0]):
                best = longer.minor - tours[row].minor, row, longer
        for vehicle in self.free(tours, hub):
            alone = tour_costs.tour(vehicle, (owner,))
            if alone is not None and (best is None or alone.minor < best[0]):
                best = alone.minor, len(tours), alone
        if best is None:
            return None
        detour, row, one = best
        return [*tours[:row], one, *tours[row + 1 :]], detour

    def free(self, tours: Sequence[Tour], hub: int) -> list[int]:
        """One vehicle of each kind that stands idle at the hub."""
        used = {one.vehicle for one in tours}
        idle = ([vehicle for vehicle in alike if vehicle not in used] for alike in self._alike[hub])
        return [vehicles[0] for vehicles in idle if vehicles]

    def filled(self, candidate: Candidate, kind: int, hubs: Sequence[int], most_flows: int) -> Candidate:
        """Open what gains more than its detour, the best first, until nothing does."""
        barred = np.zeros(self.gain[kind].shape, dtype=np.bool_)
        tried: dict[Option, Candidate] = {}
        detours = self._detours(candidate, kind, hubs)
        while self.evaluator.flows < most_flows:
            net = np.where(barred, -np.inf, self.gain[kind] - detours)
            net[candidate.hub(kind) != NONE] = -np.inf
            owner, hub, way = (int(i) for i in np.unravel_index(int(net.argmax()), net.shape))
            if net[owner, hub, way] <= 0:
                break
            option = owner, hub, way
            if option in tried:
                if tried[option].minor < candidate.minor:
                    candidate = tried[option]
                    tried.clear()
                    detours = self._detours(candidate, kind, hubs)
                else:
                    barred[option] = True
                continue
            opened = self.opened(candidate, kind, option)
            if opened is None:
                barred[option] = True
                continue
            tried[option] = opened[0]
            self.gain[kind][option] = candidate.minor - opened[0].minor + opened[1]
        return candidate

    def _detours(self, candidate: Candidate, kind: int, hubs: Sequence[int]) -> Floats:
        """About what each owner would add by truck and by parcel, owners x hubs x 2; infinite where there is no way."""
        evaluator, tour_costs = self.evaluator, self.evaluator.tour_costs[kind]
        owners = np.arange(len(self.potential[kind]))
        detours = np.full(self.gain[kind].shape, np.inf)
        reach = evaluator.rates.gate if kind == FARMS else evaluator.rates.door
        for hub in hubs:
            for vehicle in self.free(candidate.tours[kind], hub):
                detours[:, hub, TRUCK] = np.minimum(detours[:, hub, TRUCK], tour_costs.alone(vehicle, owners))
            if kind == POINTS:
                detours[:, hub, PARCEL] = np.where(np.isfinite(evaluator.rates.parcel[:, hub]), 0.0, np.inf)
        for one in candidate.tours[kind]:
            hub = int(evaluator.instance.problem.vehicles.hub[one.vehicle])
            if hub in hubs:
                detours[:, hub, TRUCK] = np.minimum(detours[:, hub, TRUCK], tour_costs.detours(one, owners)[0])
        detours[:, :, TRUCK] = np.where(np.isfinite(reach), detours[:, :, TRUCK], np.inf)
        return detours

    def _drawn(
        self, candidate: Candidate, kind: int, hub: Ints, parcel: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        tours: Sequence[Tour], touched: Sequence[int],
    ) -> Candidate:  # fmt: skip
        changed = replace(candidate.chosen, farm_hub=hub) if kind == FARMS else replace(candidate.chosen, point_hub=hub)
        chosen = replace(changed, parcel=parcel)
        products = sorted({product for owner in touched for product in self.evaluator.of[kind][owner]})
        both = (tuple(tours), candidate.tours[1]) if kind == FARMS else (candidate.tours[0], tuple(tours))
        return self.evaluator.drawn(chosen, both, candidate, products)


def _alike(evaluator: Evaluator, rows: Ints) -> list[list[int]]:
    """Vehicles that a candidate cannot tell apart, together."""
    vehicles, kinds = evaluator.instance.problem.vehicles, dict[tuple[int, ...], list[int]]()
    columns = (
        vehicles.weight_g, vehicles.crates, vehicles.fixed_minor, vehicles.minor_per_km, vehicles.minor_per_hour,
        vehicles.shift_s,
    )  # fmt: skip
    for vehicle in rows.tolist():
        kinds.setdefault(tuple(int(column[vehicle]) for column in columns), []).append(vehicle)
    return list(kinds.values())


def _potential(evaluator: Evaluator, kind: int) -> Floats:
    """What an owner's goods could be worth at the very most: all of them sent or got at the cheapest."""
    problem, instance = evaluator.instance.problem, evaluator.instance
    lots, batches, products = problem.lots, problem.batches, problem.products
    dearest = products.shortfall_minor_per_1000
    if kind == FARMS:
        asked = np.bincount(batches.product, batches.quantity, len(products.id))
        quantity = np.minimum(instance.at_most, asked[lots.product])
        worth = np.maximum(dearest[lots.product] - lots.ask_minor_per_1000, 0) * quantity / 1000
        return np.bincount(lots.farm, worth, len(problem.farms.id)).astype(np.float64)
    cheapest = np.full(len(products.id), np.iinfo(np.int64).max // 2)
    np.minimum.at(cheapest, lots.product, lots.ask_minor_per_1000)
    worth = np.maximum(dearest - cheapest, 0)[batches.product] * batches.quantity / 1000
    return np.bincount(batches.point, worth, len(problem.points.id)).astype(np.float64)
