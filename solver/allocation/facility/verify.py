"""Independent checker of facility location: prices the flows from the file's numbers and imports no optimiser."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from solver.instances.orlib import FacilityProblem


@dataclass(frozen=True)
class Flow:
    """So much of a customer's demand from a facility, both numbered from 0."""

    facility: int
    customer: int
    quantity: int


@dataclass(frozen=True)
class Verdict:
    """What opening and transport cost, and every rule the flows break."""

    cost: float
    opened: tuple[int, ...]
    violations: tuple[str, ...]


def verify_flows(problem: FacilityProblem, flows: Sequence[Flow]) -> Verdict:
    """Every customer's whole demand, no facility beyond its capacity; a facility that sends is open."""
    facilities, customers = len(problem.capacity), len(problem.demand)
    sent, received = [0] * facilities, [0] * customers
    costs, broken = [], []
    for flow in flows:
        known = 0 <= flow.facility < facilities and 0 <= flow.customer < customers
        if not known or flow.quantity <= 0:
            broken.append(f"facility {flow.facility + 1} to customer {flow.customer + 1}: {flow.quantity}")
            continue
        sent[flow.facility] += flow.quantity
        received[flow.customer] += flow.quantity
        whole = float(problem.cost[flow.facility, flow.customer])
        costs.append(whole * flow.quantity / int(problem.demand[flow.customer]) if problem.demand[flow.customer] else 0)
    for facility, quantity in enumerate(sent):
        if quantity > problem.capacity[facility]:
            broken.append(f"facility {facility + 1}: sends {quantity} of {problem.capacity[facility]}")
    for customer, quantity in enumerate(received):
        if quantity != problem.demand[customer]:
            broken.append(f"customer {customer + 1}: receives {quantity} of {problem.demand[customer]}")
    opened = tuple(facility for facility, quantity in enumerate(sent) if quantity)
    costs += [float(problem.opening[facility]) for facility in opened]
    return Verdict(math.fsum(costs), opened, tuple(broken))
