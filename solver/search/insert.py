"""Opening and closing farms and points in a sketch, and filling it greedily: gain beyond the detour, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solver.ground import Floats
from solver.problem import Ints
from solver.search.board import FARMS, POINTS, Board, Sketch
from solver.search.streets import Round
from solver.solution import NONE

TRUCK, PARCEL = 0, 1
ROUNDS_TRIED = 3
"""An owner is timed exactly in this many rounds."""
Option = tuple[int, int, int]
"""Owner, hub, and whether by truck or parcel."""


class Insertion:
    """Remembers what opening each farm or point was worth when it was last tried; before that, all it may be worth."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.potential = tuple(_potential(board, kind) for kind in (FARMS, POINTS))
        hubs = len(board.ground.problem.hubs.id)
        self.gain = [np.tile(most[:, None, None], (1, hubs, 2)) for most in self.potential]
        self._alike = [_alike(board, rows) for rows in board.ground.hub_vehicles]
        self._kg = [np.zeros(len(most)) for most in self.potential]

    def forget(self, kind: int, owners: Ints) -> None:
        """These may be worth all that they ever can."""
        self.gain[kind][owners] = self.potential[kind][owners, None, None]

    def closed(self, sketch: Sketch, kind: int, owners: Ints) -> Sketch:
        """The sketch without these farms or points."""
        chosen = sketch.chosen
        hub = sketch.hub(kind).copy()
        hub[owners] = NONE
        parcel = chosen.parcel
        if kind == POINTS:
            parcel = parcel & (hub != NONE)
        gone, streets = frozenset(owners.tolist()), self.board.streets[kind]
        mine: list[Round] = []
        for one in sketch.rounds[kind]:
            if gone.isdisjoint(one.stops):
                mine.append(one)
            elif (rest := streets.without(one, gone)) is not None:
                mine.append(rest)
            elif not gone.issuperset(one.stops):
                # A matrix may make a shorter round slower: then all of it goes.
                hub[list(one.stops)] = NONE
                gone = gone | set(one.stops)
        return self._drawn(sketch, kind, hub, parcel, mine, sorted(gone))

    def opened(self, sketch: Sketch, kind: int, option: Option) -> tuple[Sketch, float] | None:
        """The sketch with one more owner, and what its detour costs; None where no round takes it."""
        owner, at, way = option
        hub, parcel = sketch.hub(kind).copy(), sketch.chosen.parcel
        hub[owner] = at
        if way == PARCEL:
            parcel = parcel.copy()
            parcel[owner] = True
            return self._drawn(sketch, kind, hub, parcel, sketch.rounds[kind], [owner]), 0.0
        if kind == POINTS:
            parcel = parcel.copy()
            parcel[owner] = False
        found = self.placed(sketch.rounds[kind], kind, owner, at, sketch.kg(kind))
        if found is None:
            return None
        rounds, detour = found
        opened = self._drawn(sketch, kind, hub, parcel, rounds, [owner])
        self._kg[kind][owner] = opened.kg(kind)[owner]
        return opened, detour

    def placed(
        self, rounds: Sequence[Round], kind: int, owner: int, hub: int, kg: Floats
    ) -> tuple[list[Round], float] | None:
        """The rounds with one more stop, and what that costs: in one of them or in a new one."""
        board, streets = self.board, self.board.streets[kind]
        vehicles, one_owner = board.ground.problem.vehicles, np.array([owner])
        tried: list[tuple[float, int]] = []
        for row, one in enumerate(rounds):
            if vehicles.hub[one.vehicle] != hub:
                continue
            loaded = float(kg[list(one.stops)].sum()) + self._kg[kind][owner]
            if loaded <= board.room_kg[one.vehicle]:
                tried.append((float(streets.detours(one, one_owner)[0][0]), row))
        best: tuple[float, int, Round] | None = None
        for _, row in sorted(tried)[:ROUNDS_TRIED]:
            longer = streets.inserted(rounds[row], owner)
            if longer is not None and (best is None or longer.minor - rounds[row].minor < best[0]):
                best = longer.minor - rounds[row].minor, row, longer
        for vehicle in self.free(rounds, hub):
            alone = streets.round(vehicle, (owner,))
            if alone is not None and (best is None or alone.minor < best[0]):
                best = alone.minor, len(rounds), alone
        if best is None:
            return None
        detour, row, one = best
        return [*rounds[:row], one, *rounds[row + 1 :]], detour

    def free(self, rounds: Sequence[Round], hub: int) -> list[int]:
        """One vehicle of each kind that stands idle at the hub."""
        used = {one.vehicle for one in rounds}
        idle = ([vehicle for vehicle in alike if vehicle not in used] for alike in self._alike[hub])
        return [vehicles[0] for vehicles in idle if vehicles]

    def filled(self, sketch: Sketch, kind: int, hubs: Sequence[int], most_flows: int) -> Sketch:
        """Open what gains more than its detour, the best first, until nothing does."""
        barred = np.zeros(self.gain[kind].shape, dtype=np.bool_)
        tried: dict[Option, Sketch] = {}
        detours = self._detours(sketch, kind, hubs)
        while self.board.flows < most_flows:
            net = np.where(barred, -np.inf, self.gain[kind] - detours)
            net[sketch.hub(kind) != NONE] = -np.inf
            owner, hub, way = (int(i) for i in np.unravel_index(int(net.argmax()), net.shape))
            if net[owner, hub, way] <= 0:
                break
            option = owner, hub, way
            if option in tried:
                if tried[option].minor < sketch.minor:
                    sketch = tried[option]
                    tried.clear()
                    detours = self._detours(sketch, kind, hubs)
                else:
                    barred[option] = True
                continue
            opened = self.opened(sketch, kind, option)
            if opened is None:
                barred[option] = True
                continue
            tried[option] = opened[0]
            self.gain[kind][option] = sketch.minor - opened[0].minor + opened[1]
        return sketch

    def _detours(self, sketch: Sketch, kind: int, hubs: Sequence[int]) -> Floats:
        """About what each owner would add by truck and by parcel, owners x hubs x 2; infinite where there is no way."""
        board, streets = self.board, self.board.streets[kind]
        owners = np.arange(len(self.potential[kind]))
        detours = np.full(self.gain[kind].shape, np.inf)
        reach = board.rates.gate if kind == FARMS else board.rates.door
        for hub in hubs:
            for vehicle in self.free(sketch.rounds[kind], hub):
                detours[:, hub, TRUCK] = np.minimum(detours[:, hub, TRUCK], streets.alone(vehicle, owners))
            if kind == POINTS:
                detours[:, hub, PARCEL] = np.where(np.isfinite(board.rates.parcel[:, hub]), 0.0, np.inf)
        for one in sketch.rounds[kind]:
            hub = int(board.ground.problem.vehicles.hub[one.vehicle])
            if hub in hubs:
                detours[:, hub, TRUCK] = np.minimum(detours[:, hub, TRUCK], streets.detours(one, owners)[0])
        detours[:, :, TRUCK] = np.where(np.isfinite(reach), detours[:, :, TRUCK], np.inf)
        return detours

    def _drawn(
        self, sketch: Sketch, kind: int, hub: Ints, parcel: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        rounds: Sequence[Round], touched: Sequence[int],
    ) -> Sketch:  # fmt: skip
        changed = replace(sketch.chosen, farm_hub=hub) if kind == FARMS else replace(sketch.chosen, point_hub=hub)
        chosen = replace(changed, parcel=parcel)
        products = sorted({product for owner in touched for product in self.board.of[kind][owner]})
        both = (tuple(rounds), sketch.rounds[1]) if kind == FARMS else (sketch.rounds[0], tuple(rounds))
        return self.board.drawn(chosen, both, sketch, products)


