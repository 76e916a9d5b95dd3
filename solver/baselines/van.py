"""A farm's own van, and what its trips add up to."""

from __future__ import annotations

from dataclasses import dataclass

from solver.cost import half_up
from solver.solution import Phase, Solution


@dataclass(frozen=True, slots=True)
class Van:
    """What every farm drives when it drives alone; the shift is that of the plan's drivers."""

    weight_g: int = 900_000
    crates: int = 100
    fixed_minor: int = 0
    minor_per_km: int = 44
    minor_per_hour: int = 2200
    shift_s: int = 36_000

    def holds_g(self, crate_g: int) -> int:
        """Most grams of one trip, in full crates."""
        return min(self.weight_g, self.crates * crate_g)


@dataclass(frozen=True, slots=True)
class Effort:
    """Routes, metres, seconds and money of a way to move the goods; `hub_minor` is what of the money hubs cost.

    `unreachable` farms or points have goods that this way cannot bring, `left_g` in all; nothing is counted for them.
    """

    routes: int = 0
    distance_m: int = 0
    duration_s: int = 0
    money_minor: int = 0
    hub_minor: int = 0
    unreachable: int = 0
    left_g: int = 0

    def __add__(self, other: Effort) -> Effort:
        return Effort(
            self.routes + other.routes,
            self.distance_m + other.distance_m,
            self.duration_s + other.duration_s,
            self.money_minor + other.money_minor,
            self.hub_minor + other.hub_minor,
            self.unreachable + other.unreachable,
            self.left_g + other.left_g,
        )


def trip(van: Van, distance_m: int, duration_s: int, toll_minor: int) -> Effort:
    """One trip of a van."""
    money_minor = half_up(distance_m * van.minor_per_km * 36 + duration_s * van.minor_per_hour * 10, 36_000)
    return Effort(1, distance_m, duration_s, van.fixed_minor + toll_minor + money_minor)


def planned(solution: Solution, *phases: Phase) -> Effort:
    """The plan's own effort in these phases; parcels are money of the delivery."""
    routes, cost = solution.routes, solution.report.cost
    money = {
        Phase.COLLECTION: cost.collection,
        Phase.LINE_HAUL: cost.line_haul,
        Phase.DELIVERY: cost.delivery + cost.parcel,
    }
    effort = Effort()
    for phase in phases:
        rows = routes.phase == phase
        effort += Effort(
            routes=int(rows.sum()),
            distance_m=int(routes.distance_m[rows].sum()),
            duration_s=int((routes.return_s - routes.depart_s)[rows].sum()),
            money_minor=money[phase],
        )
    return effort


def hubs(solution: Solution) -> Effort:
    """What the plan's hubs cost: they are of the chain, but drive nowhere."""
    return Effort(money_minor=solution.report.cost.hub, hub_minor=solution.report.cost.hub)


def saved(ours: Effort, theirs: Effort) -> dict[str, float]:
    """1 - ours / theirs, positive is better; 0 where the baseline needs nothing. `transport` is money without hubs."""
    pairs = {
        "routes": (ours.routes, theirs.routes),
        "distance": (ours.distance_m, theirs.distance_m),
        "duration": (ours.duration_s, theirs.duration_s),
        "money": (ours.money_minor, theirs.money_minor),
        "transport": (ours.money_minor - ours.hub_minor, theirs.money_minor - theirs.hub_minor),
    }
    return {name: 1 - our / their if their else 0.0 for name, (our, their) in pairs.items()}
