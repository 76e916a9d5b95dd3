"""Where goods pass: one hub per farm and point, throughput, and every allocation traced from leg to leg."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.trace import Trace
from solver.check.violation import Rule, Violation, where
from solver.cost import by_row, hub_intake_g, parcel_zone
from solver.problem import Ints
from solver.solution import NONE, Phase


def one_hub(plan: Trace) -> Iterator[Violation]:
    """A farm or point has a hub if and only if something of it moves; what moves has one at both ends."""
    solution = plan.solution
    for name, ends, hub in (("farm_hub", plan.farm, solution.farm_hub), ("point_hub", plan.point, solution.point_hub)):
        moves = np.zeros(len(hub), dtype=np.bool_)
        moves[ends] = True
        yield from where(Rule.ONE_HUB, name, moves & (hub == NONE), "goods move without a hub")
        yield from where(Rule.ONE_HUB, name, ~moves & (hub != NONE), "has a hub, but nothing moves")


def throughput(plan: Trace) -> Iterator[Violation]:
    """No hub handles more than it can."""
    intake_g, most_g = hub_intake_g(plan.problem, plan.solution), plan.problem.hubs.throughput_g
    too_much = intake_g > most_g
    yield from where(Rule.THROUGHPUT, "hubs", too_much, lambda row: f"handles {intake_g[row]} g of {most_g[row]} g")


def collected(plan: Trace) -> Iterator[Violation]:
    """All of an allocation is picked up at its farm."""
    rows = plan.loads_of(Phase.COLLECTION)
    place = plan.problem.farms.place[plan.farm]
    yield from _misplaced(plan, rows, place, Rule.COLLECTED, "picked up elsewhere than at its farm")
    yield from _moved(plan, rows, plan.solution.allocations.quantity, Rule.COLLECTED)


def hauled(plan: Trace) -> Iterator[Violation]:
    """What changes hubs goes all by line haul, from the one to the other; what does not change hubs does not."""
    rows = plan.loads_of(Phase.LINE_HAUL)
    allocation = plan.solution.loads.allocation[rows]
    far_end = np.where(plan.picked[rows], plan.source[allocation], plan.target[allocation])
    wrong = np.zeros(len(plan.load_place), dtype=np.bool_)
    wrong[rows] = plan.load_place[rows] != plan.problem.hubs.place[far_end]
    yield from where(Rule.HAULED, "loads", wrong, "the stop is not at the hub where the goods belong")
    crossing = plan.source != plan.target
    yield from _moved(plan, rows, np.where(crossing, plan.solution.allocations.quantity, 0), Rule.HAULED)


def delivered(plan: Trace) -> Iterator[Violation]:
    """All of an allocation is put down at its point, unless it goes by parcel."""
    rows = plan.loads_of(Phase.DELIVERY)
    place = plan.problem.points.place[plan.point]
    yield from _misplaced(plan, rows, place, Rule.DELIVERED, "put down elsewhere than at its point")
    by_truck = ~plan.solution.parcel[plan.point]
    yield from _moved(plan, rows, np.where(by_truck, plan.solution.allocations.quantity, 0), Rule.DELIVERED)
    refuses = np.zeros(len(plan.problem.points.id), dtype=np.bool_)
    refuses[plan.point[by_truck]] = True
    refuses &= ~plan.problem.points.by_truck
    yield from where(Rule.DELIVERED, "points", refuses, "no truck may come here")


def _misplaced(plan: Trace, rows: Ints, place: Ints, rule: Rule, message: str) -> Iterator[Violation]:
    wrong = np.zeros(len(plan.load_place), dtype=np.bool_)
    wrong[rows] = plan.load_place[rows] != place[plan.solution.loads.allocation[rows]]
    yield from where(rule, "loads", wrong, message)


def _moved(plan: Trace, rows: Ints, due: Ints, rule: Rule) -> Iterator[Violation]:
    loads = plan.solution.loads
    moved = by_row(loads.allocation[rows], loads.quantity[rows], len(due))
    yield from where(rule, "allocations", moved != due, lambda row: f"{moved[row]} moved of {due[row]}")


def parcels(plan: Trace) -> Iterator[Violation]:
    """Only where they are allowed, within reach, for cold classes that may be posted."""
    problem, solution = plan.problem, plan.solution
    idle = solution.parcel & (solution.point_hub == NONE)
    yield from where(Rule.PARCELS, "parcel", idle, "posted, but nothing is sent")
    refused = solution.parcel & ~problem.points.by_parcel
    yield from where(Rule.PARCELS, "parcel", refused, "no parcels to this point")
    posted = solution.parcel[plan.point]
    too_cold = posted & ((problem.products.cold[plan.product] & problem.parcels.cold) == 0)
    yield from where(Rule.PARCELS, "allocations", too_cold, "its cold class may not be posted")
    rows = np.flatnonzero(solution.parcel & (solution.point_hub != NONE))
    hub_place = problem.hubs.place[solution.point_hub[rows]]
    distance_m = plan.roads.legs(hub_place, problem.points.place[rows]).distance_m
    far = np.zeros(len(solution.parcel), dtype=np.bool_)
    far[rows] = [parcel_zone(problem.parcels, metres) >= len(problem.parcels.price_minor) for metres in distance_m]
    yield from where(Rule.PARCELS, "parcel", far, "beyond the last zone")
