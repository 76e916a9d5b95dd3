"""What each truck takes when its round stands: the quantities of all lots under every truck's room.

Products share no goods but they share trucks. A flow a product knows no room, and a search that weighs what is over
only fears it; here room is a row a truck, and its dual says what one more kilogram on it would be worth (Dantzig 1963).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.allocation.limits import Limits
from solver.instance import Floats, Instance
from solver.problem import Flags, Ints
from solver.search.goods import Chosen, Rates
from solver.stowage.goods import add_goods
from solver.stowage.matrix import Matrix

SETTLED = 3
"""Times that lots which would send less than their least are left out, and the others asked again."""
DUST_KG = 1e-6


@dataclass(frozen=True, slots=True)
class Round:
    """A truck and the farms at which it calls, in order; on several are those that promised more than a truck holds."""

    vehicle: int
    farms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stowed:
    """What lots send, by which round, and what of that goes with further ones."""

    sent: Ints
    own: Ints  # of each lot: its round, -1 without any
    further: dict[tuple[int, int], int]  # of lot and round


@dataclass(frozen=True, slots=True)
class Berths:
    """Which round takes each lot's goods: its own, -1 without any, and the further ones, a row each."""

    own: Ints  # of each lot
    lot: Ints
    round: Ints


class Stowage:
    """The programme of one choice and its rounds, each of which may use `part` of its room.

    `promised_kg` and `more_kg` are what each farm must send, and may beside.
    """

    def __init__(
        self, instance: Instance, rates: Rates, limits: Limits, chosen: Chosen, rounds: Sequence[Round],
        part: Floats,
    ) -> None:  # fmt: skip
        self._instance, self._limits, matrix = instance, limits, Matrix()
        self._pieces = add_goods(matrix, instance, rates, limits, chosen)
        lots, farms, kg = instance.problem.lots, len(instance.problem.farms.id), instance.lot_weight_g / 1000
        self.promised_kg = np.bincount(lots.farm, limits.least * kg, farms).astype(np.float64)
        self.more_kg = np.bincount(lots.farm, (limits.most - limits.least) * kg, farms)
        self._berths = _berths(instance, rounds, self.promised_kg)
        self._room_kg = self._rooms(rounds, part)
        vehicles = [one.vehicle for one in rounds]
        nothing = np.full(len(rounds), -np.inf)
        self._rows = matrix.add_rows(nothing, self._room_kg)
        litres = matrix.add_rows(nothing, instance.problem.vehicles.volume_ml[vehicles] / 1000)
        self._more = self._aboard(matrix, litres)
        self._highs = matrix.programme()
        self._bound(self._pieces.column[self._berths.own[self._pieces.lot] < 0], 0.0)

    def solve(self) -> float:
        """The least that the goods cost now, what promises earn included."""
        self._highs.run()
        return float(self._highs.getInfo().objective_function_value)

    def worth(self) -> tuple[Floats, Floats]:
        """Of each round, what a kilogram of room is worth now, and how many are left."""
        found = self._highs.getSolution()
        return -np.array(found.row_dual)[self._rows], self._room_kg - np.array(found.row_value)[self._rows]

    def stowed(self) -> Stowed:
        """The cheapest quantities in whole packs; what would be less than a lot's least is left out."""
        kg, sent, little = self._quantities()
        for _ in range(SETTLED if little.any() else 0):
            self._bound(self._pieces.column[little[self._pieces.lot]], 0.0)
            kg, sent, little = self._quantities()
        berths = self._berths
        further = ((kg[self._more] + DUST_KG) * 1000 / self._instance.lot_weight_g[berths.lot]).astype(np.int64)
        calls = zip(berths.lot.tolist(), berths.round.tolist(), further.tolist(), strict=True)
        sent = np.where(little, 0, sent)
        return Stowed(sent, berths.own, {(lot, row): more for lot, row, more in calls if more})

    def _quantities(self) -> tuple[Floats, Ints, Flags]:
        """Every column, what lots send in whole packs, and those that would send less than their least."""
        lots, least = self._instance.problem.lots, self._limits.least
        self.solve()
        kg = np.array(self._highs.getSolution().col_value)
        sent_kg = np.bincount(self._pieces.lot, kg[self._pieces.column], len(least))
        sent = ((sent_kg + DUST_KG) * 1000 / self._instance.lot_weight_g).astype(np.int64)
        sent = np.maximum(sent // lots.pack * lots.pack, least)
        return kg, sent, (sent > 0) & (sent < lots.minimum) & (least == 0)

    def _bound(self, columns: Ints, most: float) -> None:
        count = len(columns)
        self._highs.changeColsBounds(count, columns.astype(np.int32), np.zeros(count), np.full(count, most))

    def _rooms(self, rounds: Sequence[Round], part: Floats) -> Floats:
        """Kilograms that each truck holds besides a crate half empty at every farm, or what is promised to it."""
        crate_g, vehicles = self._instance.problem.rhythm.crate_g, [one.vehicle for one in rounds]
        room_g = self._instance.room_g[vehicles] - crate_g * np.array([len(one.farms) for one in rounds])
        shared = np.isin(np.arange(len(self._limits.least)), self._berths.lot)
        mine = (self._berths.own >= 0) & ~shared
        promised_g = (self._limits.least * self._instance.lot_weight_g)[mine]
        rooms: Floats = np.maximum(part * room_g, np.bincount(self._berths.own[mine], promised_g, len(rounds))) / 1000
        return rooms

    def _aboard(self, matrix: Matrix, litres: Ints) -> Ints:
        """Every piece goes with its lot's own round but for what further calls take of it; their columns."""
        instance, pieces, berths = self._instance, self._pieces, self._berths
        products, product = instance.problem.products, instance.problem.lots.product
        litres_kg = (products.volume_ml_per_1000 / products.unit_weight_g / 1000)[product]
        row = berths.own[pieces.lot]
        mine = np.flatnonzero(row >= 0)
        matrix.put(self._rows[row[mine]], pieces.column[mine], 1.0)
        matrix.put(litres[row[mine]], pieces.column[mine], litres_kg[pieces.lot[mine]])
        more = matrix.add_columns(np.zeros(len(berths.lot)), np.full(len(berths.lot), np.inf))
        for rows, number in ((self._rows, np.ones(len(more))), (litres, litres_kg[berths.lot])):
            matrix.put(rows[berths.own[berths.lot]], more, -number)
            matrix.put(rows[berths.round], more, number)
        self._shared(matrix, more)
        return more

    def _shared(self, matrix: Matrix, more: Ints) -> None:
        """No more of a lot goes with further rounds than comes in."""
        lots, lot = np.unique(self._berths.lot, return_inverse=True)
        row = matrix.add_rows(np.full(len(lots), -np.inf), np.zeros(len(lots)))
        matrix.put(row[lot.ravel()], more, 1.0)
        mine = np.flatnonzero(np.isin(self._pieces.lot, lots))
        matrix.put(row[np.searchsorted(lots, self._pieces.lot[mine])], self._pieces.column[mine], -1.0)


def _berths(instance: Instance, rounds: Sequence[Round], promised_kg: Floats) -> Berths:
    """For every lot the first round whose truck may carry it; further ones only where one truck is not enough."""
    problem = instance.problem
    own = np.full(len(problem.lots.id), -1)
    further: list[tuple[int, int]] = []
    cold = problem.products.cold[problem.lots.product]
    largest_kg = np.array([instance.room_g[rows].max(initial=0) / 1000 for rows in instance.hub_vehicles])
    for row, one in enumerate(rounds):
        carried = np.isin(problem.lots.farm, one.farms) & ((cold & problem.vehicles.cold[one.vehicle]) != 0)
        too_much = promised_kg[problem.lots.farm] > largest_kg[problem.vehicles.hub[one.vehicle]]
        further += [(lot, row) for lot in np.flatnonzero(carried & too_much & (own >= 0)).tolist()]
        own[carried & (own < 0)] = row
    return Berths(own, *np.array(further, dtype=np.int64).reshape(-1, 2).T)
