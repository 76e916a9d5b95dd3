"""A candidate of a plan: what is chosen, the tours, the goods, and what all of it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from solver.allocation.flow import fixed_prices
from solver.allocation.limits import Limits, first_limits
from solver.allocation.ways import Ways, expected_loads, linked
from solver.cost import consignment_minor
from solver.instance import Floats, Instance
from solver.problem import Ints
from solver.reserves import share_limits
from solver.search.goods import Chosen, Market, Rates, Sold
from solver.search.tours import Tour, TourCosts
from solver.solution import Phase

DUST_KG = 1e-6
"""Less is the rounding of sums."""
FARMS, POINTS = 0, 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A choice with its tours of either kind and its goods."""

    chosen: Chosen
    tours: tuple[tuple[Tour, ...], tuple[Tour, ...]]
    sold: tuple[Sold, ...]
    moved_kg: Floats  # the goods' kilograms together
    minor: float

    def kg(self, kind: int) -> Floats:
        """Kilograms of each farm or point."""
        farms, points = len(self.chosen.farm_hub), len(self.chosen.point_hub)
        return self.moved_kg[:farms] if kind == FARMS else self.moved_kg[farms : farms + points]

    def cold_kg(self) -> Floats:
        """Kilograms of each point that need a cold pack when they go by parcel."""
        farms, points = len(self.chosen.farm_hub), len(self.chosen.point_hub)
        return self.moved_kg[farms + points : farms + 2 * points]

    def link_kg(self) -> Floats:
        """Kilograms from hub to hub."""
        hubs = len(self.chosen.links)
        return self.moved_kg[-hubs * hubs - hubs : -hubs].reshape(hubs, hubs)

    def intake_kg(self) -> Floats:
        """Kilograms that each hub handles."""
        return self.moved_kg[-len(self.chosen.links) :]

    def hub(self, kind: int) -> Ints:
        """The hub of each farm or point."""
        return self.chosen.farm_hub if kind == FARMS else self.chosen.point_hub