def _alike(board: Board, rows: Ints) -> list[list[int]]:
    """Vehicles that a sketch cannot tell apart, together."""
    vehicles, kinds = board.ground.problem.vehicles, dict[tuple[int, ...], list[int]]()
    columns = (
        vehicles.weight_g, vehicles.crates, vehicles.fixed_minor, vehicles.minor_per_km, vehicles.minor_per_hour,
        vehicles.shift_s,
    )  # fmt: skip
    for vehicle in rows.tolist():
        kinds.setdefault(tuple(int(column[vehicle]) for column in columns), []).append(vehicle)
    return list(kinds.values())


def _potential(board: Board, kind: int) -> Floats:
    """What an owner's goods could be worth at the very most: all of them sent or got at the cheapest."""
    problem, ground = board.ground.problem, board.ground
    lots, batches, products = problem.lots, problem.batches, problem.products
    dearest = products.shortfall_minor_per_1000
    if kind == FARMS:
        asked = np.bincount(batches.product, batches.quantity, len(products.id))
        quantity = np.minimum(ground.at_most, asked[lots.product])
        worth = np.maximum(dearest[lots.product] - lots.ask_minor_per_1000, 0) * quantity / 1000
        return np.bincount(lots.farm, worth, len(problem.farms.id)).astype(np.float64)
    cheapest = np.full(len(products.id), np.iinfo(np.int64).max // 2)
    np.minimum.at(cheapest, lots.product, lots.ask_minor_per_1000)
    worth = np.maximum(dearest - cheapest, 0)[batches.product] * batches.quantity / 1000
    return np.bincount(batches.point, worth, len(problem.points.id)).astype(np.float64)
