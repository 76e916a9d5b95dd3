"""Plans from candidates: which farms, points, hubs and tours are worth it, searched from several starts."""

from __future__ import annotations

from dataclasses import replace

from solver.allocation.limits import Limits, first_limits
from solver.allocation.ways import Ways
from solver.best import Best
from solver.instance import Instance
from solver.joint import Planned, Planner, nobody_refused
from solver.params import Params
from solver.routing.transport import Budget
from solver.search.candidates import Candidate, Evaluator
from solver.search.moves import Search
from solver.search.plans import candidate_of, known_of, limits_of, ways_of

FLOWS = 12
"""Product flows that one walk may ask for, of each iteration of the routing."""
MOST_OWNERS = 600
"""With more farms or points a walk of this length changes nothing any more: flows and measured prices decide."""
HOPEFUL = 1.2
"""A start this much dearer than the plan at hand is not followed."""
KEPT, TURNS = 2, 2
"""Starts that become plans, and further walks from the best plan of all."""


def search_candidates(planner: Planner, ways: Ways, params: Params, best: Best) -> None:
    """Offer the plans of the best candidates found from the plan at hand and from every hub alone.

    `ways` are the ways before any route was known: what nobody takes now is as open as ever.
    """
    instance, shards = planner.instance, planner.shards
    if not walkable(instance) or shards.halted():
        return
    evaluator = Evaluator(instance, planner.allocator.priced(ways, first_limits(instance)))
    search = Search(evaluator, params.seed, shards.halted)
    flows = FLOWS * params.iterations

    def follow(candidate: Candidate) -> None:
        found = search.improved(candidate, flows)
        best.offer("search", built(planner, evaluator, found, ways, Budget(params.iterations, params.seed)))

    for candidate in _starts(evaluator, search, best, flows):
        follow(candidate)
    for _ in range(TURNS):
        if best.planned is None or shards.halted():
            return
        follow(candidate_of(evaluator, best.planned.draft, best.planned.moved))


def walkable(instance: Instance) -> bool:
    """Whether a walk is worth it: there is somebody to serve, and not too many."""
    owners = len(instance.problem.farms.id), len(instance.problem.points.id)
    return min(owners) > 0 and max(owners) <= MOST_OWNERS


def built(
    planner: Planner, evaluator: Evaluator, candidate: Candidate, ways: Ways, budget: Budget,
    limits: Limits | None = None,
) -> Planned:  # fmt: skip
    """The plan of a candidate: its hubs and ways, and its tours to begin with, unless others are known."""
    instance, limits, chosen = planner.instance, limits or first_limits(planner.instance), candidate.chosen
    draft = planner.allocator.fill(
        ways_of(candidate, evaluator, ways),
        limits_of(candidate, instance, limits),
        chosen.farm_hub,
        chosen.point_hub,
        chosen.parcel,
    )
    budget = replace(budget, known=budget.known or known_of(candidate, instance))
    return planner.carried(draft, budget, ways, limits, nobody_refused(instance))


def _starts(evaluator: Evaluator, search: Search, best: Best, flows: int) -> list[Candidate]:
    """The most hopeful candidates: of the plan at hand, and of each hub alone after a short walk."""
    hubs = range(len(evaluator.instance.problem.hubs.id))
    alone = [search.begun(hub, by_truck=by_truck) for hub in hubs for by_truck in (False, True)]
    plans = [] if best.planned is None else [candidate_of(evaluator, best.planned.draft, best.planned.moved)]
    most = min((candidate.minor for candidate in plans), default=min(candidate.minor for candidate in alone)) * HOPEFUL
    hopeful = [candidate for candidate in alone if candidate.minor <= most]
    # Half as many go twice as far (Jamieson & Talwalkar 2016): a short walk shows who leads nowhere.
    while len(hopeful) > KEPT:
        walked = [search.improved(candidate, flows // len(hopeful)) for candidate in hopeful]
        hopeful = sorted(walked, key=lambda candidate: candidate.minor)[: len(hopeful) // 2]
    return sorted([*hopeful, *plans], key=lambda candidate: candidate.minor)[:KEPT]
