"""Problems and plans for tests: a small region made by hand, and plans timed by the road model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from solver.cost import price
from solver.eligibility import sendable
from solver.instance import Instance
from solver.problem import (
    AMBIENT,
    CHILLED,
    FROZEN,
    Batches,
    Farms,
    Hubs,
    Ints,
    Lots,
    Parcels,
    Places,
    Points,
    Policy,
    Problem,
    Products,
    Vehicles,
    ints,
)
from solver.solution import (
    Allocations,
    Cost,
    Phase,
    Reason,
    Report,
    Shortfalls,
    Solution,
    Standby,
    StoppedBy,
)
from tests.solver.timetable import Trip, columns, timetable

HUB_A, HUB_B = 0, 1
PLACES = {
    "hub A": (43.0, -85.0),
    "hub B": (43.0, -84.0),
    "farm 0": (43.1, -85.1),
    "farm 1": (43.0, -85.3),
    "farm 2": (43.1, -83.9),
    "point 0": (42.8, -85.0),
    "point 1": (42.9, -84.1),
    "point 2": (44.5, -85.0),
}
FARM_PLACES, POINT_PLACES = (2, 3, 4), (5, 6, 7)
APPLES, MILK, EGGS, BEEF = range(4)
HOUR = 3600


def names(*values: str) -> Any:
    """A column of ids."""
    return np.array(values, dtype=np.str_)


def flags(*values: bool) -> Any:
    """A column of yes and no."""
    return np.array(values, dtype=np.bool_)


def _products() -> Products:
    return Products(
        id=names("apples", "milk", "eggs", "beef"),
        unit_weight_g=ints(1, 1, 60, 1),
        volume_ml_per_1000=ints(1600, 1000, 90_000, 1200),
        shelf_days=ints(30, 10, 28, 180),
        cold=ints(AMBIENT | CHILLED, CHILLED, AMBIENT, FROZEN),
        spoilage_ppm_per_day=ints(5000, 10_000, 2000, 0),
        shortfall_minor_per_1000=ints(2000, 2000, 2000, 2000),
    )


def _farms() -> Farms:
    return Farms(
        id=names("farm 0", "farm 1", "farm 2"),
        place=ints(*FARM_PLACES),
        opens_s=ints(7 * HOUR, 7 * HOUR, 9 * HOUR),
        closes_s=ints(17 * HOUR, 15 * HOUR, 17 * HOUR),
        service_s=ints(600, 600, 600),
        service_s_per_tonne=ints(1200, 1200, 1200),
        decline_ppm=ints(50_000, 50_000, 50_000),
        season_offered_minor=ints(0, 0, 0),
        season_sold_minor=ints(0, 0, 0),
        small=flags(False, True, False),
    )


def _hubs() -> Hubs:
    return Hubs(
        id=names("hub A", "hub B"),
        place=ints(0, 1),
        fixed_minor=ints(35_000, 30_000),
        handling_minor_per_kg=ints(14, 15),
        throughput_g=ints(25_000_000, 20_000_000),
    )


def _points() -> Points:
    return Points(
        id=names("point 0", "point 1", "point 2"),
        place=ints(*POINT_PLACES),
        opens_s=ints(30 * HOUR, 30 * HOUR, 30 * HOUR),
        closes_s=ints(39 * HOUR, 39 * HOUR, 39 * HOUR),
        service_s=ints(720, 720, 720),
        service_s_per_tonne=ints(1500, 1500, 1500),
        by_truck=flags(True, True, True),
        by_parcel=flags(False, False, True),
    )


def _lots() -> Lots:
    return Lots(
        id=names("lot 0", "lot 1", "lot 2", "lot 3", "lot 4"),
        farm=ints(0, 1, 2, 2, 1),
        product=ints(APPLES, MILK, APPLES, EGGS, APPLES),
        grade=ints(3, 2, 4, 2, 1),
        offered=ints(200_000, 100_000, 150_000, 3000, 50_000),
        minimum=ints(10_000, 10_000, 5000, 100, 5000),
        maximum=ints(200_000, 90_000, 150_000, 3000, 50_000),
        daily_capacity=ints(180_000, 100_000, 150_000, 3000, 50_000),
        pack=ints(1000, 2000, 1000, 10, 1000),
        ask_minor_per_1000=ints(190, 170, 210, 25_000, 150),
        harvest_day=ints(-1, 0, -2, -1, -1),
    )


def _batches() -> Batches:
    return Batches(
        id=names("batch 0", "batch 1", "batch 2", "batch 3", "batch 4", "batch 5"),
        point=ints(0, 1, 1, 0, 2, 0),
        product=ints(APPLES, APPLES, MILK, EGGS, APPLES, BEEF),
        grade=ints(2, 3, 2, 1, 2, 1),
        quantity=ints(80_000, 60_000, 40_000, 600, 12_000, 5000),
        fresh_days=ints(7, 7, 5, 10, 7, 30),
        price_minor_per_1000=ints(300, 310, 260, 40_000, 320, 1800),
    )


def _vehicles() -> Vehicles:
    return Vehicles(
        id=names("truck A", "van A", "truck B"),
        hub=ints(HUB_A, HUB_A, HUB_B),
        weight_g=ints(4_500_000, 2_000_000, 4_500_000),
        volume_ml=ints(30_000_000, 12_000_000, 30_000_000),
        crates=ints(480, 200, 480),
        cold=ints(AMBIENT | CHILLED | FROZEN, AMBIENT | CHILLED, AMBIENT | CHILLED | FROZEN),
        fixed_minor=ints(16_500, 11_000, 16_000),
        minor_per_km=ints(62, 45, 63),
        minor_per_hour=ints(3200, 3000, 3300),
        shift_s=ints(10 * HOUR, 10 * HOUR, 10 * HOUR),
    )


def small_region(**changes: Any) -> Problem:
    """Two hubs, three farms, three points (one far off), four products of which nobody offers beef."""
    problem = Problem(
        currency="USD",
        places=places(PLACES),
        products=_products(),
        farms=_farms(),
        hubs=_hubs(),
        points=_points(),
        lots=_lots(),
        batches=_batches(),
        vehicles=_vehicles(),
        parcels=Parcels(
            zone_limit_m=(240_000, 480_000),
            weight_limit_g=(1000, 5000, 10_000),
            price_minor=((800, 1080, 1380), (840, 1180, 1580)),
            cold_pack_minor=400,
        ),
        policy=Policy(packaging_minor_per_kg=5, commission_ppm=80_000, payment_fee_ppm=20_000),
    )
    return replace(problem, **changes)


def places(coordinates: Mapping[str, tuple[float, float]]) -> Places:
    """Named places from degrees."""
    latitude, longitude = zip(*coordinates.values(), strict=True)
    return Places(
        id=names(*coordinates),
        latitude_e6=ints(*(round(degrees * 1_000_000) for degrees in latitude)),
        longitude_e6=ints(*(round(degrees * 1_000_000) for degrees in longitude)),
    )


def changed(subject: Any, table: str, **columns: Any) -> Any:
    """The problem or plan with other columns in one of its tables."""
    return replace(subject, **{table: replace(getattr(subject, table), **columns)})


def with_cell(subject: Any, table: str, column: str, row: int, value: int | str) -> Any:
    """The problem or plan with one other cell; a table that is itself a column has the same name twice."""
    rows = getattr(subject, table)
    cells = np.array(rows if table == column else getattr(rows, column))
    if isinstance(value, str):
        cells = cells.astype(f"<U{max(len(value), cells.dtype.itemsize // 4, 1)}")
    cells[row] = value
    return replace(subject, **{table: cells}) if table == column else changed(subject, table, **{column: cells})


@dataclass
class Decisions:
    """A plan before it is timed and priced."""

    farm_hub: list[int]
    point_hub: list[int]
    parcel: list[bool]
    allocations: list[tuple[int, int, int]]  # lot, batch, quantity
    trips: list[Trip] = field(default_factory=list)
    reasons: dict[int, Reason] = field(default_factory=dict)
    standby: list[tuple[int, int]] = field(default_factory=list)


def small_decisions() -> Decisions:
    """Everything that is asked in the small region except beef; the far point by parcel, goods cross hubs both ways."""
    return Decisions(
        farm_hub=[HUB_A, HUB_A, HUB_B],
        point_hub=[HUB_A, HUB_B, HUB_A],
        parcel=[False, False, True],
        allocations=[(0, 0, 80_000), (0, 1, 60_000), (1, 2, 40_000), (2, 4, 12_000), (3, 3, 600)],
        trips=[
            Trip(Phase.COLLECTION, 0, 8 * HOUR, [(2, {0: 80_000, 1: 60_000}), (3, {2: 40_000})]),
            Trip(Phase.COLLECTION, 2, 8 * HOUR + 1800, [(4, {3: 12_000, 4: 600})]),
            Trip(Phase.LINE_HAUL, 0, 17 * HOUR, [(1, {1: 60_000, 2: 40_000, 3: 12_000, 4: 600})]),
            Trip(Phase.DELIVERY, 1, 31 * HOUR, [(5, {0: 80_000, 4: 600})]),
            Trip(Phase.DELIVERY, 2, 31 * HOUR, [(6, {1: 60_000, 2: 40_000})]),
        ],
        reasons={5: Reason.NO_SUPPLY},
        standby=[(2, 20_000)],
    )


def plan(problem: Problem, decisions: Decisions) -> Solution:
    """Time every trip by the road model, count what is short, price it."""
    allocations = Allocations(*columns(decisions.allocations, 3))
    given = np.zeros(len(problem.batches.id), dtype=np.int64)
    np.add.at(given, allocations.batch, allocations.quantity)
    short = problem.batches.quantity - given
    rows = np.flatnonzero(short)
    reasons = {row: _reason(problem, allocations, row) for row in rows.tolist()}
    routes, stops, loads = timetable(problem, decisions.trips, allocations)
    solution = Solution(
        farm_hub=ints(*decisions.farm_hub),
        point_hub=ints(*decisions.point_hub),
        parcel=flags(*decisions.parcel),
        allocations=allocations,
        shortfalls=Shortfalls(
            rows, short[rows], names(*(decisions.reasons.get(row, reason) for row, reason in reasons.items()))
        ),
        routes=routes,
        stops=stops,
        loads=loads,
        standby=Standby(*columns(decisions.standby, 2)),
        report=Report(Cost(), 0, 0, 0, StoppedBy.GREEDY, seed=0),
    )
    return repriced(problem, solution)


def _reason(problem: Problem, allocations: Allocations, batch: int) -> Reason:
    """Too dear when something that fits is left, else sold out; for batches that something fits."""
    left = sendable(problem)
    np.subtract.at(left, allocations.lot, allocations.quantity)
    return Reason.TOO_DEAR if (left[fitting(problem, batch)] > 0).any() else Reason.SOLD_OUT


def fitting(problem: Problem, batch: int) -> Ints:
    """Rows of the lots whose goods a batch would take, whatever they hold: fresh as the search says it."""
    lots, batches = problem.lots, problem.batches
    fresh = (lots.harvest_day <= 0) & (lots.harvest_day >= Instance(problem).needs_day[batch])
    return np.flatnonzero(fresh & (lots.product == batches.product[batch]) & (lots.grade >= batches.grade[batch]))


def repriced(problem: Problem, solution: Solution) -> Solution:
    """The plan with the cost that it has."""
    return replace(solution, report=replace(solution.report, cost=price(problem, solution)))


def small_plan(**changes: Any) -> tuple[Problem, Solution]:
    """The small region and its plan; `changes` replace decisions."""
    problem = small_region()
    return problem, plan(problem, replace(small_decisions(), **changes))
