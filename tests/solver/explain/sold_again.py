"""A product of a plan sold again by a linear programme: lots straight to batches, nothing shared with the solver."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from solver.check.trace import Trace
from solver.cost import counted_ask, fairness_segments
from solver.instance import Floats
from solver.solution import NONE


class Floor:
    """What the cheapest sale of one product costs in minor units; a lot may be made to send more or less."""

    def __init__(self, plan: Trace, product: int, caps: dict[tuple[int, int], int]) -> None:
        problem, solution = plan.problem, plan.solution
        lots, batches = problem.lots, problem.batches
        self._lots = np.flatnonzero(
            (lots.product == product) & (solution.farm_hub[lots.farm] != NONE) & (lots.harvest_day <= 0)
        ).tolist()
        self._batches = np.flatnonzero(
            (batches.product == product) & (solution.point_hub[batches.point] != NONE)
        ).tolist()
        self._most = dict(enumerate(plan.entitled.most))
        self._caps = {farm: most for (capped, farm), most in caps.items() if capped == product}
        self._plan, self._product = plan, product
        self._pairs = set(zip(plan.source.tolist(), plan.target.tolist(), strict=True))

    def minor(self, extra: tuple[int, int, float] | None = None) -> float:
        """Least cost; `extra` is a gift of so many units at a hub, of the kind of a lot: lot, hub, units."""
        if not self._batches:
            return 0.0
        costs, rows, columns, limits = self._costs(extra)
        found = linprog(costs, rows, limits, columns, [self._asked(batch) for batch in self._batches])
        assert found.success
        return float(found.fun or 0.0)

    def _asked(self, batch: int) -> float:
        return float(self._plan.problem.batches.quantity[batch])

    def _costs(self, extra: tuple[int, int, float] | None) -> tuple[list[float], Floats, Floats, list[float]]:
        problem, policy = self._plan.problem, self._plan.problem.policy
        ends, rates = fairness_segments(problem)
        weight_kg = float(problem.products.unit_weight_g[self._product]) / 1000
        spoiled = float(problem.products.spoilage_ppm_per_day[self._product]) / 1e6 * problem.rhythm.hand_out_day
        hub_of = self._plan.solution.farm_hub[problem.lots.farm]
        handling = problem.hubs.handling_minor_per_kg
        offers: list[tuple[int, int, float, float, int]] = []  # lot, hub, units, minor a unit, farm
        for lot in self._lots:
            ask, start = float(problem.lots.ask_minor_per_1000[lot]), 0
            own = float(counted_ask(problem)[lot]) / 1000 + ask * spoiled / 1000
            own += policy.packaging_minor_per_kg * weight_kg
            for end, rate in zip(ends[lot].tolist(), rates[lot].tolist(), strict=True):
                units = max(min(end, self._most[lot]) - start, 0)
                offers.append((lot, int(hub_of[lot]), units, own + rate / 1e6, int(problem.lots.farm[lot])))
                start = max(start, min(end, self._most[lot]))
        if extra is not None:
            offers.append((extra[0], extra[1], extra[2], 0.0, NONE))
        fees = (policy.commission_ppm + policy.payment_fee_ppm) / 1e6
        costs, offer_of, batch_of = [], [], []
        for number, (lot, hub, _, minor, _) in enumerate(offers):
            for batch in self._batches:
                target = int(self._plan.solution.point_hub[problem.batches.point[batch]])
                want = int(problem.batches.grade[batch]), int(problem.batches.fresh_days[batch])
                if self._plan.entitled.fits(lot, want) and (hub == target or (hub, target) in self._pairs):
                    through = float(handling[hub]) + (float(handling[target]) if hub != target else 0.0)
                    posted = float(problem.batches.price_minor_per_1000[batch]) * fees / 1000
                    costs.append(minor + through * weight_kg + posted)
                    offer_of.append(number)
                    batch_of.append(self._batches.index(batch))
        short = float(problem.products.shortfall_minor_per_1000[self._product]) / 1000
        farms = sorted(self._caps)
        cells = len(costs)
        within = np.zeros((len(offers) + len(farms), cells + len(self._batches)))
        within[offer_of, np.arange(cells)] = 1
        for row, farm in enumerate(farms):
            within[len(offers) + row, :cells] = [offers[number][4] == farm for number in offer_of]
        equal = np.zeros((len(self._batches), cells + len(self._batches)))
        equal[batch_of, np.arange(cells)] = 1
        equal[np.arange(len(self._batches)), cells + np.arange(len(self._batches))] = 1
        limits = [float(offer[2]) for offer in offers] + [float(self._caps[farm]) for farm in farms]
        return [*costs, *[short] * len(self._batches)], within, equal, limits
