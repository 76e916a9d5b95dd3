"""Which reasons of a shortage are provably false: what is said is not always provable, but no lie passes."""

from __future__ import annotations

import numpy as np

from solver.check.entitled import Want
from solver.check.reach import farm_reach, point_reach
from solver.check.trace import Trace
from solver.cost import by_row, hub_intake_g, lot_most
from solver.problem import Ints
from solver.solution import Reason

TONNE_G = 1_000_000


class Shortages:
    """Judges the reasons of one plan."""

    def __init__(self, plan: Trace) -> None:
        self._plan, self._problem = plan, plan.problem
        self._most = np.array(plan.entitled.most, dtype=np.int64)
        self._pinned_down = self._most < lot_most(plan.problem)
        self._supplies: dict[tuple[int, Want], tuple[Reason | None, Ints]] = {}
        self._room_g = plan.problem.hubs.throughput_g - hub_intake_g(plan.problem, plan.solution)
        self._reach = (farm_reach(plan.problem, plan.roads), point_reach(plan.problem, plan.roads))

    def lie(self, batch: int, short: int, reason: str) -> str | None:
        """What disproves a reason, None when nothing does."""
        lacking, rows = self._supply(batch)
        if lacking is not None or reason in (Reason.NO_SUPPLY, Reason.GRADE, Reason.FRESHNESS):
            if reason == lacking:
                return None
            return f"the reason is {lacking}, not {reason}" if lacking else f"{reason}, but eligible goods are offered"
        disproof = {
            Reason.SOLD_OUT: self._something_left,
            Reason.PIN: self._no_pin,
            Reason.TOO_DEAR: self._nothing_left,
            Reason.MINIMUM_VISIT: self._worth_a_visit,
            Reason.WHOLE_PACKS: self._packs_small_enough,
            Reason.SHARE_CAP: self._below_every_cap,
            Reason.HUB_THROUGHPUT: self._room_in_every_hub,
            Reason.COLD_CHAIN: self._everything_carries,
            Reason.NO_HUB: self._some_hub_is_open,
            Reason.UNREACHABLE: self._reached_alone,
        }.get(Reason(reason))
        return disproof(batch, short, rows) if disproof else None

    def _supply(self, batch: int) -> tuple[Reason | None, Ints]:
        """Why nothing fits, and what fits: the same for every batch that asks the same."""
        batches = self._problem.batches
        product, want = int(batches.product[batch]), (int(batches.grade[batch]), int(batches.fresh_days[batch]))
        if (product, want) not in self._supplies:
            mine = self._plan.entitled.lots_of[product]
            fitting = [lot for lot in mine if self._plan.entitled.fits(lot, want)]
            self._supplies[product, want] = self._lacking(mine, fitting, want), np.array(fitting, dtype=np.int64)
        return self._supplies[product, want]

    def _lacking(self, mine: list[int], fitting: list[int], want: Want) -> Reason | None:
        """Why nothing that is offered fits, None when something does; `mine` are the lots of the product."""
        offered = {lot for lot in mine if self._problem.lots.offered[lot] > 0}
        if not offered:
            return Reason.NO_SUPPLY
        if all(self._problem.lots.grade[lot] < want[0] for lot in offered):
            return Reason.GRADE
        return None if offered & set(fitting) else Reason.FRESHNESS

    def _left(self, rows: Ints) -> Ints:
        left: Ints = (self._most - self._plan.sent)[rows]
        return left

    def _something_left(self, _batch: int, _short: int, rows: Ints) -> str | None:
        return "fitting lots have something left" if (self._left(rows) > 0).any() else None

    def _nothing_left(self, _batch: int, _short: int, rows: Ints) -> str | None:
        return None if (self._left(rows) > 0).any() else "no fitting lot has anything left, at any price"

    def _no_pin(self, _batch: int, _short: int, rows: Ints) -> str | None:
        return None if self._pinned_down[rows].any() else "no fitting lot is held down by an answer"

    def _worth_a_visit(self, _batch: int, short: int, rows: Ints) -> str | None:
        lots, left = self._problem.lots, self._left(rows)
        step = np.where(self._plan.sent[rows] > 0, lots.pack[rows], np.maximum(lots.minimum[rows], lots.pack[rows]))
        small = (left > 0) & (step > np.minimum(left, short))
        return None if small.any() else "what is missing is worth a visit to every farm"

    def _packs_small_enough(self, _batch: int, short: int, rows: Ints) -> str | None:
        left = self._left(rows)
        broken = (left > 0) & (self._problem.lots.pack[rows] > np.minimum(left, short))
        return None if broken.any() else "what is missing is a pack or more of every lot"

    def _below_every_cap(self, batch: int, short: int, rows: Ints) -> str | None:
        lots, product = self._problem.lots, int(self._problem.batches.product[batch])
        mine = lots.product == product
        sent = by_row(lots.farm[mine], self._plan.sent[mine], len(self._problem.farms.id))
        for row in rows[self._left(rows) > 0].tolist():
            farm = int(lots.farm[row])
            if not self._plan.entitled.may_sell(product, farm, int(sent[farm]) + max(short, int(lots.pack[row]))):
                return None
        return "no farm with something left is near its share"

    def _room_in_every_hub(self, batch: int, short: int, _rows: Ints) -> str | None:
        short_g = short * int(self._problem.products.unit_weight_g[self._problem.batches.product[batch]])
        return "every hub has room for it" if (self._room_g >= short_g).all() else None

    def _some_hub_is_open(self, _batch: int, _short: int, _rows: Ints) -> str | None:
        return "a hub is open" if self._problem.hubs.throughput_g.any() else None

    def _everything_carries(self, batch: int, _short: int, _rows: Ints) -> str | None:
        problem = self._problem
        tolerated = int(problem.products.cold[problem.batches.product[batch]])
        posted = problem.points.by_parcel[problem.batches.point[batch]] and not tolerated & problem.parcels.cold
        kept = len(problem.vehicles.id) and ((problem.vehicles.cold & tolerated) != 0).all() and not posted
        return "every vehicle carries its cold class" if kept else None

    def _reached_alone(self, batch: int, short: int, rows: Ints) -> str | None:
        """One vehicle that carries it reaches the point and a farm that still has it, so nothing is out of reach."""
        problem, point = self._problem, int(self._problem.batches.point[batch])
        if not problem.points.by_truck[point]:
            return None
        farms, points = self._reach
        product = problem.batches.product[batch]
        short_g = short * int(problem.products.unit_weight_g[product])
        shift_s = problem.vehicles.shift_s
        still = rows[self._left(rows) > 0]
        has = np.unique(problem.lots.farm[still if len(still) else rows[self._most[rows] > 0]])
        works_s = farms.trip_s[:, has] - (-short_g * problem.farms.service_s_per_tonne[has] // TONNE_G)
        fetched = (farms.reached[:, has] & (works_s <= shift_s[:, None])).any(axis=1)
        works_s = points.trip_s[:, point] - (-short_g * problem.points.service_s_per_tonne[point] // TONNE_G)
        brought = points.reached[:, point] & (works_s <= shift_s)
        able = (problem.vehicles.cold & problem.products.cold[product]) != 0
        return "a vehicle reaches a farm that has it and the point" if (able & fetched & brought).any() else None
