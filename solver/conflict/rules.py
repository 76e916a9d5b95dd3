"""The rules that may keep promises from being kept, each with the problem in which it is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from solver.check.given import MOST_S, PPM
from solver.cost import by_row, lot_most
from solver.problem import AMBIENT, CHILLED, FROZEN, Batches, Hubs, Ints, Problem, Vehicles, ints
from solver.solution import Explanation
from solver.words import sentence

BIG = 10**10
"""More of anything than a region ever has, and small enough that sums stay whole."""
LONG_S = MOST_S // 2
"""A day, a window or a shift that ends so late never ends; a day begun so late would be past the most."""
ALL_COLD = AMBIENT | CHILLED | FROZEN
Dropped = Callable[[Problem], Problem]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a problem demands: whose it is, its stable code, and whole numbers with their unit named."""

    subject: str  # `lot`, `product`, `farm`, `point`, `hub`, `region`, `day`
    id: str
    code: str
    facts: dict[str, int]
    dropped: Dropped = field(compare=False, repr=False)  # the problem without it

    def sentence(self, language: str = "en") -> str:
        """The rule in words, with whose it is."""
        return (
            f"{self.subject} {self.id}: {sentence(Explanation(self.subject, self.id, self.code, self.facts), language)}"
        )


def rules(problem: Problem) -> tuple[Rule, ...]:
    """All that could stand in a promise's way: of the goods, of their farms and takers, of the hubs, of the day.

    A cap on one farm's share and the floors for small farms are none: both give way to promises.
    """
    return (*_promises(problem), *_goods(problem), *_stops(problem), *_hubs(problem), *_day(problem))


def _promises(problem: Problem) -> Iterator[Rule]:
    pins = problem.pins
    for row in np.flatnonzero(pins.at_least > 0).tolist():
        yield Rule(
            "lot",
            str(problem.lots.id[pins.lot[row]]),
            "rule-promise",
            {"at_least": int(pins.at_least[row])},
            _with_cell("pins", "at_least", row, 0),
        )


def _goods(problem: Problem) -> Iterator[Rule]:
    """What promised lots are, and what is asked of their products."""
    lots, batches, most = problem.lots, problem.batches, lot_most(problem)
    owed = _owed(problem)
    for lot in np.flatnonzero(owed).tolist():
        name, asked = str(lots.id[lot]), batches.product == lots.product[lot]
        if owed[lot] > most[lot]:
            yield Rule("lot", name, "rule-holds", {"most": int(most[lot])}, _holding(lot, int(owed[lot])))
        if lots.harvest_day[lot] != 0:
            ripe = _with_cell("lots", "harvest_day", lot, 0)
            yield Rule("lot", name, "rule-harvest", {"harvest_day": int(lots.harvest_day[lot])}, ripe)
        finest = int(batches.grade[asked].max(initial=0))
        if lots.grade[lot] < finest:
            fine = _with_cell("lots", "grade", lot, finest)
            yield Rule("lot", name, "rule-grade", {"grade": int(lots.grade[lot]), "asked_grade": finest}, fine)
    for product in np.unique(lots.product[owed > 0]).tolist() if len(problem.points.id) else ():
        name, promised = str(problem.products.id[product]), int(owed[lots.product == product].sum())
        asked_quantity = int(batches.quantity[batches.product == product].sum())
        yield Rule("product", name, "rule-demand", {"asked": asked_quantity}, _asking(product, promised))
        shelf = {"shelf_days": int(problem.products.shelf_days[product])}
        yield Rule("product", name, "rule-shelf", shelf, _with_cell("products", "shelf_days", product, 10_000))


def _stops(problem: Problem) -> Iterator[Rule]:
    """When the farms that promised and the points that ask for such goods are open, and who lets trucks come."""
    owed, batches = _owed(problem), problem.batches
    products = np.unique(problem.lots.product[owed > 0])
    points = np.unique(batches.point[np.isin(batches.product, products) & (batches.quantity > 0)])
    for kind, rows in (("farm", np.unique(problem.lots.farm[owed > 0])), ("point", points)):
        table = getattr(problem, f"{kind}s")
        for row in rows.tolist():
            facts = {"opens_s": int(table.opens_s[row]), "closes_s": int(table.closes_s[row])}
            yield Rule(kind, str(table.id[row]), "rule-hours", facts, _always_open(f"{kind}s", row))
    for row in points[~problem.points.by_truck[points]].tolist():
        welcome = _with_cell("points", "by_truck", row, value=True)
        yield Rule("point", str(problem.points.id[row]), "rule-no-truck", {}, welcome)


