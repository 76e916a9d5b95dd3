"""A season of turkeys: dear and bulky by the piece."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import BaseUnit, ProductDraft, VariantDraft
from farmlink.cycles import commands as cycles
from farmlink.cycles.values import ListingTerms
from farmlink.network import commands as network
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply.values import LotDraft
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.planning.builders import Season

TURKEYS = ProductDraft(
    code="turkeys",
    name={"en": "Turkeys", "zh-CN": "火鸡"},
    base_unit=BaseUnit.PIECE,
    unit_weight_g=7_000,
    volume_ml_per_1000=15_000_000,
    shelf_days=30,
)
ONE = VariantDraft(name={"en": "one", "zh-CN": "一"}, quantity=1, weight_g=1)


def turkeys(store: Store, price_minor_per_1000: int) -> Season:
    """A closed cycle that sold three of fifty turkeys, each of so many thousandths of that price."""
    market = Market.founded(store, apples_g=0)
    store.run(network.add_vehicle, market.country.vehicle_draft(market.hub))
    product = store.run(catalogue.create_product, TURKEYS)
    variant = store.run(catalogue.add_variant, product.id, replace(ONE, weight_g=7_000))
    lot = LotDraft(
        farm_id=market.country.farm("Turkey farm").id,
        product_id=product.id,
        grade=4,
        quantity=50,
        ask_minor_per_1000=price_minor_per_1000 * 2 // 3,
        harvest_on=COLLECT_ON - timedelta(days=1),
    )
    market.lots.append(store.run(supply.offer_lot, lot).id)
    cycle = market.draft()
    terms = ListingTerms(
        cycle_id=cycle.id,
        product_id=product.id,
        grade=4,
        variant_id=variant.id,
        price_minor_per_1000=price_minor_per_1000,
    )
    (listing_id,) = store.run(cycles.add_listings, [terms])
    store.run(cycles.open_cycle, cycle.id)
    season = Season(market, cycle.id)
    season.orders.append(market.place(cycle.id, {listing_id: 3}))
    season.close()
    return season
