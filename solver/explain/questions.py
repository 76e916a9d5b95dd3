"""One lot's question: at what price, grade or distance it would have sold; by the duals, or by selling again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from solver.allocation.flow import Prices, fixed_prices
from solver.explain.gates import Gates
from solver.explain.market import Asked, Ground, Market
from solver.instance import Instance
from solver.solution import NONE

Told = list[tuple[str, dict[str, int]]]
"""Codes, with the facts that belong to each alone."""
Answer = tuple[int, int] | None
"""The figure at which the lot would just have sold, and how much of it."""
HELD_BACK: Told = [("held-back", {})]
"""What a price does not explain, another rule does: vehicles, throughput, shares, fairness."""


@dataclass(slots=True)
class Question:
    """About one lot of a product's market; `spare` is what it has left."""

    lot: int
    ground: Ground
    market: Market  # of the plan as it is
    calls: Gates
    spare: int
    spent: int = 0  # arcs of all flows so far
    _sold: dict[tuple[int, int], tuple[float, int]] = field(default_factory=dict)
    _same: dict[bytes, float] = field(default_factory=dict)

    def estimated(self) -> Told:
        """What the duals of the plan's market say."""
        if self._stuck:
            return HELD_BACK
        grade, price, metres, finer = self._grade, None, None, None
        margin, room = self._margin(grade), self._room(grade)
        if margin is not None:
            if margin >= 0:
                return HELD_BACK
            _, slope = self.market.next_price(self.lot, self._sent)
            lower = self._ask + int(np.floor(margin / slope))
            price = (lower, room) if lower >= 0 else None
            nearer_m = self._nearer_m(margin, room)
            metres = (nearer_m, room) if nearer_m >= 0 else None
        for better in self._better():
            if finer is None and (self._margin(better) or -1) >= 0:
                finer = better, self._room(better)
        return self._told("estimate", price, metres, finer)

    def verified(self) -> Told:
        """What selling again says: it sells with this one change, and not with a unit more or with the grade below."""
        if self._stuck or self._sells(self._ask, self._grade, self._detour_m):
            return HELD_BACK
        price = metres = finer = None
        facts = {code.partition("-")[0]: facts for code, facts in self.estimated()}
        if self._ask and self._sells(0, self._grade, self._detour_m):
            guess = facts.get("price", {}).get("would_sell_at_minor_per_1000", 0)
            highest = last(lambda ask: self._sells(ask, self._grade, self._detour_m) > 0, self._ask, guess)
            price = highest, self._sells(highest, self._grade, self._detour_m)
        if quantity := self._sells(self._ask, self._grade, 0):
            guess = facts.get("distance", {}).get("would_sell_at_detour_m", 0)
            farthest_m = last(lambda metres: self._sells(self._ask, self._grade, metres) > 0, self._detour_m, guess)
            metres = farthest_m, quantity
        for better in self._better():
            if finer is None and (quantity := self._sells(self._ask, better, self._detour_m)):
                finer = better, quantity
        return self._told("verified", price, metres, finer)

    def _told(self, how: str, price: Answer, metres: Answer, grade: Answer) -> Told:
        told: Told = []
        if price is not None:
            told.append((f"price-{how}", {"would_sell_at_minor_per_1000": price[0], "quantity": price[1]}))
        elif self._room(self._grade):
            told.append(("not-at-any-price", {}))
        if metres is not None:
            found = {"detour_m": self._detour_m, "would_sell_at_detour_m": metres[0], "quantity": metres[1]}
            told.append((f"distance-{how}", found))
        if grade is not None:
            found = {"grade": self._grade, "would_sell_at_grade": grade[0], "quantity": grade[1]}
            told.append((f"grade-{how}", found))
        return told or [("not-asked", {})]

    def _margin(self, grade: int) -> float | None:
        """By how much a thousand more would be worth their price and the visit; None where nobody asks for more."""
        room, worth = self._room(grade), self.market.worth(self.lot, grade)
        if not room or worth is None:
            return None
        visit_minor = self.calls.visit_minor(self._farm, self._detour_m)
        return worth - self.market.next_price(self.lot, self._sent)[0] - visit_minor * 1000 / room

    def _nearer_m(self, margin: float, room: int) -> int:
        """How long the detour could be; below nothing where no detour is short enough, or there is none."""
        drive_minor = float(self.calls.drive_minor[self._farm])
        missing_minor = -margin * room / 1000
        return int(np.floor((1 - missing_minor / drive_minor) * self._detour_m)) if drive_minor else -1

    def _room(self, grade: int) -> int:
        """How much more it could sell if its price were no matter."""
        return max(min(self.spare, self.market.wanted(self.lot, grade) - self._sent), 0)

    def _better(self) -> list[int]:
        """Grades above its own that batches ask."""
        return [grade for grade in self.market.grades(self.lot) if grade > self._grade]

    def _sells(self, ask: int, grade: int, detour_m: int) -> int:
        """How much more it sells at this ask, in this grade and with this detour; nothing where that does not pay."""
        if (ask, grade) not in self._sold:
            self._sold[ask, grade] = self._sale(ask, grade)
        gain_minor, quantity = self._sold[ask, grade]
        return quantity if gain_minor > self.calls.visit_minor(self._farm, detour_m) else 0

    def _sale(self, ask: int, grade: int) -> tuple[float, int]:
        """What it saves, visits aside, that the lot sends more than in the plan, and how much more."""
        lots, sent = self.ground.problem.lots, self._sent
        asks, grades = lots.ask_minor_per_1000.copy(), lots.grade.copy()
        asks[self.lot], grades[self.lot] = ask, grade
        lots = replace(lots, ask_minor_per_1000=asks, grade=grades)
        ground = replace(self.ground, problem=replace(self.ground.problem, lots=lots))
        prices = fixed_prices(Instance(ground.problem))
        more = Market(ground, Asked(self.lot, sent + self._step, sent + self.spare), prices)
        self.spent += more.size
        return self._unchanged(ground, prices) - more.minor, more.sent - sent

    def _unchanged(self, ground: Ground, prices: Prices) -> float:
        """What the goods cost when it sends no more than in the plan.

        Where that is nothing its own price and grade are nobody's, but it may make others of its kind count as dearer.
        """
        others = np.delete(prices.lot, self.lot).tobytes()
        if self._sent or others not in self._same:
            same = Market(ground, Asked(self.lot, 0, self._sent), prices)
            self.spent += same.size
            self._same[others] = same.minor
        return self._same[others]

    @property
    def _stuck(self) -> bool:
        """No truck comes to its farm or could, its farm has its share, or what is left is worth no visit."""
        most = self.ground.caps.get(self._farm, NO_CAP)
        sold = int(self.ground.sent[self.ground.problem.lots.farm == self._farm].sum())
        return self.ground.lot_hub[self.lot] == NONE or self.spare < self._step or sold + self._step > most

    @property
    def _ask(self) -> int:
        return int(self.ground.problem.lots.ask_minor_per_1000[self.lot])

    @property
    def _grade(self) -> int:
        return int(self.ground.problem.lots.grade[self.lot])

    @property
    def _farm(self) -> int:
        return int(self.ground.problem.lots.farm[self.lot])

    @property
    def _detour_m(self) -> int:
        return int(self.calls.detour_m[self._farm])

    @property
    def _sent(self) -> int:
        return int(self.ground.sent[self.lot])

    @property
    def _step(self) -> int:
        """The least that it could send more: a pack, or what is worth a visit."""
        lots = self.ground.problem.lots
        pack, minimum = int(lots.pack[self.lot]), int(lots.minimum[self.lot])
        return max(pack, -(-(minimum - self._sent) // pack) * pack)


NO_CAP = 2**62


def last(holds: Callable[[int], bool], high: int, guess: int) -> int:
    """The number at which it still holds while it does not at the next, where it holds at 0 and not at `high`.

    Looks around the guess in growing steps, then halves.
    """
    low, reach, middle = 0, 1, min(max(guess, 1), high - 1)
    while high - low > 1:
        if holds(middle):
            low, ahead = middle, middle + reach
        else:
            high, ahead = middle, middle - reach
        middle = ahead if low < ahead < high else (low + high) // 2
        reach *= 8
    return low
