"""Who may send what, and how much, said once more for the judge: lot by lot, in the words of the planning problem.

The search has statements of its own (`solver.eligibility`, `solver.reserves`). A property test holds the two together,
so that a mistake in one of them cannot hide in the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from solver.check.flow import Room, most_through
from solver.problem import Problem

MILLION = 1_000_000
Want = tuple[int, int]
"""The lowest grade that batches ask, and the days of freshness."""


class Entitled:
    """Asked about one problem; works out only what it is asked for."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._served: dict[tuple[int, int | None], int] = {}

    @cached_property
    def most(self) -> list[int]:
        """What each lot may send: no more than offered, than its maximum, than a day's capacity, than a pin allows."""
        lots, pins = self._problem.lots, self._problem.pins
        columns = (lots.offered.tolist(), lots.maximum.tolist(), lots.daily_capacity.tolist())
        most = [min(limits) for limits in zip(*columns, strict=True)]
        for lot, at_most in zip(pins.lot.tolist(), pins.at_most.tolist(), strict=True):
            most[lot] = min(most[lot], at_most)
        return most

    @cached_property
    def worth_sending(self) -> list[int]:
        """What each lot can send at all: ripe, in whole packs, worth a visit; a pin says its own number."""
        lots, pinned = self._problem.lots, set(self._problem.pins.lot.tolist())
        found = []
        rows = zip(lots.pack.tolist(), lots.minimum.tolist(), lots.harvest_day.tolist(), strict=True)
        for lot, (pack, minimum, harvest_day) in enumerate(rows):
            most = self.most[lot]
            if lot not in pinned:
                most -= most % pack
                most = most if most >= minimum else 0
            found.append(most if harvest_day <= 0 else 0)
        return found

    @cached_property
    def lots_of(self) -> dict[int, list[int]]:
        """Lots by product."""
        found: dict[int, list[int]] = {product: [] for product in range(len(self._problem.products.id))}
        for lot, product in enumerate(self._problem.lots.product.tolist()):
            found[product].append(lot)
        return found

    @cached_property
    def wants(self) -> dict[int, dict[Want, int]]:
        """By product, how much is asked of what."""
        batches = self._problem.batches
        found: dict[int, dict[Want, int]] = defaultdict(lambda: defaultdict(int))
        columns = (batches.product, batches.grade, batches.fresh_days, batches.quantity)
        for product, grade, fresh_days, quantity in zip(*(column.tolist() for column in columns), strict=True):
            found[product][grade, fresh_days] += quantity
        return found

    def days_left(self, lot: int) -> int:
        """Days of shelf life that are left when the goods are handed out, waiting included."""
        problem = self._problem
        shelf_days = int(problem.products.shelf_days[problem.lots.product[lot]])
        return shelf_days - (problem.rhythm.hand_out_day - int(problem.lots.harvest_day[lot]))

    def fits(self, lot: int, want: Want) -> bool:
        """Is it ripe on the collection day, of the grade asked or better, and fresh enough; of the same product."""
        lots, (grade, fresh_days) = self._problem.lots, want
        return bool(lots.harvest_day[lot] <= 0 and lots.grade[lot] >= grade and self.days_left(lot) >= fresh_days)

    @cached_property
    def eligible(self) -> set[int]:
        """Lots that may send something to somebody."""
        return {
            lot
            for product, wants in self.wants.items()
            for lot in self.lots_of[product]
            if self.most[lot] > 0 and any(self.fits(lot, want) for want in wants)
        }

    def farms(self, product: int, *, small: bool = False) -> set[int]:
        """Farms, or small farms alone, with an eligible lot of a product."""
        problem = self._problem
        farms = {int(problem.lots.farm[lot]) for lot in self.lots_of[product] if lot in self.eligible}
        return {farm for farm in farms if problem.farms.small[farm]} if small else farms

    def may_sell(self, product: int, farm: int, quantity: int) -> bool:
        """A cap binds where enough farms are eligible, and gives way to promises and to what nobody else could serve.

        So more than the declared part is fair if, with a cap one unit lower, all farms together could serve less.
        """
        policy = self._problem.policy
        if policy.share_cap_ppm >= MILLION or len(self.farms(product)) < policy.share_cap_farms:
            return True
        declared = sum(self.wants[product].values()) * policy.share_cap_ppm // MILLION
        if quantity <= max(declared, self._promised[product, farm]):
            return True
        return self._can_serve(product, quantity - 1) < self._can_serve(product, None)

    def passed_over(self, sent: Sequence[int]) -> Iterator[int]:
        """Lots of small farms with whole packs left, of products of which small farms have less than is reserved."""
        policy, lots = self._problem.policy, self._problem.lots
        for product, wants in self.wants.items():
            farms = self.farms(product, small=True)
            if len(farms) < policy.share_cap_farms:
                continue
            small = [lot for lot in self.lots_of[product] if lot in self.eligible and int(lots.farm[lot]) in farms]
            reserved = sum(wants.values()) * policy.small_floor_ppm // MILLION
            if sum(sent[lot] for lot in small) < min(reserved, sum(self.worth_sending[lot] for lot in small)):
                yield from (lot for lot in small if self.worth_sending[lot] - sent[lot] >= lots.pack[lot])

    @cached_property
    def _promised(self) -> dict[tuple[int, int], int]:
        lots, pins = self._problem.lots, self._problem.pins
        found: dict[tuple[int, int], int] = defaultdict(int)
        for lot, at_least in zip(pins.lot.tolist(), pins.at_least.tolist(), strict=True):
            found[int(lots.product[lot]), int(lots.farm[lot])] += at_least
        return found

    def _can_serve(self, product: int, cap: int | None) -> int:
        """The most that all farms can serve of a product when none sells more than the cap or its promises."""
        if (product, cap) not in self._served:
            room: Room = defaultdict(dict)
            held: dict[int, int] = defaultdict(int)
            for want, quantity in self.wants[product].items():
                room["want", want]["asked"] = quantity
            for lot in self.lots_of[product]:
                farm, most = int(self._problem.lots.farm[lot]), self.worth_sending[lot]
                held[farm] += most
                limit = held[farm] if cap is None else max(cap, self._promised[product, farm])
                room["farms"]["farm", farm] = limit
                room["farm", farm]["lot", lot] = most
                room["lot", lot] = {("want", want): most for want in self.wants[product] if self.fits(lot, want)}
            self._served[product, cap] = most_through(room, "farms", "asked")
        return self._served[product, cap]
