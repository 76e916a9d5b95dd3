"""Landed cost per line: every component shared out over the allocations so that it sums exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.cost.amounts import (
    PPM,
    allocation_ends,
    allocation_hubs,
    allocation_weight_g,
    half_up,
    hub_intake_g,
    shares,
)
from solver.cost.parcels import price_parcels
from solver.cost.routes import price_routes
from solver.problem import Ints, Problem
from solver.roads import RoadMap
from solver.solution import Phase, Solution


@dataclass(frozen=True, slots=True)
class Lines:
    """Minor units of each allocation, by component of the landed cost."""

    purchase: Ints
    collection: Ints
    hub: Ints
    line_haul: Ints
    delivery: Ints
    parcel: Ints
    packaging: Ints
    spoilage: Ints
    commission: Ints
    payment_fees: Ints

    @property
    def transport(self) -> Ints:
        """Collection, line haul, delivery and parcel."""
        return self.collection + self.line_haul + self.delivery + self.parcel

    @property
    def landed(self) -> Ints:
        """All of it."""
        return (
            self.purchase + self.hub + self.transport
            + self.packaging + self.spoilage + self.commission + self.payment_fees
        )  # fmt: skip


def price_lines(problem: Problem, solution: Solution) -> Lines:
    """Share out the landed cost of a plan that the checker accepts: routes by kilograms times direct distance."""
    exact = exact_goods(problem, solution)
    collection, line_haul, delivery = (_carried(problem, solution, phase) for phase in Phase)
    return Lines(
        purchase=_rounded(exact.purchase, 1000),
        collection=collection,
        hub=_handled(problem, solution),
        line_haul=line_haul,
        delivery=delivery,
        parcel=_posted(problem, solution),
        packaging=_rounded(exact.packaging, 1000),
        spoilage=_rounded(exact.spoilage, 1000 * PPM),
        commission=_rounded(exact.commission, 1000 * PPM),
        payment_fees=_rounded(exact.payment_fees, 1000 * PPM),
    )


@dataclass(frozen=True, slots=True)
class ExactGoods:
    """What depends on goods alone, per allocation, before the division that rounds; Python's whole numbers."""

    purchase: Sequence[int]
    packaging: Sequence[int]
    spoilage: Sequence[int]
    commission: Sequence[int]
    payment_fees: Sequence[int]


def exact_goods(problem: Problem, solution: Solution) -> ExactGoods:
    """Gate price, packaging, expected spoilage, commission and payment fee of each allocation.

    Spoilage is charged from collection to hand-out, the days in our hands; freshness counts from harvest.
    """
    policy, allocations = problem.policy, solution.allocations
    product = problem.lots.product[allocations.lot]
    asked = (allocations.quantity * problem.lots.ask_minor_per_1000[allocations.lot]).tolist()
    posted = (allocations.quantity * problem.batches.price_minor_per_1000[allocations.batch]).tolist()
    weight_g = allocation_weight_g(problem, allocations).tolist()
    spoils_ppm = (problem.products.spoilage_ppm_per_day[product] * problem.rhythm.hand_out_day).tolist()
    return ExactGoods(
        purchase=asked,
        packaging=[grams * policy.packaging_minor_per_kg for grams in weight_g],
        spoilage=[ask * ppm for ask, ppm in zip(asked, spoils_ppm, strict=True)],
        commission=[price * policy.commission_ppm for price in posted],
        payment_fees=[price * policy.payment_fee_ppm for price in posted],
    )