def _hubs(problem: Problem) -> Iterator[Rule]:
    """What each hub and its vehicles can do; where there is no hub, that."""
    hubs, vehicles = problem.hubs, problem.vehicles
    if not len(hubs.id):
        yield Rule("region", "hubs", "rule-no-hub", {}, _with_hub)
    for hub in range(len(hubs.id)):
        name, mine = str(hubs.id[hub]), vehicles.hub == hub
        throughput = _with_cell("hubs", "throughput_g", hub, 100 * BIG)
        yield Rule("hub", name, "rule-throughput", {"throughput_g": int(hubs.throughput_g[hub])}, throughput)
        yield Rule("hub", name, "rule-vehicles", {"vehicles": int(mine.sum())}, _with_vehicle(hub))
        if mine.any():
            heaviest = {"weight_g": int(vehicles.weight_g[mine].max()), "crates": int(vehicles.crates[mine].max())}
            yield Rule("hub", name, "rule-room", heaviest, _fleet(hub, weight_g=BIG, volume_ml=BIG, crates=PPM))
            carried = {"cold": int(np.bitwise_or.reduce(vehicles.cold[mine]))}
            yield Rule("hub", name, "rule-cold", carried, _fleet(hub, cold=ALL_COLD))
            longest = {"shift_s": int(vehicles.shift_s[mine].max())}
            yield Rule("hub", name, "rule-shift", longest, _fleet(hub, shift_s=LONG_S))


def _day(problem: Problem) -> Iterator[Rule]:
    for phase in ("collect", "haul", "deliver"):
        until = f"{phase}_until_s"
        facts = {"until_s": int(getattr(problem.rhythm, until))}
        yield Rule("day", phase, "rule-until", facts, _rhythm(**{until: LONG_S}))
    sorting = {"sort_s": problem.rhythm.sort_s}
    yield Rule("day", "sort", "rule-sort", sorting, _rhythm(sort_s=0))


def _owed(problem: Problem) -> Ints:
    """What each lot has promised."""
    return by_row(problem.pins.lot, problem.pins.at_least, len(problem.lots.id))


def _with_cell(table: str, column: str, row: int, value: int) -> Dropped:
    def dropped(problem: Problem) -> Problem:
        cells = getattr(getattr(problem, table), column).copy()
        cells[row] = value
        return _with_columns(problem, table, **{column: cells})

    return dropped


def _with_columns(problem: Problem, table: str, **columns: Any) -> Problem:
    changed: Any = {table: replace(getattr(problem, table), **columns)}
    return replace(problem, **changed)


def _holding(lot: int, quantity: int) -> Dropped:
    def dropped(problem: Problem) -> Problem:
        columns = {name: getattr(problem.lots, name).copy() for name in ("offered", "maximum", "daily_capacity")}
        for column in columns.values():
            column[lot] = max(int(column[lot]), quantity)
        return _with_columns(problem, "lots", **columns)

    return dropped


def _asking(product: int, more: int) -> Dropped:
    """Each batch of the product asks for so much more; where there is none, the first point does."""

    def dropped(problem: Problem) -> Problem:
        batches = problem.batches
        asking = batches.product == product
        if not asking.any():
            new = Batches(np.array(["more"]), *(ints(number) for number in (0, product, 0, more, 0, 0)))
            both = (np.append(getattr(batches, name), getattr(new, name)) for name in Batches.__slots__)
            return replace(problem, batches=Batches(*both))
        return _with_columns(problem, "batches", quantity=batches.quantity + np.where(asking, more, 0))

    return dropped


def _always_open(table: str, row: int) -> Dropped:
    def dropped(problem: Problem) -> Problem:
        opened = _with_cell(table, "opens_s", row, 0)(problem)
        return _with_cell(table, "closes_s", row, LONG_S)(opened)

    return dropped


def _fleet(hub: int, **most: int) -> Dropped:
    """Each of the hub's vehicles is able to do as much as that."""

    def dropped(problem: Problem) -> Problem:
        mine = problem.vehicles.hub == hub
        columns = {name: np.where(mine, value, getattr(problem.vehicles, name)) for name, value in most.items()}
        return _with_columns(problem, "vehicles", **columns)

    return dropped


def _with_vehicle(hub: int) -> Dropped:
    """One more vehicle, which can do anything."""

    def dropped(problem: Problem) -> Problem:
        rows, spare = problem.vehicles, (BIG, BIG, PPM, ALL_COLD, 0, 1, 1, LONG_S)
        first = (np.append(rows.id, f"spare of hub {hub}"), np.append(rows.hub, hub))
        names = list(Vehicles.__slots__[2:])
        others = (np.append(getattr(rows, name), value) for name, value in zip(names, spare, strict=True))
        return replace(problem, vehicles=Vehicles(*first, *others))

    return dropped


def _with_hub(problem: Problem) -> Problem:
    """A hub at the first farm, with a vehicle that can do anything."""
    hub = Hubs(np.array(["a hub"]), problem.farms.place[:1], ints(0), ints(0), ints(100 * BIG))
    return _with_vehicle(0)(replace(problem, hubs=hub))


def _rhythm(**terms: int) -> Dropped:
    def dropped(problem: Problem) -> Problem:
        return replace(problem, rhythm=replace(problem.rhythm, **terms))

    return dropped
