"""Plans from sketches: which farms, points, hubs and rounds are worth it, searched from several starts."""

from __future__ import annotations

from dataclasses import replace

from solver.allocation.limits import first_limits
from solver.allocation.ways import Ways
from solver.best import Best
from solver.joint import Planned, Workshop, nobody_refused
from solver.params import Params
from solver.routing.transport import Budget
from solver.search.board import Board, Sketch
from solver.search.moves import Search
from solver.search.plans import known_of, limits_of, sketch_of, ways_of

FLOWS = 12
"""Product flows that one walk may ask for, of each iteration of the routing."""
MOST_OWNERS = 600
"""With more farms or points a walk of this length changes nothing any more: flows and measured prices decide."""
HOPEFUL = 1.2
"""A start this much dearer than the plan at hand is not followed."""
KEPT, TURNS = 2, 2
"""Starts that become plans, and further walks from the best plan of all."""


def search_sketches(shop: Workshop, ways: Ways, params: Params, best: Best) -> None:
    """Offer the plans of the best sketches found from the plan at hand and from every hub alone.

    `ways` are the ways before any route was known: what nobody takes now is as open as ever.
    """
    ground, shards = shop.ground, shop.shards
    if max(len(ground.problem.farms.id), len(ground.problem.points.id)) > MOST_OWNERS or shards.halted():
        return
    board = Board(ground, shop.allocator.priced(ways, first_limits(ground)))
    search = Search(board, params.seed, shards.halted)
    flows = FLOWS * params.iterations

    def follow(sketch: Sketch) -> None:
        found = search.improved(sketch, flows)
        best.offer("search", built(shop, board, found, ways, Budget(params.iterations, params.seed)))

    for sketch in _starts(board, search, best, flows):
        follow(sketch)
    for _ in range(TURNS):
        if best.planned is None or shards.halted():
            return
        follow(sketch_of(board, best.planned.draft, best.planned.moved))


def built(shop: Workshop, board: Board, sketch: Sketch, ways: Ways, budget: Budget) -> Planned:
    """The plan of a sketch: its hubs and ways, and its rounds to begin with."""
    ground, limits, chosen = shop.ground, first_limits(shop.ground), sketch.chosen
    draft = shop.allocator.fill(
        ways_of(sketch, board, ways),
        limits_of(sketch, ground, limits),
        chosen.farm_hub,
        chosen.point_hub,
        chosen.parcel,
    )
    budget = replace(budget, known=known_of(sketch, ground))
    return shop.carried(draft, budget, ways, limits, nobody_refused(ground))


def _starts(board: Board, search: Search, best: Best, flows: int) -> list[Sketch]:
    """The most hopeful sketches: of the plan at hand, and of each hub alone after a short walk."""
    hubs = range(len(board.ground.problem.hubs.id))
    alone = [search.begun(hub, by_truck=by_truck) for hub in hubs for by_truck in (False, True)]
    plans = [] if best.planned is None else [sketch_of(board, best.planned.draft, best.planned.moved)]
    most = min((sketch.minor for sketch in plans), default=min(sketch.minor for sketch in alone)) * HOPEFUL
    hopeful = [sketch for sketch in alone if sketch.minor <= most]
    # Half as many go twice as far (Jamieson & Talwalkar 2016): a short walk shows who leads nowhere.
    while len(hopeful) > KEPT:
        walked = [search.improved(sketch, flows // len(hopeful)) for sketch in hopeful]
        hopeful = sorted(walked, key=lambda sketch: sketch.minor)[: len(hopeful) // 2]
    return sorted([*hopeful, *plans], key=lambda sketch: sketch.minor)[:KEPT]
