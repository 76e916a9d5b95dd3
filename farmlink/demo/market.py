"""What is on offer, what is for sale, and the cycle in which it is sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as shown
from farmlink.cycles.values import CycleId, CycleTerms, ListingId, ListingTerms, PriceStep
from farmlink.demo import recipe, region
from farmlink.demo.elsewhere import NoPlacesError
from farmlink.demo.recipe import Made, Stall
from farmlink.demo.region import Listed
from farmlink.demo.scenario import Scenario
from farmlink.demo.setting import Ground
from farmlink.kernel.clock import day_of
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from farmlink.supply.values import LotDraft

WEEK: Final = timedelta(days=7)
CHEAPER_PERCENT: Final = 94


@dataclass(frozen=True, slots=True)
class Market:
    """What is sold in the cycle: listings, and products with their packs, by row of the goods."""

    cycle_id: CycleId
    listings: tuple[ListingId, ...]
    listed: tuple[Listed, ...]
    collect_on: date


def make_goods(scenario: Scenario, ground: Ground, orders: int, seed: int) -> Made:
    """Make offers and orders for the places that were imported."""
    stalls = [Stall(str(farm.code), frozenset(kind.lower() for kind in farm.families)) for farm in ground.farms]
    places = [point.coordinates for point in ground.points]
    made = recipe.make(scenario, ground.towns, stalls, places, orders, seed) if places else None
    if made is None or not made.goods:
        raise NoPlacesError
    return made


def open_market(store: Store, ground: Ground, made: Made) -> Market:
    """List the goods, offer the lots and open a cycle that hands out the day after it collects."""
    return store.run(_open_market, ground, made)


def _open_market(tx: Transaction, ground: Ground, made: Made) -> Market:
    listed = region.list_products(tx, made.goods)
    collect_on = day_of(tx.now, ground.region.time_zone) + timedelta(days=2)
    supply.offer_lots(tx, lots(ground, made, listed, collect_on))
    cycle = cycles.create(
        tx,
        CycleTerms(
            hub_id=ground.hubs[0],
            opens=tx.now,
            closes=tx.now + timedelta(days=1),
            collect_on=collect_on,
            hand_out_on=collect_on + timedelta(days=1),
        ),
    )
    listings = cycles.add_listings(
        tx,
        [
            ListingTerms(
                cycle_id=cycle.id,
                product_id=product_id,
                grade=recipe.ASKED_GRADE,
                variant_id=variant_id,
                price_minor_per_1000=recipe.posted_minor_per_kg(good),
            )
            for good, (product_id, variant_id) in zip(made.goods, listed, strict=True)
        ],
    )
    cycles.open_cycle(tx, cycle.id)
    return Market(cycle.id, tuple(listings), tuple(listed), collect_on)


def open_next_week(tx: Transaction, ground: Ground, made: Made, market: Market) -> Market:
    """Farms offer again, and the cycle is copied and opened for whoever wants to try it."""
    collect_on = market.collect_on + WEEK
    supply.offer_lots(tx, lots(ground, made, market.listed, collect_on, f"-{collect_on:%m%d}"))
    cycle_id = cycles.copy(tx, market.cycle_id, WEEK.days).id
    _promise_together(tx, cycle_id)
    cycles.open_cycle(tx, cycle_id)
    listings = {(found.product_id, found.variant_id): found.id for found in shown.listings(tx, cycle_id)}
    return Market(cycle_id, tuple(listings[pack] for pack in market.listed), market.listed, collect_on)


def _promise_together(tx: Transaction, cycle_id: CycleId) -> None:
    """Let some goods grow cheaper as more people join, and some come only if enough do, as a newcomer wants to see."""
    for number, listing in enumerate(shown.listings(tx, cycle_id)):
        cheaper = listing.price_minor_per_1000 * CHEAPER_PERCENT // 100
        cycles.change_listing(
            tx,
            listing.id,
            ListingTerms(
                cycle_id=cycle_id,
                product_id=listing.product_id,
                grade=listing.grade,
                variant_id=listing.variant_id,
                price_steps=() if number % 3 else (PriceStep(listing.left // 4, cheaper),),
                threshold=0 if number % 4 else listing.left // 6,
            ),
        )


def lots(ground: Ground, made: Made, listed: Sequence[Listed], collect_on: date, code_ends: str = "") -> list[LotDraft]:
    """The lots that were made, as their farms would offer them."""
    farms = {farm.code: farm.id for farm in ground.farms}
    return [
        LotDraft(
            farm_id=farms[lot.farm],
            product_id=listed[lot.product][0],
            grade=lot.grade,
            quantity=lot.quantity_g,
            ask_minor_per_1000=lot.ask_minor_per_kg,
            harvest_on=collect_on - timedelta(days=lot.harvested_days_before),
            minimum=lot.minimum_g,
            pack=made.goods[lot.product].pack_g,
            forecast_low=lot.forecast_g[0],
            forecast_likely=lot.forecast_g[1],
            forecast_high=lot.forecast_g[2],
            code=lot.code(made.goods) + code_ends,
        )
        for lot in made.lots
    ]
