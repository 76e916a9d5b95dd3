"""What is made from the seed: who orders what where, and who offers what at which price. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from farmlink.demo.scenario import Goods, Scenario, Town
from farmlink.kernel.geo import EARTH_RADIUS_M, Coordinates

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEAR_KM: Final = 15.0
LEAST_PULL: Final = 0.2
MOST_OF_ALL: Final = 0.032
MOST_LINES: Final = 12
OFFERED: Final = {"vegetables": 0.55, "fruit": 0.6, "dairy": 0.7}
OFFERED_OTHERWISE: Final = 0.9
PLENTY, SCARCITY = 1.35, 0.85
ASKED_GRADE: Final = 3
MARKUP: Final = 1.4
"""Posted price by gate price: the consumer's price covers hubs, trucks, fees and packaging."""


@dataclass(frozen=True, slots=True)
class Stall:
    """A farm as the recipe needs it: its code and the kinds of goods that the directory lists."""

    code: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class MadeLot:
    """A lot that a farm could have offered; `product` is a row of the goods made, grams throughout."""

    farm: str
    product: int
    grade: int
    quantity_g: int
    minimum_g: int
    ask_minor_per_kg: int
    harvested_days_before: int
    forecast_g: tuple[int, int, int]

    def code(self, goods: Sequence[Goods]) -> str:
        """Its name in files."""
        return f"{self.farm}-{goods[self.product].code}"


@dataclass(frozen=True, slots=True)
class MadeOrder:
    """What somebody wants, in packs by row of the goods, and where."""

    point: int
    packs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Everything that is not real in a demo."""

    goods: tuple[Goods, ...]
    lots: tuple[MadeLot, ...]
    orders: tuple[MadeOrder, ...]


def make(
    scenario: Scenario,
    towns: Sequence[Town],
    farms: Sequence[Stall],
    points: Sequence[Coordinates],
    orders: int,
    seed: int,
) -> Made:
    """Make offers and orders; goods that no farm's kind covers are not sold at all."""
    dice = np.random.default_rng(seed)
    sold = tuple(good for good in scenario.goods if any(good.tag in farm.tags for farm in farms))
    weights = point_weights(towns, points, scenario.circuity)
    wanted = make_orders(dice, sold, weights, orders)
    demand_g = np.zeros(len(sold), dtype=np.int64)
    for order in wanted:
        for product, packs in order.packs:
            demand_g[product] += packs * sold[product].pack_g
    return Made(sold, make_lots(dice, sold, farms, demand_g), wanted)


def point_weights(towns: Sequence[Town], points: Sequence[Coordinates], circuity: float) -> Floats:
    """How likely an order goes to each point: people, thinned by their way, no point more than its cap."""
    pull = 1 / (1 + (circuity * apart_km([town.coordinates for town in towns], points) / NEAR_KM) ** 2)
    people = np.array([town.people for town in towns])
    weights = (people[:, None] * pull / np.maximum(pull.sum(axis=1, keepdims=True), LEAST_PULL)).sum(axis=0)
    capped = np.minimum(weights / weights.sum(), MOST_OF_ALL)
    return np.asarray(capped / capped.sum())


def make_orders(
    dice: np.random.Generator, goods: Sequence[Goods], weights: Floats, count: int
) -> tuple[MadeOrder, ...]:
    """Orders of distinct products by popularity, mostly one pack of each."""
    at = dice.choice(len(weights), size=count, p=weights)
    lines = np.minimum(1 + dice.poisson(4.5, size=count), min(MOST_LINES, len(goods)))
    popularity = np.log([good.popularity for good in goods])
    # The largest of log-weights with Gumbel noise are draws without replacement.
    chosen = np.argsort(-(popularity + dice.gumbel(size=(count, len(goods)))), axis=1)
    packs = dice.geometric(0.75, size=(count, len(goods)))
    return tuple(
        MadeOrder(int(at[row]), tuple((int(chosen[row, line]), int(packs[row, line])) for line in range(lines[row])))
        for row in range(count)
    )


def make_lots(
    dice: np.random.Generator, goods: Sequence[Goods], farms: Sequence[Stall], demand_g: Ints
) -> tuple[MadeLot, ...]:
    """What farms offer of the kinds they list, scaled so that each product meets its demand more or less."""
    offers: list[tuple[str, int, float]] = []
    for farm in farms:
        size = dice.lognormal(0, 0.7)
        for row, good in enumerate(goods):
            if good.tag in farm.tags and dice.random() < OFFERED.get(good.tag, OFFERED_OTHERWISE):
                offers.append((farm.code, row, good.median_lot_g * size * dice.lognormal(0, 0.5)))
    for row, good in enumerate(goods):  # what is sold is offered by somebody
        if all(product != row for _, product, _ in offers):
            offers.append((next(farm.code for farm in farms if good.tag in farm.tags), row, float(good.median_lot_g)))
    held_g = np.bincount([row for _, row, _ in offers], [g for _, _, g in offers], minlength=len(goods))
    scale = np.array([SCARCITY if good.scarce else PLENTY for good in goods]) * demand_g / held_g
    return tuple(_lot(dice, farm, row, goods[row], grams * scale[row]) for farm, row, grams in sorted(offers))


def _lot(dice: np.random.Generator, farm: str, row: int, good: Goods, grams: float) -> MadeLot:
    packs = max(1, round(grams / good.pack_g))
    keeps = min(3, max(0, (good.shelf_days - 3) // 2))
    return MadeLot(
        farm=farm,
        product=row,
        grade=ASKED_GRADE + int(dice.random() < 0.25),
        quantity_g=packs * good.pack_g,
        minimum_g=packs // 10 * good.pack_g,
        ask_minor_per_kg=max(1, round(good.gate_minor_per_kg * dice.lognormal(0, good.log_sd))),
        harvested_days_before=int(dice.integers(0, keeps + 1)),
        forecast_g=tuple(round(packs * part) * good.pack_g for part in (0.85, 1.0, 1.1)),  # type: ignore[arg-type]  # three
    )


def posted_minor_per_kg(good: Goods) -> int:
    """What the consumer pays."""
    return round(good.gate_minor_per_kg * MARKUP)


def apart_km(here: Sequence[Coordinates], there: Sequence[Coordinates]) -> Floats:
    """Great-circle distances, rows by columns."""
    latitude, longitude = _radians(here)
    other_latitude, other_longitude = _radians(there)
    chord = (
        np.sin((latitude[:, None] - other_latitude) / 2) ** 2
        + np.cos(latitude)[:, None] * np.cos(other_latitude) * np.sin((longitude[:, None] - other_longitude) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M / 1000 * np.arcsin(np.sqrt(np.minimum(1.0, chord))))


def _radians(places: Sequence[Coordinates]) -> tuple[Any, Any]:
    degrees = np.array([(place.latitude_e6, place.longitude_e6) for place in places], dtype=np.float64).reshape(-1, 2)
    return np.radians(degrees[:, 0] / 1e6), np.radians(degrees[:, 1] / 1e6)
