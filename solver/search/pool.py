"""Which tours to drive and how much to buy, decided in one CP-SAT model over a pool of tours.

Set packing over heuristic routes (Foster & Ryan 1976; Subramanian, Uchoa & Ochi 2013) with the purchase beside it, as
in the travelling purchaser problem with several vehicles (Manerba, Mansini & Riera-Ledesma 2017): a tour makes its
farms' lots available, its truck bounds what comes along, and every hub gets what it gets now of each product, as good
and as fresh. What leaves the hubs stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from solver.problem import Ints
from solver.search.candidates import FARMS, Candidate, Evaluator
from solver.search.goods import Market
from solver.search.tours import Tour
from solver.search.worth import Worth, cost_of, gains
from solver.solution import NONE

MOST_TOURS = 1000
"""In one model: those with the most worth beyond their cost."""
EFFORT = 0.005
"""Deterministic seconds of CP-SAT for a model, of each iteration of the budget."""
FINE = 1000
"""Parts of a minor unit in which a base unit's price is whole."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Tours to farms, and what is bought of each lot of the problem."""

    tours: tuple[Tour, ...]
    bought: Ints


STEPS = 10_000
"""In which the cost of the tours driven now is counted."""


class Pool:
    """The cheapest order of each set of stops for each kind of vehicle."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._kind = _kinds(evaluator)
        self._tours: dict[tuple[int, frozenset[int]], Tour] = {}

    def add(self, tours: Sequence[Tour]) -> None:
        """Remember these."""
        for one in tours:
            known = self._tours.get(self._key(one))
            if known is None or one.minor < known.minor:
                self._tours[self._key(one)] = one

    def chosen(self, candidate: Candidate, sent: Ints, worth: Worth, iterations: int, left_s: float) -> Loaded | None:
        """The best choice found over the pool, the candidate's own tours and what its lots have `sent` among them.

        So many `iterations` decide how far it is searched; after `left_s` wall seconds it only ends.
        """
        self.add(candidate.tours[FARMS])
        tours = [self._tours[self._key(one)] for one in candidate.tours[FARMS]]
        model = _Model(self._evaluator, candidate, sent, [*tours, *self._hopeful(worth, set(tours))], self._kind)
        found = model.solved(len(tours), EFFORT * iterations, left_s)
        return found and replace(found, tours=self._apart(found.tours))

    def _hopeful(self, worth: Worth, but: set[Tour]) -> list[Tour]:
        """The others, those first that bring most beyond their cost at these prices."""
        problem = self._evaluator.instance.problem
        earned = np.zeros((len(problem.farms.id), len(problem.hubs.id)))
        for hub in range(len(problem.hubs.id)):
            for lot, _, minor in gains(self._evaluator, worth, hub):
                np.add.at(earned[:, hub], problem.lots.farm[lot], minor)
        home, fixed = problem.vehicles.hub, problem.vehicles.fixed_minor
        others = sorted(
            (one for one in self._tours.values() if one not in but), key=lambda one: (one.vehicle, one.stops)
        )
        lost = [
            one.minor - float(fixed[one.vehicle]) - float(earned[list(one.stops), home[one.vehicle]].sum())
            for one in others
        ]
        return [others[row] for row in np.argsort(np.array(lost), kind="stable")[:MOST_TOURS].tolist()]

    def _apart(self, tours: Sequence[Tour]) -> tuple[Tour, ...]:
        """Each with a vehicle of its own, of its kind."""
        free: dict[int, list[int]] = {}
        for vehicle, kind in enumerate(self._kind.tolist()):
            free.setdefault(kind, []).append(vehicle)
        return tuple(replace(one, vehicle=free[int(self._kind[one.vehicle])].pop(0)) for one in tours)

    def _key(self, one: Tour) -> tuple[int, frozenset[int]]:
        return int(self._kind[one.vehicle]), frozenset(one.stops)


def with_tours(evaluator: Evaluator, candidate: Candidate, tours: Sequence[Tour]) -> Candidate:
    """The candidate with other tours to farms: who is on none of them is left out."""
    farm_hub = np.full(len(candidate.chosen.farm_hub), NONE)
    for one in tours:
        farm_hub[list(one.stops)] = evaluator.instance.problem.vehicles.hub[one.vehicle]
    chosen = replace(candidate.chosen, farm_hub=farm_hub)
    return evaluator.drawn(chosen, (tuple(tours), candidate.tours[1]))


class _Model:
    """The tours first in order are those of the candidate; the model's hint is all of it."""

    def __init__(
        self, evaluator: Evaluator, candidate: Candidate, sent: Ints, tours: Sequence[Tour], kind: Ints
    ) -> None:
        self._evaluator, self._candidate, self._sent, self._tours, self._kind = evaluator, candidate, sent, tours, kind
        self._model = cp_model.CpModel()
        self._driven = [self._model.new_bool_var("") for _ in tours]
        self._cost: list[tuple[int, cp_model.IntVar, int]] = []  # of one, amount, its most
        self._amount: list[tuple[int, cp_model.IntVar]] = []  # of each lot, at one hub or several
        self._loads: list[list[tuple[int, int, cp_model.IntVar]]] = [[] for _ in tours]  # most, grams, quantity
        home = evaluator.instance.problem.vehicles.hub
        self._calling: dict[tuple[int, int], list[int]] = {}  # tours of farm and hub
        for row, one in enumerate(tours):
            for stop in one.stops:
                self._calling.setdefault((stop, int(home[one.vehicle])), []).append(row)

    def solved(self, now: int, effort: float, left_s: float) -> Loaded | None:
        """The best choice found, when the first `now` tours are driven already; None without any."""
        self._drive(now)
        for market in self._evaluator.markets:
            self._buy(market)
        self._load()
        self._model.minimize(self._counted(sum(one.minor for one in self._tours[:now])))
        search = cp_model.CpSolver()
        search.parameters.num_workers = 1
        search.parameters.max_deterministic_time = effort
        search.parameters.max_time_in_seconds = left_s
        if search.solve(self._model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        bought = np.zeros_like(self._sent)
        for lot, quantity in self._amount:
            bought[lot] += search.value(quantity)
        driven = (one for one, variable in zip(self._tours, self._driven, strict=True) if search.value(variable))
        return Loaded(tuple(driven), bought)

    def _counted(self, now_minor: float) -> cp_model.IntVar:
        """All costs in steps: in grams and thousandths CP-SAT would raise its bound gram by gram for ever."""
        step = max(round(now_minor * FINE / STEPS), 1)
        most = sum(minor * most for minor, _, most in self._cost)
        steps = self._model.new_int_var(0, -(-most // step), "")
        self._model.add(step * steps >= sum(minor * amount for minor, amount, _ in self._cost))
        return steps

    def _drive(self, now: int) -> None:
        """Each farm is called at once at most, and each vehicle drives once."""
        called: dict[int, list[cp_model.IntVar]] = {}
        kinds: dict[int, list[cp_model.IntVar]] = {}
        for row, (one, driven) in enumerate(zip(self._tours, self._driven, strict=True)):
            self._cost.append((round(one.minor * FINE), driven, 1))
            self._model.add_hint(driven, row < now)
            kinds.setdefault(int(self._kind[one.vehicle]), []).append(driven)
            for stop in one.stops:
                called.setdefault(stop, []).append(driven)
        for tours in called.values():
            self._model.add_at_most_one(tours)
        for kind, tours in kinds.items():
            self._model.add(sum(tours) <= int((self._kind == kind).sum()))

    def _buy(self, market: Market) -> None:
        """Of one product each hub gets what it gets now, of every kind as much that is as good."""
        source, cost = self._candidate.chosen.farm_hub[market.farm], cost_of(market, self._evaluator.rates)
        now = np.where(source != NONE, np.minimum(self._sent[market.lots], market.most), 0)
        least = np.minimum(self._evaluator.instance.at_least[market.lots], now)
        for hub in np.unique(source[now > 0]).tolist():
            held = np.where(source == hub, now, 0)
            amount: dict[int, cp_model.IntVar] = {}
            for row in np.flatnonzero(np.isfinite(cost[:, hub])).tolist():
                tours = self._calling.get((int(market.farm[row]), hub), ())
                if tours:
                    amount[row] = self._bought(market, row, tours, int(held[row]), int(least[row] if held[row] else 0))
                    self._cost.append((round(cost[row, hub] * FINE / 1000), amount[row], int(market.most[row])))
            for good in market.as_good:
                needed = int(held[good].sum())
                if needed:
                    self._model.add(sum(amount[row] for row in amount if good[row]) >= needed)

    def _bought(self, market: Market, row: int, tours: Sequence[int], now: int, least: int) -> cp_model.IntVar:
        """What is bought of a lot at a hub, in whole packs: nothing unless one of these tours is driven."""
        lots, lot = self._evaluator.instance.problem.lots, int(market.lots[row])
        # A promise may be no whole number of packs.
        pack, minimum = (1, 0) if least else (int(lots.pack[lot]), int(lots.minimum[lot]))
        most = int(min(market.most[row], market.wanted.sum()))
        quantity = self._model.new_int_var(least, most, "")
        self._model.add_hint(quantity, now)
        if pack > 1:
            packs = self._model.new_int_var(0, most // pack, "")
            self._model.add_hint(packs, now // pack)
            self._model.add(quantity == pack * packs)
        called = sum(self._driven[tour] for tour in tours)
        if minimum > pack:
            taken = self._model.new_bool_var("")
            self._model.add_hint(taken, now > 0)
            self._model.add(taken <= called)
            self._model.add(quantity >= minimum * taken)
            called = taken
        self._model.add(quantity <= most * called)
        self._amount.append((lot, quantity))
        for tour in tours:
            self._loads[tour].append((most, int(market.weight), quantity))
        return quantity

    def _load(self) -> None:
        """A tour whose farms hold more than its truck takes leaves some of it."""
        for one, driven, loads in zip(self._tours, self._driven, self._loads, strict=True):
            room_g = int(self._evaluator.instance.room_g[one.vehicle])
            most_g = sum(most * grams for most, grams, _ in loads)
            if most_g > room_g:
                load = sum(grams * quantity for _, grams, quantity in loads)
                self._model.add(load + (most_g - room_g) * driven <= most_g)


def _kinds(evaluator: Evaluator) -> Ints:
    """Vehicles that a candidate cannot tell apart have one number."""
    vehicles = evaluator.instance.problem.vehicles
    columns = (
        vehicles.hub, vehicles.weight_g, vehicles.crates, vehicles.volume_ml, vehicles.cold, vehicles.fixed_minor,
        vehicles.minor_per_km, vehicles.minor_per_hour, vehicles.shift_s,
    )  # fmt: skip
    kinds: Ints = np.unique(np.stack(columns), axis=1, return_inverse=True)[1].ravel().astype(np.int64)
    return kinds
