"""Sketches are ruined and recreated (Schrimpf et al. 2000).

What is ruined is neighbours and whole rounds (Christiaens & Vanden Berghe 2020), hubs, and what hubs exchange; what is
recreated is greedy. A dearer sketch is followed within a shrinking distance of the best (Dueck 1993).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from solver.problem import Ints
from solver.search.board import DUST_KG, FARMS, POINTS, Board, Sketch
from solver.search.goods import Chosen
from solver.search.insert import Insertion
from solver.search.streets import Round
from solver.solution import NONE

MOST_CLOSED = 8
"""Neighbours that are closed together at most."""
SLACK = 0.004
"""At first a sketch may be this much dearer than the best and still be followed; at the end, nothing (Dueck 1993)."""
FLOWS_A_STEP = 12
"""A walk takes a step for so many flows that it may ask for, however many of them it remembers."""
TRIES, GROWN = 4, 1500
"""Beginnings of a start, and flows that each may ask for."""


class Search:
    """Walks from sketch to sketch; every draw of its generator and every flow is repeatable."""

    def __init__(self, board: Board, seed: int, halted: Callable[[], bool]) -> None:
        self.board, self._halted = board, halted
        self._draw = np.random.default_rng(seed)
        self._insertion = Insertion(board)
        self._hubs = range(len(board.ground.problem.hubs.id))
        lots = board.ground.problem.lots
        self._held = np.zeros(len(board.ground.problem.farms.id), dtype=np.bool_)
        self._held[lots.farm[board.ground.at_least > 0]] = True

    def improved(self, sketch: Sketch, flows: int) -> Sketch:
        """The best sketch found while no more than so many flows are spent."""
        moves = [self._thin_out, self._thin_out, self._end_round, self._new_round, self._move_points]
        moves += [self._close_hub, self._link] if len(self._hubs) > 1 else []
        begin = self.board.flows
        best = here = self._tidy(self._refilled(sketch, begin + flows))
        for _ in range(flows // FLOWS_A_STEP):
            spent = (self.board.flows - begin) / max(flows, 1)
            if spent >= 1 or self._halted():
                break
            move = moves[int(self._draw.integers(len(moves)))]
            found = self._tidy(self._refilled(move(here), begin + flows))
            if found.minor < best.minor + abs(best.minor) * SLACK * (1 - spent):
                here = found
            if found.minor < best.minor - 0.5:
                best = found
        return best

    def begun(self, hub: int, *, by_truck: bool) -> Sketch:
        """A start: all points at one hub, and the farms that a first one makes worth it."""
        return self._grown(self._alone(hub, by_truck=by_truck), TRIES)

    def _alone(self, hub: int, *, by_truck: bool) -> Sketch:
        problem, board = self.board.ground.problem, self.board
        farms, points = len(problem.farms.id), len(problem.points.id)
        parcel = np.isfinite(board.rates.parcel[:, hub])
        reached = np.isfinite(board.rates.door[:, hub])
        by_parcel = parcel & ~(reached & by_truck)
        kg = np.zeros(points)
        rounds: list[Round] = []
        point_hub = np.where(by_parcel, hub, NONE)
        for point in np.flatnonzero(reached & by_truck).tolist():
            found = self._insertion.placed(rounds, POINTS, point, hub, kg)
            if found is not None:
                rounds, point_hub[point] = found[0], hub
        nobody = np.full(farms, NONE)
        links = np.eye(len(problem.hubs.id), dtype=np.bool_)
        return board.drawn(Chosen(nobody, point_hub, by_parcel, links), ((), tuple(rounds)))

    def _grown(self, sketch: Sketch, tries: int) -> Sketch:
        """The best of some beginnings with one farm each, even where none pays yet."""
        best: Sketch | None = None
        for _ in range(tries):
            most_flows = self.board.flows + GROWN
            found = self._insertion.filled(self._new_round(sketch), FARMS, self._open_hubs(sketch), most_flows)
            if found.rounds[FARMS] and (best is None or found.minor < best.minor):
                best = found
        return best or sketch

    def _refilled(self, sketch: Sketch, most_flows: int) -> Sketch:
        sketch = self._insertion.filled(sketch, FARMS, self._open_hubs(sketch), most_flows)
        return self._insertion.filled(sketch, POINTS, self._open_hubs(sketch), most_flows)

    def _open_hubs(self, sketch: Sketch) -> list[int]:
        """Hubs where something is, and one more."""
        hubs = np.union1d(sketch.chosen.farm_hub, sketch.chosen.point_hub)
        return sorted({*hubs[hubs != NONE].tolist(), int(self._draw.integers(len(self._hubs)))})

    def _tidy(self, sketch: Sketch) -> Sketch:
        """Nobody is visited for nothing."""
        for kind in (FARMS, POINTS):
            visited = np.zeros(len(sketch.hub(kind)), dtype=np.bool_)
            visited[[stop for one in sketch.rounds[kind] for stop in one.stops]] = True
            idle = np.flatnonzero(visited & (sketch.kg(kind) <= DUST_KG))
            if len(idle):
                sketch = self._insertion.closed(sketch, kind, idle)
        return sketch

    def _closed(self, sketch: Sketch, kind: int, owners: Ints) -> Sketch:
        if kind == FARMS:
            owners = owners[~self._held[owners]]
        self._insertion.forget(kind, owners)
        owners = owners[sketch.hub(kind)[owners] != NONE]
        return self._insertion.closed(sketch, kind, owners) if len(owners) else sketch

    def _thin_out(self, sketch: Sketch) -> Sketch:
        """Some neighbours of one farm close, and whoever gains most may open."""
        farm = int(self._draw.integers(len(self._held)))
        near = self.board.streets[FARMS].near(farm, int(self._draw.integers(1, MOST_CLOSED + 1)) * 2)
        return self._closed(sketch, FARMS, near)

    def _end_round(self, sketch: Sketch) -> Sketch:
        kind = int(self._draw.integers(2))
        rounds = sketch.rounds[kind]
        if not rounds:
            return sketch
        return self._closed(sketch, kind, np.array(rounds[int(self._draw.integers(len(rounds)))].stops))

    def _new_round(self, sketch: Sketch) -> Sketch:
        """A truck goes to a farm that is not worth it alone: its neighbours may make it so."""
        waiting = np.flatnonzero(sketch.chosen.farm_hub == NONE)
        hubs = [hub for hub in self._open_hubs(sketch) if self._insertion.free(sketch.rounds[FARMS], hub)]
        if not len(waiting) or not hubs:
            return sketch
        worth = self._insertion.potential[FARMS][waiting] + 1.0
        farm = int(self._draw.choice(waiting, p=worth / worth.sum()))
        hub = hubs[int(self._draw.integers(len(hubs)))]
        near = self.board.streets[FARMS].near(farm, 3 * MOST_CLOSED)
        self._insertion.forget(FARMS, near)
        return self._begun(sketch, farm, hub)

    def _begun(self, sketch: Sketch, farm: int, hub: int) -> Sketch:
        vehicle = self._insertion.free(sketch.rounds[FARMS], hub)[-1]
        one = self.board.streets[FARMS].round(vehicle, (farm,))
        if one is None or not np.isfinite(self.board.rates.gate[farm, hub]):
            return sketch
        farm_hub = sketch.chosen.farm_hub.copy()
        farm_hub[farm] = hub
        rounds = ((*sketch.rounds[FARMS], one), sketch.rounds[POINTS])
        return self.board.drawn(replace(sketch.chosen, farm_hub=farm_hub), rounds, sketch, self.board.of[FARMS][farm])

    def _move_points(self, sketch: Sketch) -> Sketch:
        """Some neighbouring points look for another hub or another way."""
        point = int(self._draw.integers(len(sketch.chosen.point_hub)))
        near = self.board.streets[POINTS].near(point, int(self._draw.integers(1, 5)))
        left = self._closed(sketch, POINTS, near)
        return self._insertion.filled(left, POINTS, list(self._hubs), self.board.flows + 60)

    def _close_hub(self, sketch: Sketch) -> Sketch:
        hubs = self._open_hubs(sketch)
        hub = hubs[int(self._draw.integers(len(hubs)))]
        others = [other for other in hubs if other != hub]
        if not others:
            return sketch
        for kind in (POINTS, FARMS):
            sketch = self._closed(sketch, kind, np.flatnonzero(sketch.hub(kind) == hub))
            sketch = self._insertion.filled(sketch, kind, others, self.board.flows + 200)
        return sketch

    def _link(self, sketch: Sketch) -> Sketch:
        """Two hubs begin or cease to exchange goods."""
        out, into = np.nonzero(np.triu(self.board.linkable, 1))
        if not len(out):
            return sketch
        pair = int(self._draw.integers(len(out)))
        links = sketch.chosen.links.copy()
        links[out[pair], into[pair]] = links[into[pair], out[pair]] = not links[out[pair], into[pair]]
        return self.board.drawn(replace(sketch.chosen, links=links), sketch.rounds, sketch, range(len(sketch.sold)))
