"""Allocation and routes of one plan, until the trucks carry all that is allocated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.allocation.choose import Allocator
from solver.allocation.limits import Limits, first_limits, promises
from solver.allocation.reasons import Refused, shortage_reasons
from solver.allocation.standby import standby_lots
from solver.allocation.ways import Ways
from solver.assemble import assemble
from solver.blocked import blocked
from solver.draft import Draft, trimmed
from solver.instance import Instance
from solver.promised import promised_before, trips_before
from solver.routing.transport import Budget, Transport, transport
from solver.shards import Shards
from solver.solution import Solution

BLOCKINGS = 4
"""Rounds in which what the trucks could not carry may be sent by others; after them it is only taken out."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the draft and the trips it came from."""

    solution: Solution
    draft: Draft
    moved: Transport
    ways: Ways
    refused: Refused


def nobody_refused(instance: Instance) -> Refused:
    """Before any trip is planned."""
    farms, points = len(instance.problem.farms.id), len(instance.problem.points.id)
    return Refused(np.zeros(farms, np.bool_), np.zeros(points, np.bool_))


@dataclass(frozen=True, slots=True)
class Planner:
    """What every round of planning needs."""

    instance: Instance
    allocator: Allocator
    shards: Shards

    def plan(self, ways: Ways, limits: Limits, budget: Budget) -> Planned:
        """Allocate and route until the trucks carry all that is allocated."""
        ways = self.allocator.priced(ways, limits)
        draft = self.allocator.draft(ways, limits)
        refused = nobody_refused(self.instance)
        for _ in range(BLOCKINGS):
            moved = self.route(draft, budget)
            if not moved.lost_in_all().any():
                return self.written(draft, moved, ways, refused)
            ways, limits = blocked(self.instance, ways, limits, draft, moved, refused)
            draft = self.allocator.draft(ways, limits)
        return self.carried(draft, budget, ways, limits, refused)

    def carried(self, draft: Draft, budget: Budget, ways: Ways, limits: Limits, refused: Refused) -> Planned:
        """The draft without what the trucks cannot carry."""
        moved = self.route(draft, budget)
        while (lost := moved.lost_in_all()).any():
            blocked(self.instance, ways, limits, draft, moved, refused)
            draft = trimmed(self.instance, draft, lost)
            moved = self.route(draft, budget)
        return self.written(draft, moved, ways, refused)

    def route(self, draft: Draft, budget: Budget) -> Transport:
        """All trips of a draft."""
        return transport(self.instance, draft, budget, self.shards)

    def written(self, draft: Draft, moved: Transport, ways: Ways, refused: Refused) -> Planned:
        """The plan of a draft that loses nothing."""
        draft = replace(draft, parcel=moved.parcel)
        reasons = shortage_reasons(self.instance, draft, ways, refused)
        solution = assemble(self.instance, draft, moved, reasons, standby_lots(self.instance, draft))
        return Planned(solution, draft, moved, ways, refused)

    def kept(self, ways: Ways, seed: int) -> Planned:
        """The promises as the plan before has them: its hubs, its matches and its trips."""
        budget = Budget(0, seed, trips_before(self.instance))
        limits = promises(first_limits(self.instance))
        return self.carried(promised_before(self.instance), budget, ways, limits, nobody_refused(self.instance))

    def again(self, planned: Planned, budget: Budget) -> Planned:
        """The same draft on other routes; the same plan when those carry less."""
        moved = self.route(planned.draft, budget)
        if moved.lost_in_all().any():
            return planned
        return self.written(planned.draft, moved, planned.ways, planned.refused)
