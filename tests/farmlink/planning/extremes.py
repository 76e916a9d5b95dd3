"""A season in which every number is the least or the most that its room accepts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import ProductDraft
from farmlink.cycles import commands as cycles
from farmlink.cycles.values import ListingTerms
from farmlink.kernel import bounds
from farmlink.network import commands as network
from farmlink.policy import commands as policy
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply.values import LotDraft
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.planning.builders import Season, run_sql
from tests.farmlink.planning.extreme_terms import DAY_S, PPM, Either, extreme_policy, extreme_region
from tests.farmlink.planning.turkeys import ONE, TURKEYS

ODD_LOT = """
UPDATE lot SET minimum = :minimum, pack = :pack, shelf_days = :shelf_days, daily_capacity = :daily_capacity,
  harvest_on = :harvest_on, collect_from = '2000-01-01', collect_until = '2200-01-01' WHERE id = :id
"""
"""No farm may offer it like that, but earlier versions took it, and so does the database."""


def extreme_season(store: Store, seed: int) -> Season:
    """A closed cycle of a region whose every row is at one of its limits; `seed` says at which."""
    dice = random.Random(seed)

    def either(least: int, most: int) -> int:
        return dice.choice((least, most))

    market = Market.founded(store, apples_g=0)
    region = market.country.region
    store.run(network.change_region, region.id, extreme_region(either), region.revision)
    add_hub_and_truck(market, either)
    store.run(policy.publish_version, extreme_policy(either), "limits", 1)
    goods = replace(
        TURKEYS,
        unit_weight_g=either(1, 1_000_000),
        volume_ml_per_1000=either(1, bounds.MOST_VOLUME_ML_PER_1000),
        shelf_days=either(1, bounds.MOST_DAYS),
        spoilage_ppm_per_day=either(0, PPM),
    )
    days = timedelta(days=either(0, bounds.LATEST_HAND_OUT_DAYS))
    harvests = (date(2000, 1, 1), COLLECT_ON, date(2199, 12, 31))
    return sold(market, goods, either, harvests, hand_out_on=COLLECT_ON + days)


def add_hub_and_truck(market: Market, either: Either) -> None:
    hub = replace(
        market.country.hub_draft("Extreme"),
        fixed_minor=either(0, bounds.MOST_MINOR),
        handling_minor_per_kg=either(0, bounds.MOST_MINOR_PER_KG),
        throughput_g=either(1, bounds.MOST),
    )
    truck = replace(
        market.country.vehicle_draft(market.store.run(network.open_hub, hub)),
        weight_g=either(1, bounds.MOST),
        volume_ml=either(1, bounds.MOST),
        crates=either(1, bounds.MOST_CRATES),
        fixed_minor=either(0, bounds.MOST_MINOR),
        minor_per_km=either(0, bounds.MOST_MINOR_PER_KM),
        minor_per_hour=either(0, bounds.MOST_MINOR),
        shift_s=either(1, DAY_S),
    )
    market.store.run(network.add_vehicle, truck)
    market.store.run(network.add_vehicle, market.country.vehicle_draft(market.hub))


def sold(market: Market, goods: ProductDraft, either: Either, harvests: tuple[date, ...], **terms: object) -> Season:
    """A closed cycle that sold 151 pieces of goods of which lots at every limit are offered."""
    store, market.point = market.store, market.point_with(capacity_g=bounds.MOST)
    product = store.run(catalogue.create_product, goods)
    variant = store.run(catalogue.add_variant, product.id, replace(ONE, weight_g=product.unit_weight_g))
    for number, ask in enumerate((0, 1, bounds.MOST_PRICE_MINOR, bounds.MOST_PRICE_MINOR)):
        quantity = 200 if number < 2 else either(1, bounds.MOST_QUANTITY)
        lot = LotDraft(
            farm_id=market.country.farm(f"Farm {number}").id,
            product_id=product.id,
            grade=4,
            quantity=quantity,
            ask_minor_per_1000=ask,
            harvest_on=COLLECT_ON,
        )
        market.lots.append(store.run(supply.offer_lot, lot).id)
        run_sql(
            store,
            ODD_LOT,
            id=market.lots[-1],
            minimum=either(0, quantity),
            pack=either(1, quantity),
            shelf_days=either(1, bounds.MOST_DAYS),
            daily_capacity=bounds.MOST_QUANTITY if number < 2 else either(1, bounds.MOST_QUANTITY),
            harvest_on=harvests[number % len(harvests)],
        )
    cycle = market.draft(**terms)
    listing = ListingTerms(
        cycle_id=cycle.id,
        product_id=product.id,
        grade=4,
        variant_id=variant.id,
        price_minor_per_1000=either(0, bounds.MOST_PRICE_MINOR),
    )
    (listing_id,) = store.run(cycles.add_listings, [listing])
    store.run(cycles.open_cycle, cycle.id)
    season = Season(market, cycle.id)
    season.orders = [market.place(cycle.id, {listing_id: packs}) for packs in (1, 150)]
    season.close()
    return season
