"""What is declared before anybody orders: the week's rule of shortage, lots, and listings with their promises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from farmlink.catalogue.values import ProductId, VariantId
from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, CycleTerms, ListingId, ListingTerms, PriceStep, Unmet
from farmlink.demo.season.ground import CROPS, Crop, Ground
from farmlink.demo.season.story import PARTIAL, SHY, Week
from farmlink.kernel.clock import day_of
from farmlink.policy import commands as policy
from farmlink.policy import queries as declared
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from farmlink.supply.values import LotDraft, LotId

GRADE: Final = 3
APART: Final = timedelta(days=7)
AHEAD: Final = timedelta(days=2)
THRESHOLD_MINOR: Final = 20_000
DELIVERY_FEE_MINOR: Final = 150
SHY_SHARE: Final = 0.6
"""Of what is offered, how much must be ordered of crops with a threshold."""
KEEPS_DAYS: Final = 5
"""How long the crop keeps that a frost can take, so that none of an earlier week fills in for it."""
LEADER_PPM: Final = 30_000
CRATE_MINOR: Final = 500
ORDER_FEE_MINOR: Final = 20
PACK_FEE_MINOR: Final = 2
EXTENSION_HOURS: Final = 24
"""By how much a cycle is put off that nobody has ordered in by its cut-off."""
FAIRNESS_PPM: Final = 100_000
"""What the dearest step of a farm's sales costs: enough that a stop more is worth it between equals."""
TWENTIETHS: Final = 19, 20
"""What a price falls to once half of what is offered was ordered."""


@dataclass(frozen=True, slots=True)
class Stalls:
    """A cycle that sells: its listings and the lots behind them, by row of the crops, then of the farms."""

    cycle_id: CycleId
    listings: tuple[ListingId, ...]
    lots: tuple[tuple[LotId, ...], ...]


def open_stalls(tx: Transaction, ground: Ground, week: Week) -> Stalls:
    """Declare the week's rule, offer the lots, list the goods and open."""
    _declare(tx, week)
    collect_on = day_of(tx.now, ground.region.time_zone) + AHEAD + week.number * APART
    lots = supply.offer_lots(tx, _lots(ground, week, collect_on))
    cycle = cycles.create(
        tx,
        CycleTerms(
            hub_id=ground.hub,
            opens=tx.now,
            closes=tx.now + timedelta(days=1),
            collect_on=collect_on,
            hand_out_on=collect_on + timedelta(days=1),
            threshold_minor=THRESHOLD_MINOR,
            delivery_fee_minor=DELIVERY_FEE_MINOR,
            extension_hours=EXTENSION_HOURS if week.hesitant else 0,
        ),
    )
    listings = cycles.add_listings(
        tx,
        [
            _listing(cycle.id, crop, pack, sum(quantities))
            for crop, pack, quantities in zip(CROPS, ground.packs, zip(*week.offered, strict=True), strict=True)
        ],
    )
    cycles.open_cycle(tx, cycle.id)
    farms = len(ground.farms)
    rows = range(0, len(lots), farms)
    return Stalls(cycle.id, tuple(listings), tuple(tuple(lots[row : row + farms]) for row in rows))


def _declare(tx: Transaction, week: Week) -> None:
    held = declared.current(tx)
    if held.document.shortage_rule is not week.rule or not week.number:
        document = replace(
            held.document,
            shortage_rule=week.rule,
            fairness=replace(held.document.fairness, weight_ppm=FAIRNESS_PPM),
            charges=replace(
                held.document.charges,
                leader_commission_ppm=LEADER_PPM,
                crate_deposit_minor=CRATE_MINOR,
                order_fee_minor=ORDER_FEE_MINOR,
                pack_fee_minor=PACK_FEE_MINOR,
            ),
        )
        policy.publish_version(tx, document, f"The season tries {week.rule.value}.", held.version)


def _lots(ground: Ground, week: Week, collect_on: date) -> list[LotDraft]:
    """What every farm offers, crop by crop."""
    return [
        LotDraft(
            farm_id=farm.id,
            product_id=product_id,
            grade=GRADE,
            quantity=week.offered[number][row],
            ask_minor_per_1000=crop.ask_minor_per_1000,
            harvest_on=collect_on,
            pack=crop.pack,
            shelf_days=KEEPS_DAYS if crop.code == PARTIAL else None,
            code=f"{farm.code}-{crop.code}-{week.number}",
        )
        for row, (crop, (product_id, _)) in enumerate(zip(CROPS, ground.packs, strict=True))
        for number, farm in enumerate(ground.farms)
    ]


def _listing(cycle_id: CycleId, crop: Crop, pack: tuple[ProductId, VariantId], offered: int) -> ListingTerms:
    """A listing at its posted price, with the promises that belong to its crop."""
    product_id, variant_id = pack
    part, whole = TWENTIETHS
    return ListingTerms(
        cycle_id=cycle_id,
        product_id=product_id,
        grade=GRADE,
        variant_id=variant_id,
        price_minor_per_1000=crop.price_minor_per_1000,
        tax_ppm=crop.tax_ppm,
        price_steps=(PriceStep(offered // 2, crop.price_minor_per_1000 * part // whole),),
        case_packs=crop.case_packs,
        threshold=round(offered * SHY_SHARE) if crop.code in {SHY, PARTIAL} else 0,
        unmet=Unmet.PARTIAL if crop.code == PARTIAL else None,
    )
