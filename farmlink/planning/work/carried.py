"""What a plan carries, for those who load, drive and hand over: goods on and off at every stop, and by parcel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from farmlink.planning.values import PlanId
from farmlink.planning.work.drawn import unpacked
from farmlink.store.store import Store
from solver.check.trace import Trace, trace
from solver.check.vehicles import stop_sizes
from solver.problem import Problem
from solver.solution import NONE, Solution


@dataclass(frozen=True, slots=True)
class Goods:
    """So much of a product in the grade that its farms send, in base units."""

    product_id: UUID
    grade: int
    quantity: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class Call:
    """What a stop puts down and takes on."""

    down: tuple[Goods, ...]
    on: tuple[Goods, ...]
    down_crates: int
    on_crates: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a hub sends to a place by post."""

    hub_id: UUID
    place_id: UUID
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """Calls by the numbers of trip and stop, and parcels."""

    calls: dict[tuple[int, int], Call]
    parcels: tuple[Parcel, ...]


def carried(store: Store, plan_id: PlanId) -> Carried:
    """Unpack a plan to be loaded and driven; no transaction is open meanwhile."""
    return carry(*unpacked(store, plan_id))


def carry(problem: Problem, solution: Solution) -> Carried:
    """Follow the goods of a solution whose columns are sound."""
    plan = trace(problem, solution)
    return Carried(_calls(plan), _parcels(plan))


def _calls(plan: Trace) -> dict[tuple[int, int], Call]:
    loads, stops = plan.solution.loads, plan.solution.stops
    changed: dict[tuple[int, bool], Counter[tuple[int, int]]] = {}
    for stop, allocation, quantity, picked in zip(
        loads.stop, loads.allocation, loads.quantity, plan.picked, strict=True
    ):
        changed.setdefault((int(stop), bool(picked)), Counter())[_kind(plan, allocation)] += int(quantity)
    first = np.searchsorted(stops.route, stops.route)
    crates_down, crates_on = stop_sizes(plan)[2]
    return {
        (int(stops.route[stop]) + 1, stop - int(first[stop]) + 1): Call(
            down=_goods(plan, changed.get((stop, False), Counter())),
            on=_goods(plan, changed.get((stop, True), Counter())),
            down_crates=int(crates_down[stop]),
            on_crates=int(crates_on[stop]),
        )
        for stop in range(len(stops.route))
    }


def _parcels(plan: Trace) -> tuple[Parcel, ...]:
    problem, solution = plan.problem, plan.solution
    sent: dict[int, Counter[tuple[int, int]]] = {}
    for allocation in np.flatnonzero(solution.parcel[plan.point]).tolist():
        of_point = sent.setdefault(int(plan.point[allocation]), Counter())
        of_point[_kind(plan, allocation)] += int(solution.allocations.quantity[allocation])
    return tuple(
        Parcel(
            hub_id=UUID(str(problem.hubs.id[solution.point_hub[point]])),
            place_id=UUID(str(problem.points.id[point])),
            goods=_goods(plan, goods),
        )
        for point, goods in sorted(sent.items())
        if solution.point_hub[point] != NONE
    )


def _kind(plan: Trace, allocation: Any) -> tuple[int, int]:
    """The rows of a product and its grade."""
    return int(plan.product[allocation]), int(plan.problem.lots.grade[plan.solution.allocations.lot[allocation]])


def _goods(plan: Trace, found: Counter[tuple[int, int]]) -> tuple[Goods, ...]:
    products = plan.problem.products
    return tuple(
        Goods(
            product_id=UUID(str(products.id[product])),
            grade=grade,
            quantity=quantity,
            weight_g=quantity * int(products.unit_weight_g[product]),
        )
        for (product, grade), quantity in sorted(found.items())
    )
