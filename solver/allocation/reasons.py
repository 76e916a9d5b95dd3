"""Why a batch is short: the binding rule, from the closed list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.ways import Ways
from solver.cost import lot_most
from solver.draft import Draft
from solver.instance import Floats, Instance
from solver.problem import Flags, Ints, Names
from solver.reserves import share_limits
from solver.solution import NONE, Reason


@dataclass(frozen=True, slots=True)
class Refused:
    """What the roads took out of a plan on the way: farms not fetched, points not reached, and whether time was why."""

    farms: Flags
    points: Flags


def shortage_reasons(instance: Instance, draft: Draft, ways: Ways, refused: Refused) -> Names:
    """The reason of each batch that is short, empty for the others."""
    batches = instance.problem.batches
    left = batches.quantity - draft.served(len(batches.id))
    sent = draft.sent(len(instance.problem.lots.id))
    judge = _Judge(instance, draft, ways, refused, sent)
    names = np.full(len(left), "", dtype="<U32")
    for batch in np.flatnonzero(left).tolist():
        names[batch] = str(judge.reason(batch, int(left[batch])))
    return names


class _Judge:
    """Asks one rule after another, from what nobody can change to what money could."""

    def __init__(self, instance: Instance, draft: Draft, ways: Ways, refused: Refused, sent: Ints) -> None:
        self._ground, self._draft, self._ways, self._refused, self._sent = instance, draft, ways, refused, sent
        self._lots_of = [
            np.flatnonzero(instance.problem.lots.product == product)
            for product in range(len(instance.problem.products.id))
        ]
        self._capped = share_limits(instance.problem)
        self._intake_g = _intake_g(instance, draft)

    def reason(self, batch: int, short: int) -> Reason:
        """The first rule that explains all of the shortage."""
        lots, batches, instance = self._ground.problem.lots, self._ground.problem.batches, self._ground
        mine = self._lots_of[batches.product[batch]]
        mine = mine[lots.offered[mine] > 0]
        if not len(mine):
            return Reason.NO_SUPPLY
        mine = mine[lots.grade[mine] >= batches.grade[batch]]
        if not len(mine):
            return Reason.GRADE
        mine = mine[(lots.harvest_day[mine] <= 0) & (lots.harvest_day[mine] >= instance.needs_day[batch])]
        if not len(mine):
            return Reason.FRESHNESS
        return self._on_the_way(batch, mine) or self._at_the_gate(batch, mine, short)

    def _on_the_way(self, batch: int, mine: Ints) -> Reason | None:
        """What keeps the goods from the point, whoever grows them; a way that the trucks refused was there."""
        problem, point = self._ground.problem, int(self._ground.problem.batches.point[batch])
        if not problem.hubs.throughput_g.any():
            return Reason.NO_HUB
        mask = int(problem.products.cold[problem.batches.product[batch]])
        by_truck = np.isfinite(self._ways.truck[point]) & self._ground.hub_carries[:, mask]
        by_parcel = np.isfinite(self._ways.parcel[point]) & bool(mask & problem.parcels.cold)
        if self._refused.points[point]:
            return Reason.VEHICLE_CAPACITY
        if not (by_truck | by_parcel).any():
            return Reason.COLD_CHAIN if np.isfinite(self._ways.bring[point]).any() else Reason.UNREACHABLE
        hub = int(self._draft.point_hub[point])
        served = by_parcel if hub != NONE and self._draft.parcel[point] else by_truck
        if hub != NONE and not served[hub]:
            return Reason.COLD_CHAIN
        farm = problem.lots.farm[mine]
        if not np.isfinite(self._ways.collect[farm]).any():
            return Reason.VEHICLE_CAPACITY if self._refused.farms[farm].any() else Reason.UNREACHABLE
        return None

    def _at_the_gate(self, batch: int, mine: Ints, short: int) -> Reason:
        """What keeps the farms from sending more: of the rules that together hold back all of them, the first."""
        lots, instance, fitting = self._ground.problem.lots, self._ground, mine
        spare = instance.at_most[mine] - self._sent[mine]
        if not spare.any():
            pinned = (instance.at_most[mine] < lot_most(instance.problem)[mine]).any()
            return Reason.PIN if pinned else Reason.SOLD_OUT
        mine, spare = mine[spare > 0], spare[spare > 0]
        farm = lots.farm[mine]
        least = np.where(self._sent[mine] > 0, lots.pack[mine], np.maximum(lots.minimum[mine], lots.pack[mine]))
        away = ~np.isfinite(self._ways.collect[farm]).any(axis=1) & ~self._refused.farms[farm]
        rules = (
            (Reason.WHOLE_PACKS, (lots.pack[mine] > np.minimum(spare, short)) & (self._sent[mine] > 0)),
            (Reason.MINIMUM_VISIT, least > np.minimum(spare, short)),
            (Reason.VEHICLE_CAPACITY, self._refused.farms[farm]),
            (Reason.SHARE_CAP, self._at_cap(int(instance.problem.batches.product[batch]), farm)),
            (Reason.HUB_THROUGHPUT, self._full(batch, farm, short)),
        )
        free = ~(away | np.logical_or.reduce([holds for _, holds in rules]))
        if free.any():
            return Reason.PIN if self._declined_cheaper(batch, fitting, mine[free]) else Reason.TOO_DEAR
        # Farms out of reach are nobody's shortage where others have the goods too: those others' rule is the reason.
        return next((reason for reason, holds in rules if (holds & ~away).any()), Reason.UNREACHABLE)

    def _declined_cheaper(self, batch: int, fitting: Ints, free: Ints) -> bool:
        """A farm's answer holds back goods that are not too dear, and only dearer ones are left: the answer binds."""
        instance = self._ground
        declined = fitting[instance.at_most[fitting] < lot_most(instance.problem)[fitting]]
        short_minor = int(instance.problem.products.shortfall_minor_per_1000[instance.problem.batches.product[batch]])
        left_minor = min(float(short_minor), float(self._at_the_hub(free).min()))
        return bool((self._at_the_hub(declined) < left_minor).any())

    def _at_the_hub(self, lots: Ints) -> Floats:
        """Minor units a thousand of these lots at the nearest hub in price, the visit spread over the whole lot."""
        table, ways, farm = self._ground.problem.lots, self._ways, self._ground.problem.lots.farm[lots]
        kg = np.maximum(lot_most(self._ground.problem)[lots] * self._ground.lot_weight_g[lots] / 1000, 1e-3)
        per_kg = (ways.collect[farm] + ways.hub + ways.visit[farm] / kg[:, None]).min(axis=1)
        minor: Floats = table.ask_minor_per_1000[lots] + per_kg * self._ground.lot_weight_g[lots]
        return minor

    def _at_cap(self, product: int, farm: Ints) -> Flags:
        lots = self._ground.problem.lots
        mine = self._lots_of[product]
        by_farm = np.bincount(lots.farm[mine], self._sent[mine], len(self._ground.problem.farms.id))
        smallest = int(lots.pack[mine].min())
        return np.array(
            [by_farm[f] + smallest > self._capped.get((product, f), np.inf) for f in farm.tolist()], np.bool_
        )

    def _full(self, batch: int, farm: Ints, short: int) -> Flags:
        problem = self._ground.problem
        more_g = short * int(self._ground.batch_weight_g[batch])
        full = self._intake_g + more_g > problem.hubs.throughput_g
        target = int(self._draft.point_hub[problem.batches.point[batch]])
        hub = self._draft.farm_hub[farm]
        return np.where(hub == NONE, full.all(), full[hub]) | (target != NONE and full[target])


def _intake_g(instance: Instance, draft: Draft) -> Ints:
    source = draft.farm_hub[instance.problem.lots.farm[draft.lot]]
    target = draft.point_hub[instance.problem.batches.point[draft.batch]]
    weight_g = draft.quantity * instance.lot_weight_g[draft.lot]
    crossing, hubs = source != target, len(instance.problem.hubs.id)
    total = np.bincount(source, weight_g, hubs) + np.bincount(target[crossing], weight_g[crossing], hubs)
    return total.astype(np.int64)
