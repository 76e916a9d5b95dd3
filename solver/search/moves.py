"""Sketches are ruined and recreated (Schrimpf et al. 2000).

What is ruined is neighbours and whole tours (Christiaens & Vanden Berghe 2020), hubs, and what hubs exchange; what is
recreated is greedy. A dearer candidate is followed within a shrinking distance of the best (Dueck 1993).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from solver.problem import Ints
from solver.search.candidates import DUST_KG, FARMS, POINTS, Candidate, Evaluator
from solver.search.goods import Chosen
from solver.search.insert import Insertion
from solver.search.tours import Tour
from solver.solution import NONE

MOST_CLOSED = 8
"""Neighbours that are closed together at most."""
SLACK = 0.004
"""At first one may be this much dearer than the best and still be followed; in the end nothing (Dueck 1993)."""
FLOWS_A_STEP = 12
"""A walk takes a step for so many flows that it may ask for, however many of them it remembers."""
TRIES, GROWN = 4, 1500
"""Beginnings of a start, and flows that each may ask for."""


class Search:
    """Walks from candidate to candidate; every draw of its generator and every flow is repeatable."""

    def __init__(self, evaluator: Evaluator, seed: int, halted: Callable[[], bool]) -> None:
        self.evaluator, self._halted = evaluator, halted
        self._draw = np.random.default_rng(seed)
        self._insertion = Insertion(evaluator)
        self._hubs = range(len(evaluator.instance.problem.hubs.id))
        lots = evaluator.instance.problem.lots
        self._held = np.zeros(len(evaluator.instance.problem.farms.id), dtype=np.bool_)
        self._held[lots.farm[evaluator.instance.at_least > 0]] = True

    def improved(self, candidate: Candidate, flows: int) -> Candidate:
        """The best candidate found while no more than so many flows are spent."""
        moves = [self._thin_out, self._thin_out, self._end_round, self._new_round, self._move_points]
        moves += [self._close_hub, self._link] if len(self._hubs) > 1 else []
        return self._walked(candidate, flows, moves)

    def mended(self, candidate: Candidate, flows: int) -> Candidate:
        """The best candidate found around one whose farms are promised: some come and go, everybody else stays."""
        return self._walked(candidate, flows, [self._thin_out, self._thin_out, self._new_round])

    def _walked(self, candidate: Candidate, flows: int, moves: Sequence[Callable[[Candidate], Candidate]]) -> Candidate:
        begin = self.evaluator.flows
        best = here = self._tidy(self._refilled(candidate, begin + flows))
        for _ in range(flows // FLOWS_A_STEP):
            spent = (self.evaluator.flows - begin) / max(flows, 1)
            if spent >= 1 or self._halted():
                break
            move = moves[int(self._draw.integers(len(moves)))]
            found = self._tidy(self._refilled(move(here), begin + flows))
            if found.minor < best.minor + abs(best.minor) * SLACK * (1 - spent):
                here = found
            if found.minor < best.minor - 0.5:
                best = found
        return best

    def begun(self, hub: int, *, by_truck: bool) -> Candidate:
        """A start: all points at one hub, and the farms that a first one makes worth it."""
        return self._grown(self._alone(hub, by_truck=by_truck), TRIES)

    def _alone(self, hub: int, *, by_truck: bool) -> Candidate:
        problem, evaluator = self.evaluator.instance.problem, self.evaluator
        farms, points = len(problem.farms.id), len(problem.points.id)
        parcel = np.isfinite(evaluator.rates.parcel[:, hub])
        reached = np.isfinite(evaluator.rates.door[:, hub])
        by_parcel = parcel & ~(reached & by_truck)
        kg = np.zeros(points)
        tours: list[Tour] = []
        point_hub = np.where(by_parcel, hub, NONE)
        for point in np.flatnonzero(reached & by_truck).tolist():
            found = self._insertion.placed(tours, POINTS, point, hub, kg)
            if found is not None:
                tours, point_hub[point] = found[0], hub
        nobody = np.full(farms, NONE)
        links = np.eye(len(problem.hubs.id), dtype=np.bool_)
        return evaluator.drawn(Chosen(nobody, point_hub, by_parcel, links), ((), tuple(tours)))

    def _grown(self, candidate: Candidate, tries: int) -> Candidate:
        """The best of some beginnings with one farm each, even where none pays yet."""
        best: Candidate | None = None
        for _ in range(tries):
            most_flows = self.evaluator.flows + GROWN
            found = self._insertion.filled(self._new_round(candidate), FARMS, self._open_hubs(candidate), most_flows)
            if found.tours[FARMS] and (best is None or found.minor < best.minor):
                best = found
        return best or candidate

    def _refilled(self, candidate: Candidate, most_flows: int) -> Candidate:
        candidate = self._insertion.filled(candidate, FARMS, self._open_hubs(candidate), most_flows)
        return self._insertion.filled(candidate, POINTS, self._open_hubs(candidate), most_flows)

    def _open_hubs(self, candidate: Candidate) -> list[int]:
        """Hubs where something is, and one more."""
        hubs = np.union1d(candidate.chosen.farm_hub, candidate.chosen.point_hub)
        return sorted({*hubs[hubs != NONE].tolist(), int(self._draw.integers(len(self._hubs)))})

    def _tidy(self, candidate: Candidate) -> Candidate:
        """Nobody is visited for nothing."""
        for kind in (FARMS, POINTS):
            visited = np.zeros(len(candidate.hub(kind)), dtype=np.bool_)
            visited[[stop for one in candidate.tours[kind] for stop in one.stops]] = True
            idle = np.flatnonzero(visited & (candidate.kg(kind) <= DUST_KG))
            if len(idle):
                candidate = self._insertion.closed(candidate, kind, idle)
        return candidate

    def _closed(self, candidate: Candidate, kind: int, owners: Ints) -> Candidate:
        if kind == FARMS:
            owners = owners[~self._held[owners]]
        self._insertion.forget(kind, owners)
        owners = owners[candidate.hub(kind)[owners] != NONE]
        return self._insertion.closed(candidate, kind, owners) if len(owners) else candidate

    def _thin_out(self, candidate: Candidate) -> Candidate:
        """Some neighbours of one farm close, and whoever gains most may open."""
        farm = int(self._draw.integers(len(self._held)))
        near = self.evaluator.tour_costs[FARMS].near(farm, int(self._draw.integers(1, MOST_CLOSED + 1)) * 2)
        return self._closed(candidate, FARMS, near)

    def _end_round(self, candidate: Candidate) -> Candidate:
        kind = int(self._draw.integers(2))
        tours = candidate.tours[kind]
        if not tours:
            return candidate
        return self._closed(candidate, kind, np.array(tours[int(self._draw.integers(len(tours)))].stops))

    def _new_round(self, candidate: Candidate) -> Candidate:
        """A truck goes to a farm that is not worth it alone: its neighbours may make it so."""
        waiting = np.flatnonzero(candidate.chosen.farm_hub == NONE)
        hubs = [hub for hub in self._open_hubs(candidate) if self._insertion.free(candidate.tours[FARMS], hub)]
        if not len(waiting) or not hubs:
            return candidate
        worth = self._insertion.potential[FARMS][waiting] + 1.0
        farm = int(self._draw.choice(waiting, p=worth / worth.sum()))
        hub = hubs[int(self._draw.integers(len(hubs)))]
        near = self.evaluator.tour_costs[FARMS].near(farm, 3 * MOST_CLOSED)
        self._insertion.forget(FARMS, near)
        return self._begun(candidate, farm, hub)

    def _begun(self, candidate: Candidate, farm: int, hub: int) -> Candidate:
        vehicle = self._insertion.free(candidate.tours[FARMS], hub)[-1]
        one = self.evaluator.tour_costs[FARMS].tour(vehicle, (farm,))
        if one is None or not np.isfinite(self.evaluator.rates.gate[farm, hub]):
            return candidate
        farm_hub = candidate.chosen.farm_hub.copy()
        farm_hub[farm] = hub
        tours = ((*candidate.tours[FARMS], one), candidate.tours[POINTS])
        return self.evaluator.drawn(
            replace(candidate.chosen, farm_hub=farm_hub), tours, candidate, self.evaluator.of[FARMS][farm]
        )

    def _move_points(self, candidate: Candidate) -> Candidate:
        """Some neighbouring points look for another hub or another way."""
        point = int(self._draw.integers(len(candidate.chosen.point_hub)))
        near = self.evaluator.tour_costs[POINTS].near(point, int(self._draw.integers(1, 5)))
        left = self._closed(candidate, POINTS, near)
        return self._insertion.filled(left, POINTS, list(self._hubs), self.evaluator.flows + 60)

    def _close_hub(self, candidate: Candidate) -> Candidate:
        hubs = self._open_hubs(candidate)
        hub = hubs[int(self._draw.integers(len(hubs)))]
        others = [other for other in hubs if other != hub]
        if not others:
            return candidate
        for kind in (POINTS, FARMS):
            candidate = self._closed(candidate, kind, np.flatnonzero(candidate.hub(kind) == hub))
            candidate = self._insertion.filled(candidate, kind, others, self.evaluator.flows + 200)
        return candidate

    def _link(self, candidate: Candidate) -> Candidate:
        """Two hubs begin or cease to exchange goods."""
        out, into = np.nonzero(np.triu(self.evaluator.linkable, 1))
        if not len(out):
            return candidate
        pair = int(self._draw.integers(len(out)))
        links = candidate.chosen.links.copy()
        links[out[pair], into[pair]] = links[into[pair], out[pair]] = not links[out[pair], into[pair]]
        return self.evaluator.drawn(
            replace(candidate.chosen, links=links), candidate.tours, candidate, range(len(candidate.sold))
        )