class Evaluator:
    """What every candidate of one problem shares; `flows` counts what has been spent on it."""

    def __init__(
        self, instance: Instance, ways: Ways, limits: Limits | None = None,
        loads_kg: tuple[Floats, Floats] | None = None,
    ) -> None:  # fmt: skip
        """`loads_kg` of farms and points are about what each call takes on or puts down: else, what may be expected."""
        problem = instance.problem
        self.instance, self.flows = instance, 0
        limits, prices, caps = limits or first_limits(instance), fixed_prices(instance), share_limits(instance.problem)
        products = np.unique(problem.batches.product[limits.wanted > 0]).tolist()
        self.markets = [Market(instance, prices, limits, caps, product) for product in products]
        self.tour_costs = tuple(
            TourCosts(instance, phase, load_kg)
            for phase, load_kg in zip(
                (Phase.COLLECTION, Phase.DELIVERY), loads_kg or expected_loads(instance), strict=True
            )
        )
        hour = np.array(
            [problem.vehicles.minor_per_hour[rows].min(initial=10**9) for rows in instance.hub_vehicles],
            dtype=np.float64,
        )
        second_kg = problem.farms.service_s_per_tonne, problem.points.service_s_per_tonne
        gate, door = (column[:, None] / 1000 * hour / 3600 for column in second_kg)
        self.rates = Rates(
            np.where(np.isfinite(ways.collect), gate, np.inf), np.where(np.isfinite(ways.truck), door, np.inf),
            ways.parcel, ways.haul, ways.hub,
        )  # fmt: skip
        self.linkable = linked(instance)
        self.room_kg = instance.room_g / 1000
        self._trip_minor, self._trip_kg = self._line_hauls()
        self._room_kg: list[float] = self.room_kg.tolist()
        self._most_kg = np.array([self.room_kg[rows].max(initial=0.0) for rows in instance.hub_vehicles])
        self._memory: dict[tuple[object, ...], Sold] = {}
        self._posted: dict[tuple[int, int, int, int], int] = {}
        self.of = tuple(
            [
                [row for row, market in enumerate(self.markets) if owner in set(getattr(market, name).tolist())]
                for owner in range(count)
            ]
            for name, count in (("farms", len(problem.farms.id)), ("points", len(problem.points.id)))
        )

    def drawn(
        self, chosen: Chosen, tours: tuple[tuple[Tour, ...], tuple[Tour, ...]], base: Candidate | None = None,
        products: Iterable[int] = (),
    ) -> Candidate:  # fmt: skip
        """The candidate of a choice; with `base`, only these products' goods have to be looked at again."""
        if base is None:
            sold = [self._sold(product, chosen) for product in range(len(self.markets))]
            farms, points, hubs = len(chosen.farm_hub), len(chosen.point_hub), len(chosen.links)
            moved_kg = np.zeros(farms + 2 * points + hubs * hubs + hubs)
            for one in sold:
                moved_kg += one.kg
        else:
            sold, moved_kg = list(base.sold), base.moved_kg.copy()
            for product in products:
                now = self._sold(product, chosen)
                moved_kg += now.kg - sold[product].kg
                sold[product] = now
        candidate = Candidate(chosen, tours, tuple(sold), moved_kg, 0.0)
        return replace(candidate, minor=self._minor(candidate))

    def _sold(self, product: int, chosen: Chosen) -> Sold:
        market = self.markets[product]
        key = (
            product, chosen.farm_hub[market.farms].tobytes(), chosen.point_hub[market.points].tobytes(),
            chosen.parcel[market.points].tobytes(), chosen.links.tobytes(),
        )  # fmt: skip
        known = self._memory.get(key)
        if known is None:
            self.flows += 1
            known = self._memory[key] = market.sold(chosen, self.rates)
        return known

    def _minor(self, candidate: Candidate) -> float:
        problem = self.instance.problem
        minor = sum(sold.minor for sold in candidate.sold) + sum(one.minor for part in candidate.tours for one in part)
        intake_kg = candidate.intake_kg()
        used = intake_kg > DUST_KG
        for one in (one for part in candidate.tours for one in part):
            used[problem.vehicles.hub[one.vehicle]] = True
        minor += float(problem.hubs.fixed_minor[used].sum())
        over_kg = float(np.maximum(intake_kg - problem.hubs.throughput_g / 1000, 0).sum())
        for kind, part in enumerate(candidate.tours):
            kg: list[float] = np.minimum(candidate.kg(kind), self._most_kg[candidate.hub(kind)]).tolist()
            over_kg += sum(max(sum(kg[stop] for stop in one.stops) - self._room_kg[one.vehicle], 0.0) for one in part)
        # The price of a full hub moves goods; it is nobody's cost.
        minor -= float(((self.rates.hub - problem.hubs.handling_minor_per_kg) * intake_kg).sum())
        return (
            minor
            + self.instance.overload_minor * over_kg
            + self._links_minor(candidate)
            + self._parcels_minor(candidate)
        )

    def _links_minor(self, candidate: Candidate) -> float:
        link_kg = candidate.link_kg()
        if not link_kg.any():
            return 0.0
        trips = np.ceil(np.triu(np.maximum(link_kg, link_kg.T) - DUST_KG, 1) / self._trip_kg)
        # Trips are whole; the goods paid by the kilogram.
        linked = link_kg > 0
        paid = float((link_kg[linked] * self.rates.haul[linked]).sum())
        driven = trips > 0
        return float((trips[driven] * self._trip_minor[driven]).sum()) - paid

    def _parcels_minor(self, candidate: Candidate) -> float:
        """What parcels really cost beyond the price a kilogram that the flow saw."""
        chosen, minor = candidate.chosen, 0.0
        kg, cold_kg = candidate.kg(POINTS), candidate.cold_kg()
        for point in np.flatnonzero(chosen.parcel & (kg > DUST_KG)).tolist():
            hub = int(chosen.point_hub[point])
            minor += self._parcel_minor(point, hub, round(kg[point] * 1000), round(cold_kg[point] * 1000))
            minor -= float(kg[point] * self.rates.parcel[point, hub])
        return minor

    def _parcel_minor(self, point: int, hub: int, load_g: int, cold_g: int) -> int:
        key = point, hub, load_g, cold_g
        if key not in self._posted:
            metres = int(self.instance.point_legs[0].distance_m[point, hub])
            self._posted[key] = consignment_minor(self.instance.problem.parcels, metres, load_g, cold_g)
        return self._posted[key]

    def _line_hauls(self) -> tuple[Floats, Floats]:
        """A round trip of the cheaper of two hubs' trucks, and what it holds."""
        problem, rhythm = self.instance.problem, self.instance.problem.rhythm
        hubs, (out, back) = len(problem.hubs.id), self.instance.hub_legs
        minor, room_kg = np.full((hubs, hubs), np.inf), np.ones((hubs, hubs))
        vehicles = problem.vehicles
        for home, rows in enumerate(self.instance.hub_vehicles):
            km = (out.distance_m[:, home, None] + back.distance_m[:, home, None]) / 1000
            works_s = out.duration_s[:, home, None] + back.duration_s[:, home, None] + rhythm.haul_handling_s
            toll = out.toll_minor[:, home] + back.toll_minor[:, home]
            trip = km * vehicles.minor_per_km[rows] + works_s / 3600 * vehicles.minor_per_hour[rows] + toll[:, None]
            if not len(rows):
                continue
            room = self.room_kg[rows]
            best = trip.argmin(axis=1)
            cheaper = trip.min(axis=1) < minor[home]
            for hub in np.flatnonzero(cheaper).tolist():
                minor[home, hub] = minor[hub, home] = trip[hub, best[hub]]
                room_kg[home, hub] = room_kg[hub, home] = max(room[best[hub]], 1.0)
        return minor, room_kg
