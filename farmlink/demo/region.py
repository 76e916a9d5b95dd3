"""The scenario as a region with its hubs, vehicles and products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import Allergen, ColdClass, ProductDraft, ProductId, VariantDraft, VariantId
from farmlink.demo.names import CHINESE
from farmlink.demo.scenario import Goods, Scenario, Truck, grams, minor
from farmlink.kernel.geo import Box, Coordinates, from_degrees
from farmlink.network import commands as network
from farmlink.network.values import (
    Address,
    HubDraft,
    HubId,
    Parcels,
    Passage,
    RegionDraft,
    RegionId,
    Roads,
    Side,
    VehicleDraft,
)
from farmlink.people.values import OrganisationId
from farmlink.store.transaction import Transaction

EXTENT: Final = Box(41_600_000, -90_500_000, 48_400_000, -82_000_000)
UPPER: Final = Side(
    (Box(45_800_001, -91_000_000, 48_400_000, -82_000_000),), (Box(45_800_000, -84_899_999, 45_950_000, -82_000_000),)
)
THUMB: Final = Box(43_620_000, -83_449_999, 44_100_000, -82_000_000)
NORTH_WEST_SHORE: Final = Box(43_850_000, -84_599_999, 45_800_000, -82_000_000)
"""The longitude named for the shore lies west of the Thumb too, so the Thumb itself is taken out of it."""
TOLERATED: Final = {
    "ambient": (ColdClass.AMBIENT, ColdClass.CHILLED),
    "chilled": (ColdClass.CHILLED,),
    "frozen": (ColdClass.FROZEN,),
}
VOLUME_ML_PER_KG: Final = {"salad greens": 8000, "herbs": 10_000, "mushrooms": 5000, "eggs": 3500}
USUAL_VOLUME_ML_PER_KG: Final = 2000
GRAMS_PER_KG: Final = 1000
ALLERGENS: Final = {"eggs": (Allergen.EGGS,), "milk": (Allergen.MILK,), "cheese": (Allergen.MILK,)}
Listed = tuple[ProductId, VariantId]


def michigan(scenario: Scenario) -> RegionDraft:
    """Michigan with its bridge and its bay."""
    passages = scenario.raw["roads"]["passages"]
    (bridge, at_bridge), (bay, at_bay) = passages.items()
    shore = Side((NORTH_WEST_SHORE,), (THUMB,))
    return RegionDraft(
        name="Michigan",
        time_zone="America/Detroit",
        currency="USD",
        extent=EXTENT,
        roads=roads(
            scenario,
            (
                _passage(bridge, at_bridge, minor(scenario.raw["roads"]["bridge_toll"]), UPPER, None),
                _passage(bay, at_bay, 0, Side((THUMB,)), shore),
            ),
        ),
        parcels=parcels(scenario),
    )


def anywhere(scenario: Scenario, name: str, extent: Box, time_zone: str) -> RegionDraft:
    """Another region: the same roads and tariffs, without passages."""
    return RegionDraft(
        name=name,
        time_zone=time_zone,
        currency="USD",
        extent=extent,
        roads=roads(scenario, ()),
        parcels=parcels(scenario),
    )


def roads(scenario: Scenario, passages: tuple[Passage, ...]) -> Roads:
    """The scenario's speeds are the region's defaults; see `roads.speed` of its file."""
    return Roads(circuity_ppm=round(scenario.circuity * 1_000_000), passages=passages)


def parcels(scenario: Scenario) -> Parcels:
    """The scenario's tariff."""
    tariff = scenario.raw["parcel"]
    return Parcels(
        zone_limit_m=tuple(grams(limit) for limit in tariff["zones_km"]),
        weight_limit_g=tuple(grams(limit) for limit in tariff["weight_kg"]),
        price_minor=tuple(tuple(minor(price) for price in zone) for zone in tariff["usd"]),
        cold_pack_minor=minor(tariff["chilled_pack_per_10kg"]),
        cold_pack_g=10_000,
    )


def open_hubs(
    tx: Transaction,
    scenario: Scenario,
    region_id: RegionId,
    owner: OrganisationId,
    sites: Sequence[tuple[str, Coordinates]],
) -> list[HubId]:
    """Open a hub with its vehicles at each site."""
    hubs = []
    for name, place in sites:
        hub = network.open_hub(
            tx,
            HubDraft(
                region_id=region_id,
                organisation_id=owner,
                name=name,
                address=Address(town=name),
                coordinates=place,
                fixed_minor=scenario.hub_fixed_minor,
                handling_minor_per_kg=scenario.hub_handling_minor_per_kg,
                throughput_g=scenario.hub_throughput_g,
            ),
        )
        hubs.append(hub.id)
        for truck, count in zip(scenario.trucks, scenario.fleet, strict=True):
            for number in range(1, count + 1):
                network.add_vehicle(tx, _vehicle(hub.id, f"{name} {truck.name} {number}", truck, scenario.shift_s))
    return hubs


def list_products(tx: Transaction, goods: Sequence[Goods]) -> list[Listed]:
    """Put the goods into the catalogue, each with its one pack."""
    listed = []
    for good in goods:
        product = catalogue.create_product(tx, _product(good))
        draft = VariantDraft(name=weighed(good.pack_g), quantity=good.pack_g, weight_g=good.pack_g)
        variant = catalogue.add_variant(tx, product.id, draft)
        listed.append((product.id, variant.id))
    return listed


def weighed(grams: int) -> dict[str, str]:
    """What a pack of a weight is called, with the units that pages write in every language."""
    size = f"{grams} g" if grams < GRAMS_PER_KG else f"{grams / GRAMS_PER_KG:g} kg"
    return {"en": size, "zh-CN": size}


def _product(good: Goods) -> ProductDraft:
    return ProductDraft(
        code=good.code,
        name={"en": good.name.capitalize(), "zh-CN": CHINESE.get(good.name, good.name)},
        family=good.tag,
        volume_ml_per_1000=VOLUME_ML_PER_KG.get(good.name, USUAL_VOLUME_ML_PER_KG),
        shelf_days=good.shelf_days,
        cold_classes=TOLERATED[good.cold],
        allergens=ALLERGENS.get(good.name, ()),
        spoilage_ppm_per_day=100_000 // good.shelf_days,
    )


def _vehicle(hub_id: HubId, name: str, truck: Truck, shift_s: int) -> VehicleDraft:
    return VehicleDraft(
        hub_id=hub_id,
        name=name,
        weight_g=truck.weight_g,
        volume_ml=truck.volume_ml,
        crates=truck.crates,
        cold_classes=tuple(ColdClass),
        fixed_minor=truck.fixed_minor,
        minor_per_km=truck.minor_per_km,
        minor_per_hour=truck.minor_per_hour,
        shift_s=shift_s,
    )


def _passage(name: str, at: Any, toll_minor: int, side: Side, other: Side | None) -> Passage:
    place = from_degrees(*at)
    return Passage(name.partition(" (")[0], place.latitude_e6, place.longitude_e6, toll_minor, side, other)
