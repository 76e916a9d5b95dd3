"""The numbers that the demo is made of: read once, money turned into minor units."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from farmlink.kernel.geo import Coordinates, from_degrees

FOLDER: Final = Path(__file__).parent / "data"
MICHIGAN: Final = FOLDER / "michigan.csv"
SCENARIO: Final = FOLDER / "scenario_michigan.json"
FLEET: Final = (6, 4)
USUAL_ORDERS: Final = 5000


@dataclass(frozen=True, slots=True)
class Goods:
    """What is sold: its pack and gate price, how prices and lots scatter, how it keeps, how often it is wanted."""

    name: str
    tag: str
    pack_g: int
    gate_minor_per_kg: int
    log_sd: float
    shelf_days: int
    cold: str
    popularity: float
    median_lot_g: int
    scarce: bool

    @property
    def code(self) -> str:
        """Its name in files."""
        return self.name.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Town:
    """Where people live; `people` weighs towns against each other."""

    name: str
    coordinates: Coordinates
    people: float


@dataclass(frozen=True, slots=True)
class Truck:
    """A kind of vehicle."""

    name: str
    weight_g: int
    volume_ml: int
    crates: int
    fixed_minor: int
    minor_per_km: int
    minor_per_hour: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything but the places themselves; `raw` keeps the file for what is read only once."""

    goods: tuple[Goods, ...]
    towns: tuple[Town, ...]
    hubs: tuple[tuple[str, Coordinates], ...]
    trucks: tuple[Truck, ...]
    farm_van: Truck
    shift_s: int
    hub_fixed_minor: int
    hub_handling_minor_per_kg: int
    hub_throughput_g: int
    fleet: tuple[int, ...]
    """Vehicles of each kind at every hub."""
    circuity: float
    raw: dict[str, Any]


def read_scenario(path: Path = SCENARIO) -> Scenario:
    """Read the scenario's file."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Scenario(
        goods=tuple(_goods(entry, raw["scarce"]) for entry in raw["products"]),
        towns=tuple(
            Town(name, from_degrees(entry["latitude"], entry["longitude"]), entry["population_million"])
            for name, entry in raw["towns"].items()
        ),
        hubs=tuple((name, from_degrees(*place)) for name, place in raw["hubs"].items()),
        trucks=tuple(_truck(name, raw["vehicles"][name]) for name in ("reefer_26ft", "reefer_16ft")),
        farm_van=_truck("farm_van", raw["vehicles"]["farm_van"]),
        shift_s=round(raw["shift_h"] * 3600),
        hub_fixed_minor=minor(raw["hub_fixed_per_cycle"]),
        hub_handling_minor_per_kg=minor(raw["hub_handling_per_kg"]),
        hub_throughput_g=grams(raw["hub_throughput_kg"]),
        fleet=FLEET,
        circuity=raw["roads"]["circuity"],
        raw=raw,
    )


def for_orders(scenario: Scenario, orders: int) -> Scenario:
    """The same scenario with larger hubs and more vehicles where more is ordered than usual."""
    times = max(1, -(-orders // USUAL_ORDERS))
    fleet = tuple(count * times for count in scenario.fleet)
    return replace(scenario, fleet=fleet, hub_throughput_g=scenario.hub_throughput_g * times)


def minor(amount: float) -> int:
    """Dollars as cents."""
    return round(amount * 100)


def grams(kilograms: float) -> int:
    """Kilograms as grams."""
    return round(kilograms * 1000)


def _goods(entry: dict[str, Any], scarce: list[str]) -> Goods:
    return Goods(
        name=entry["name"],
        tag=entry["tag"],
        pack_g=grams(entry["pack_kg"]),
        gate_minor_per_kg=minor(entry["gate_per_kg"]),
        log_sd=entry["log_sd"],
        shelf_days=entry["shelf_days"],
        cold=entry["cold"],
        popularity=entry["popularity"],
        median_lot_g=grams(entry["median_lot_kg"]),
        scarce=entry["name"] in scarce,
    )


def _truck(name: str, entry: dict[str, Any]) -> Truck:
    return Truck(
        name=name.replace("_", " "),
        weight_g=grams(entry["kg"]),
        volume_ml=entry.get("usable_litres", 6000) * 1000,
        crates=entry["tote"],
        fixed_minor=minor(entry["fixed"]),
        minor_per_km=minor(entry["km"]),
        minor_per_hour=minor(entry["h"]),
    )
