"""When vehicles are where: roads re-computed, windows, service, split visits, synchronisation of the legs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.trace import Trace
from solver.check.violation import Rule, Violation, where
from solver.cost import by_row
from solver.problem import Farms, Flags, Ints, Points
from solver.solution import NONE, Phase

TONNE_G = 1_000_000


def roads(plan: Trace) -> Iterator[Violation]:
    """Arrivals, returns and metres are those of the road model."""
    stops, routes = plan.solution.stops, plan.solution.routes
    rows = np.arange(len(stops.route))
    first = np.searchsorted(stops.route, np.arange(len(routes.phase)))
    last = np.searchsorted(stops.route, np.arange(len(routes.phase)), side="right") - 1
    home_place = plan.problem.hubs.place[plan.home]
    loading_s = np.where(routes.phase == Phase.LINE_HAUL, plan.problem.rhythm.haul_handling_s // 2, 0)
    opening = rows == first[stops.route]
    origin = np.where(opening, home_place[stops.route], stops.place[rows - 1])
    left_s = np.where(opening, (routes.depart_s + loading_s)[stops.route], stops.leave_s[rows - 1])
    there = plan.roads.legs(origin, stops.place)
    back = plan.roads.legs(stops.place[last], home_place)
    arrive_s, return_s = left_s + there.duration_s, stops.leave_s[last] + back.duration_s
    distance_m = by_row(stops.route, there.distance_m, len(last)) + back.distance_m
    for name, table, given, due in (
        ("stops", "arrives", stops.arrive_s, arrive_s),
        ("routes", "returns", routes.return_s, return_s),
        ("routes", "metres", routes.distance_m, distance_m),
    ):
        for row in np.flatnonzero(given != due).tolist():
            yield Violation(Rule.ROADS, name, row, f"{table} {given[row]}, by the roads {due[row]}")


def windows(plan: Trace) -> Iterator[Violation]:
    """Nobody leaves before the phase begins; service starts within the phase and the opening hours."""
    rhythm, routes, stops = plan.problem.rhythm, plan.solution.routes, plan.solution.stops
    from_s = np.array([rhythm.collect_from_s, rhythm.haul_from_s, rhythm.deliver_from_s])
    until_s = np.array([rhythm.collect_until_s, rhythm.haul_until_s, rhythm.deliver_until_s])
    early = routes.depart_s < from_s[routes.phase]
    yield from where(Rule.WINDOWS, "routes", early, "leaves before its phase begins")
    phase = routes.phase[stops.route]
    opens_s, closes_s = from_s[phase], until_s[phase]
    for ends, table, of_phase in _ends(plan):
        rows = plan.loads_of(of_phase)
        end = ends[plan.solution.loads.allocation[rows]]
        np.maximum.at(opens_s, plan.solution.loads.stop[rows], table.opens_s[end])
        np.minimum.at(closes_s, plan.solution.loads.stop[rows], table.closes_s[end])
    outside = (stops.start_s < opens_s) | (stops.start_s > closes_s)
    yield from where(
        Rule.WINDOWS,
        "stops",
        outside,
        lambda row: f"service starts at {stops.start_s[row]}, open {opens_s[row]} to {closes_s[row]}",
    )


def service(plan: Trace) -> Iterator[Violation]:
    """Service begins after arrival and lasts its base and what the weight adds; a line haul's its unloading."""
    stops = plan.solution.stops
    before = stops.start_s < stops.arrive_s
    yield from where(Rule.SERVICE, "stops", before, "service starts before arrival")
    handling_s = plan.problem.rhythm.haul_handling_s
    phase = plan.solution.routes.phase[stops.route]
    due_s = np.where(phase == Phase.LINE_HAUL, handling_s - handling_s // 2, 0)
    for ends, table, of_phase in _ends(plan):
        stop, end, weight_g = _visits(plan, ends, of_phase)
        by_weight_s = -(-weight_g * table.service_s_per_tonne[end] // TONNE_G)
        due_s = due_s + by_row(stop, table.service_s[end] + by_weight_s, len(due_s))
    lasts_s = stops.leave_s - stops.start_s
    wrong = lasts_s != due_s
    yield from where(Rule.SERVICE, "stops", wrong, lambda row: f"service lasts {lasts_s[row]} s, due {due_s[row]} s")


def splits(plan: Trace) -> Iterator[Violation]:
    """One visit, unless no vehicle of the hub holds all of it at once."""
    for (ends, table, phase), hubs in zip(_ends(plan), (plan.source, plan.target), strict=True):
        _, visited, _ = _visits(plan, ends, phase)
        visits = by_row(visited, np.ones_like(visited), len(table.id))
        name = "farms" if phase == Phase.COLLECTION else "points"
        for row in np.flatnonzero(visits > 1).tolist():
            goods = np.flatnonzero(ends == row)
            if _fits_one(plan, goods, int(hubs[goods[0]])):
                yield Violation(Rule.SPLITS, name, row, f"{visits[row]} visits for what one vehicle holds")


def _fits_one(plan: Trace, goods: Ints, hub: int) -> bool:
    """Does some vehicle of the hub hold these allocations together."""
    vehicles, products = plan.problem.vehicles, plan.problem.products
    product, quantity = plan.product[goods], plan.solution.allocations.quantity[goods]
    weight_g = int(plan.weight_g[goods].sum())
    volume_ml = -(-int((quantity * products.volume_ml_per_1000[product]).sum()) // 1000)
    crates = -(-weight_g // plan.problem.rhythm.crate_g)
    holds: Flags = (vehicles.weight_g >= weight_g) & (vehicles.volume_ml >= volume_ml) & (vehicles.crates >= crates)
    for tolerated in np.unique(products.cold[product]).tolist():
        holds &= (vehicles.cold & tolerated) != 0
    return bool((holds & (vehicles.hub == hub)).any())


def _ends(plan: Trace) -> tuple[tuple[Ints, Farms | Points, Phase], ...]:
    return (plan.farm, plan.problem.farms, Phase.COLLECTION), (plan.point, plan.problem.points, Phase.DELIVERY)


def _visits(plan: Trace, ends: Ints, phase: Phase) -> tuple[Ints, Ints, Ints]:
    """Stop, farm or point, and grams of each visit of a phase."""
    loads, rows = plan.solution.loads, plan.loads_of(phase)
    allocation = loads.allocation[rows]
    weight_g = loads.quantity[rows] * plan.problem.products.unit_weight_g[plan.product[allocation]]
    pairs, visit = np.unique(np.stack([loads.stop[rows], ends[allocation]], axis=1), axis=0, return_inverse=True)
    return pairs[:, 0], pairs[:, 1], by_row(visit, weight_g, len(pairs))


def synchronisation(plan: Trace) -> Iterator[Violation]:
    """Goods are there before they move on: hauled after collection, delivered after the last inbound is sorted."""
    solution, rhythm = plan.solution, plan.problem.rhythm
    collected_s, inbound_s = plan.collected_at_s(), plan.inbound_at_s()
    allocation, route = solution.loads.allocation, plan.load_route
    hauled = plan.load_phase == Phase.LINE_HAUL
    taken_s = np.where(plan.picked, solution.stops.start_s[solution.loads.stop], solution.routes.depart_s[route])
    early = hauled & (taken_s < collected_s[allocation])
    yield from where(Rule.SYNCHRONISATION, "loads", early, "hauled before it is collected")
    ready_s = inbound_s + rhythm.sort_s
    early = (plan.load_phase == Phase.DELIVERY) & (solution.routes.depart_s[route] < ready_s[allocation])
    yield from where(Rule.SYNCHRONISATION, "loads", early, "delivered before it is sorted")
    posted = solution.parcel[plan.point] & (solution.point_hub[plan.point] != NONE)
    late = posted & (ready_s > rhythm.deliver_until_s)
    yield from where(Rule.SYNCHRONISATION, "allocations", late, "sorted after the carrier has gone")
