"""What physical vehicles do: home, capacity on three axes, cold classes, shifts, no two trips at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.trace import Trace
from solver.check.violation import Rule, Violation, where
from solver.cost import by_row
from solver.problem import Flags, Ints
from solver.solution import Phase


def home(plan: Trace) -> Iterator[Violation]:
    """A vehicle works for its own hub: fetches what comes in there, brings what goes out from there."""
    allocation = plan.solution.loads.allocation
    own = plan.home[plan.load_route]
    near_end = np.where(plan.picked, plan.target[allocation], plan.source[allocation])
    near_end = np.where(plan.load_phase == Phase.COLLECTION, plan.source[allocation], near_end)
    near_end = np.where(plan.load_phase == Phase.DELIVERY, plan.target[allocation], near_end)
    yield from where(Rule.HOME, "loads", near_end != own, "carried by a vehicle of another hub")


def capacity(plan: Trace) -> Iterator[Violation]:
    """At no moment of a trip more grams, millilitres or crates than the vehicle holds."""
    vehicles, vehicle = plan.problem.vehicles, plan.solution.routes.vehicle
    weight_g, volume_ml, crates = stop_sizes(plan)
    for name, size, holds in (
        ("g", weight_g, vehicles.weight_g),
        ("ml", volume_ml, vehicles.volume_ml),
        ("crates", crates, vehicles.crates),
    ):
        peak, most = peak_load(plan, *size), holds[vehicle]
        for row in np.flatnonzero(peak > most).tolist():
            yield Violation(Rule.CAPACITY, "routes", row, f"carries {peak[row]} of {most[row]} {name}")


def stop_sizes(plan: Trace) -> tuple[tuple[Ints, Ints], ...]:
    """Per axis (grams, millilitres, crates) what each stop puts down and what it takes on."""
    problem, loads, stops = plan.problem, plan.solution.loads, len(plan.solution.stops.route)
    product = plan.product[loads.allocation]
    weight = loads.quantity * problem.products.unit_weight_g[product]
    volume = loads.quantity * problem.products.volume_ml_per_1000[product]
    ways = (~plan.picked, plan.picked)
    weight_g = [by_row(loads.stop[way], weight[way], stops) for way in ways]
    volume_ml = [-(-by_row(loads.stop[way], volume[way], stops) // 1000) for way in ways]
    crates = [-(-grams // problem.rhythm.crate_g) for grams in weight_g]
    return tuple((down, on) for down, on in (weight_g, volume_ml, crates))


def peak_load(plan: Trace, put_down: Ints, taken_on: Ints) -> Ints:
    """Largest load of each route: what it starts with, and what it has after each stop."""
    route = plan.solution.stops.route
    start = by_row(route, put_down, len(plan.home))
    change = np.cumsum(taken_on - put_down)
    first = np.searchsorted(route, np.arange(len(plan.home)))
    before = np.where(first > 0, change[first - 1], 0)
    peak = start.copy()
    np.maximum.at(peak, route, start[route] + change - before[route])
    return peak


def cold(plan: Trace) -> Iterator[Violation]:
    """A vehicle carries a cold class that the product tolerates."""
    products, vehicles = plan.problem.products, plan.problem.vehicles
    tolerated = products.cold[plan.product[plan.solution.loads.allocation]]
    carried = vehicles.cold[plan.solution.routes.vehicle[plan.load_route]]
    yield from where(Rule.COLD, "loads", (tolerated & carried) == 0, "the vehicle does not carry its cold class")


def shift(plan: Trace) -> Iterator[Violation]:
    """A vehicle's trips of one phase last no longer than its shift."""
    routes, phases = plan.solution.routes, len(Phase)
    worked_s = by_row(
        routes.vehicle * phases + routes.phase,
        routes.return_s - routes.depart_s,
        len(plan.problem.vehicles.id) * phases,
    )
    over = worked_s > np.repeat(plan.problem.vehicles.shift_s, phases)
    for row in np.flatnonzero(over).tolist():
        vehicle, phase = divmod(row, phases)
        message = f"works {worked_s[row]} s in {Phase(phase).name.lower()}"
        yield Violation(Rule.SHIFT, "vehicles", vehicle, message)


def overlap(plan: Trace) -> Iterator[Violation]:
    """A vehicle is back before it leaves again."""
    routes = plan.solution.routes
    order = np.lexsort([routes.return_s, routes.depart_s, routes.vehicle])
    again = routes.vehicle[order][1:] == routes.vehicle[order][:-1]
    early: Flags = np.zeros(len(order), dtype=np.bool_)
    early[order[1:]] = again & (routes.depart_s[order][1:] < routes.return_s[order][:-1])
    yield from where(Rule.OVERLAP, "routes", early, "leaves before the vehicle's last trip is over")


def holds(plan: Trace) -> Iterator[Violation]:
    """Where a truck calls that is held to a place, it is that truck."""
    table, allocation = plan.problem.holds, plan.solution.loads.allocation
    vehicle = plan.solution.routes.vehicle[plan.load_route]
    for row in range(len(table.phase)):
        ends = plan.farm if table.phase[row] == Phase.COLLECTION else plan.point
        there = (plan.load_phase == table.phase[row]) & (ends[allocation] == table.calls_at[row])
        if (there & (vehicle != table.vehicle[row])).any():
            yield Violation(Rule.HOLDS, "holds", row, "another vehicle calls there")
