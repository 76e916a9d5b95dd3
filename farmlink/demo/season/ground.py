"""Where the season plays: one small region whose farms, and whose households, are equals to be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import BaseUnit, ProductDraft, ProductId, VariantDraft, VariantId
from farmlink.demo.region import anywhere, open_hubs, weighed
from farmlink.demo.scenario import read_scenario
from farmlink.kernel.geo import Box, Coordinates, from_degrees
from farmlink.network import commands as network
from farmlink.network.values import Address, FarmCard, FarmDraft, HubId, PointCard, PointDraft, RegionCard
from farmlink.people import commands as people
from farmlink.people.values import OrganisationId, OrganisationKind, PersonId, Role
from farmlink.store.transaction import Transaction

EXTENT: Final = Box(41_900_000, -86_700_000, 44_000_000, -84_500_000)
ZONE: Final = "America/Detroit"
TOWN: Final = from_degrees(42.9634, -85.6681)
"""Grand Rapids; farms lie in a ring around it, none of them nearer than another."""
CURRENCY: Final = "CNY"
"""The one that every provider of the street takes."""
FARMS: Final = 8
RING_DEGREES: Final = ((0.30, 0.0), (0.21, 0.29), (0.0, 0.41), (-0.21, 0.29))
POINTS: Final = ((0.05, 0.0), (-0.03, 0.06), (0.0, -0.07))
HOUSEHOLDS: Final = 30


@dataclass(frozen=True, slots=True)
class Crop:
    """One kind of goods: its pack in base units, what the farms ask for a thousand of them, and what is posted."""

    code: str
    chinese: str
    pack: int
    ask_minor_per_1000: int
    price_minor_per_1000: int
    tax_ppm: int = 0
    unit: BaseUnit = BaseUnit.GRAM
    piece_g: int | None = None
    case_packs: int = 1


CROPS: Final = (
    Crop("tomatoes", "番茄", 500, 320, 460, 70_000),
    Crop("apples", "苹果", 1000, 210, 320, 70_000),
    Crop("potatoes", "土豆", 1000, 120, 190, 70_000, case_packs=10),
    Crop("herbs", "香草", 100, 2200, 3100, 70_000),
    Crop("honey", "蜂蜜", 500, 1400, 2000, 70_000),
    Crop("chickens", "整鸡", 1, 900_000, 1_250_000, 70_000, BaseUnit.PIECE, 1600),
)
"""Prices of this season are made up; gate prices are of the size of those in the demo's scenario."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The region with everybody in it."""

    region: RegionCard
    keeper: OrganisationId
    hub: HubId
    farms: tuple[FarmCard, ...]
    points: tuple[PointCard, ...]
    packs: tuple[tuple[ProductId, VariantId], ...]
    """By row of `CROPS`."""
    households: tuple[PersonId, ...]


def lay_ground(tx: Transaction) -> Ground:
    """Make the region with its places, goods and people."""
    scenario = read_scenario()
    region = network.create_region(tx, replace(anywhere(scenario, "Season", EXTENT, ZONE), currency=CURRENCY))
    keeper = people.add_organisation(tx, "Season hub", OrganisationKind.HUB)
    people.add_person(tx, "Planner of the season", role=Role.PLANNER, organisation_id=keeper)
    (hub,) = open_hubs(tx, scenario, region.id, keeper, [("Grand Rapids", TOWN)])
    consumers = people.seed_consumers(tx, HOUSEHOLDS, "Household")
    return Ground(
        region,
        keeper,
        hub,
        tuple(_farm(tx, region, number) for number in range(FARMS)),
        tuple(_point(tx, region, number) for number in range(len(POINTS))),
        tuple(_goods(tx, crop) for crop in CROPS),
        tuple(one.person_id for one in consumers),
    )


def _farm(tx: Transaction, region: RegionCard, number: int) -> FarmCard:
    north, east = RING_DEGREES[number % len(RING_DEGREES)]
    side = 1 if number < len(RING_DEGREES) else -1
    name = f"Farm {number + 1}"
    owner = people.add_organisation(tx, name, OrganisationKind.FARM)
    people.add_person(tx, f"Farmer of {name}", role=Role.FARMER, organisation_id=owner)
    draft = FarmDraft(
        region_id=region.id,
        organisation_id=owner,
        name=name,
        address=Address(town="Grand Rapids"),
        coordinates=_beside(side * north, side * east),
        code=f"farm-{number + 1}",
    )
    return network.approve_farm(tx, network.add_farm(tx, draft).id)


def _point(tx: Transaction, region: RegionCard, number: int) -> PointCard:
    name = f"Point {number + 1}"
    owner = people.add_organisation(tx, name, OrganisationKind.POINT)
    people.add_person(tx, f"Leader of {name}", role=Role.LEADER, organisation_id=owner)
    draft = PointDraft(
        region_id=region.id,
        organisation_id=owner,
        name=name,
        address=Address(town="Grand Rapids"),
        coordinates=_beside(*POINTS[number]),
        code=f"point-{number + 1}",
    )
    return network.approve_point(tx, network.add_point(tx, draft).id)


def _goods(tx: Transaction, crop: Crop) -> tuple[ProductId, VariantId]:
    product = catalogue.create_product(
        tx,
        ProductDraft(
            code=crop.code,
            name={"en": crop.code.capitalize(), "zh-CN": crop.chinese},
            base_unit=crop.unit,
            unit_weight_g=crop.piece_g,
            volume_ml_per_1000=2000 * (crop.piece_g or 1),
            shelf_days=14,
            catch_weight=crop.piece_g is not None,
        ),
    )
    name = weighed(crop.pack) if crop.piece_g is None else {"en": "1", "zh-CN": "1"}
    draft = VariantDraft(name=name, quantity=crop.pack, weight_g=crop.pack * (crop.piece_g or 1))
    return product.id, catalogue.add_variant(tx, product.id, draft).id


def _beside(north: float, east: float) -> Coordinates:
    return Coordinates(TOWN.latitude_e6 + round(north * 1e6), TOWN.longitude_e6 + round(east * 1e6))