def price_subsidy(problem: Problem, solution: Solution) -> int:
    """Freight equalisation: the declared part of what remote lines' transport costs above the plan's mean per kg."""
    policy, weight_g = problem.policy, allocation_weight_g(problem, solution.allocations).tolist()
    if not policy.equalisation_ppm or not weight_g:
        return 0
    farm, point = allocation_ends(problem, solution.allocations)
    source, target = allocation_hubs(problem, solution)
    roads, hub_place = RoadMap(problem.places, problem.roads), problem.hubs.place
    from_farm_m = roads.legs(problem.farms.place[farm], hub_place[source]).distance_m
    to_point_m = roads.legs(hub_place[target], problem.points.place[point]).distance_m
    remote = (from_farm_m >= policy.equalisation_from_m) | (to_point_m >= policy.equalisation_from_m)
    transport = price_lines(problem, solution).transport.tolist()
    total_g, total_minor = sum(weight_g), sum(transport)
    above = sum(
        max(transport[row] * total_g - total_minor * weight_g[row], 0) for row in np.flatnonzero(remote).tolist()
    )
    return half_up(above * policy.equalisation_ppm, total_g * PPM)


def _rounded(exact: Sequence[int], denominator: int) -> Ints:
    return shares(half_up(sum(exact), denominator), exact)


def _carried(problem: Problem, solution: Solution, phase: Phase) -> Ints:
    """Each route's cost to what it carries, by grams times the metres between the ends of the leg."""
    loads, minor = solution.loads, price_routes(problem, solution)
    line = np.zeros(len(solution.allocations.lot), dtype=np.int64)
    weights = _gram_metres(problem, solution, phase)
    route = solution.stops.route[loads.stop]
    for row in np.flatnonzero(solution.routes.phase == phase).tolist():
        carried = np.flatnonzero(route == row)
        allocation, quantity = loads.allocation[carried], loads.quantity[carried]
        whole = solution.allocations.quantity[allocation].tolist()
        parts = zip(quantity.tolist(), weights[allocation].tolist(), whole, strict=True)
        part = [given * weight // of for given, weight, of in parts]
        np.add.at(line, allocation, shares(int(minor[row]), part))
    return line


def _gram_metres(problem: Problem, solution: Solution, phase: Phase) -> Ints:
    farm, point = allocation_ends(problem, solution.allocations)
    source, target = allocation_hubs(problem, solution)
    hub_place = problem.hubs.place
    start, end = {
        Phase.COLLECTION: (problem.farms.place[farm], hub_place[source]),
        Phase.LINE_HAUL: (hub_place[source], hub_place[target]),
        Phase.DELIVERY: (hub_place[target], problem.points.place[point]),
    }[phase]
    metres = RoadMap(problem.places, problem.roads).legs(start, end).distance_m
    return allocation_weight_g(problem, solution.allocations) * metres


def _handled(problem: Problem, solution: Solution) -> Ints:
    """Each hub's fixed price and handling to what passes it, by grams."""
    weight_g = allocation_weight_g(problem, solution.allocations)
    source, target = allocation_hubs(problem, solution)
    exact = exact_hubs(problem, solution)
    line = np.zeros(len(weight_g), dtype=np.int64)
    for hub, minor in enumerate(shares(half_up(sum(exact), 1000), exact).tolist()):
        passing = np.flatnonzero((source == hub) | (target == hub))
        if len(passing):
            line[passing] += shares(minor, weight_g[passing])
    return line


def exact_hubs(problem: Problem, solution: Solution) -> Sequence[int]:
    """Fixed price of each hub that is used, and its handling, in thousandths of a minor unit."""
    intake_g = hub_intake_g(problem, solution)
    fixed = np.where(intake_g > 0, problem.hubs.fixed_minor, 0) * 1000
    exact: list[int] = (intake_g * problem.hubs.handling_minor_per_kg + fixed).tolist()
    return exact


def _posted(problem: Problem, solution: Solution) -> Ints:
    """Each consignee's postage to what is sent there, by grams."""
    weight_g = allocation_weight_g(problem, solution.allocations)
    _, point = allocation_ends(problem, solution.allocations)
    line = np.zeros(len(weight_g), dtype=np.int64)
    minor = price_parcels(problem, solution)
    for consignee in np.flatnonzero(minor).tolist():
        sent = np.flatnonzero(point == consignee)
        line[sent] += shares(int(minor[consignee]), weight_g[sent])
    return line
