"""What is offered, asked and promised: products, lots, batches and pins as columns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import compress
from typing import Any, Final
from uuid import UUID

from farmlink.catalogue.values import ProductCard, ProductId
from farmlink.cycles.values import Cycle
from farmlink.demand.values import Batch
from farmlink.kernel.bounds import MOST_PRICE_MINOR
from farmlink.kernel.money import PRICE_BASIS, divide_half_up
from farmlink.planning.queries.plans import allocated_lots, published_plan
from farmlink.planning.queries.snapshot.columns import cold_bits, ints, names
from farmlink.planning.values import PinChange
from farmlink.policy.values import PolicyDocument
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotColumns, LotId, LotState
from solver import problem as given
from solver.check import RANGES

LONG_AGO, FAR_OFF = RANGES["harvest_day"]
"""Goods picked longer ago are no fresher, and goods picked later come no sooner."""
LOT_COLUMNS: Final = tuple(column.name for column in fields(LotColumns))


def lots_on_offer(tx: Transaction, cycle: Cycle, held: Sequence[PinChange]) -> LotColumns:
    """Lots that can be collected, by id; one that is promised stays, even if its farm was suspended meanwhile."""
    offered = supply.lots_for(tx, cycle.region_id, cycle.collect_on)
    promised = {pin.lot_id for pin in held if pin.at_least}
    elsewhere = supply.lots_by_id(tx, sorted(promised.difference(map(LotId, offered.id))))
    kept = [card for card in elsewhere.values() if card.state is LotState.OFFERED]
    if not kept:
        return offered
    rows = list(zip(*(getattr(offered, name) for name in LOT_COLUMNS), strict=True))
    rows += [tuple(getattr(card, name) for name in LOT_COLUMNS) for card in kept]
    return LotColumns(*zip(*sorted(rows), strict=True))


def lots_of(found: LotColumns, wanted: Collection[ProductId]) -> LotColumns:
    """Lots of what somebody ordered."""
    return lots_where(found, [product_id in wanted for product_id in found.product_id])


def lots_where(found: LotColumns, keep: Sequence[bool]) -> LotColumns:
    """These lots alone, in their order."""
    return LotColumns(*(tuple(compress(getattr(found, name), keep)) for name in LOT_COLUMNS))


def taken_here(tx: Transaction, cycle: Cycle) -> dict[LotId, int]:
    """What the published plan of this cycle takes of each lot: the next plan may take that again."""
    published = published_plan(tx, cycle.id)
    return {} if published is None else {lot.lot_id: lot.quantity for lot in allocated_lots(tx, published)}


def lots(
    found: LotColumns,
    cycle: Cycle,
    row_of: Mapping[str, Mapping[Any, int]],
    here: Mapping[Any, int],
    keeps: Mapping[ProductId, int],
) -> given.Lots:
    """What of each lot this cycle may take: all but what other cycles have taken."""
    free = [
        quantity - allocated + here.get(lot_id, 0)
        for lot_id, quantity, allocated in zip(found.id, found.quantity, found.allocated, strict=True)
    ]
    picked = zip(found.product_id, found.harvest_on, found.shelf_days, strict=True)
    return given.Lots(
        id=names(found.id),
        farm=ints(row_of["farm"][farm_id] for farm_id in found.farm_id),
        product=ints(row_of["product"][product_id] for product_id in found.product_id),
        grade=ints(found.grade),
        offered=ints(free),
        minimum=ints(found.minimum),
        maximum=ints(free),
        daily_capacity=ints(found.daily_capacity),
        pack=ints(found.pack),
        ask_minor_per_1000=ints(found.ask_minor_per_1000),
        harvest_day=ints(
            harvest_day((harvest_on - cycle.collect_on).days, shelf_days, keeps[ProductId(product_id)])
            for product_id, harvest_on, shelf_days in picked
        ),
    )


def harvest_day(day: int, lot_shelf_days: int, product_shelf_days: int) -> int:
    """When a lot counts as harvested, so that the product's shelf days leave it the days that its own leave it.

    A lot that is not harvested on the day of collection stays so; one that keeps longer counts at most as picked that
    day, which never promises a day more than it has.
    """
    counted = day if day > 0 else min(0, day - (product_shelf_days - lot_shelf_days))
    return max(LONG_AGO, min(counted, FAR_OFF))


def offered_g(found: LotColumns, cards: Iterable[ProductCard]) -> dict[UUID, int]:
    """What each farm offers in this cycle, by weight."""
    weighs = {product.id: product.unit_weight_g for product in cards}
    offered: dict[UUID, int] = {}
    for farm_id, product_id, quantity in zip(found.farm_id, found.product_id, found.quantity, strict=True):
        offered[farm_id] = offered.get(farm_id, 0) + quantity * weighs[ProductId(product_id)]
    return offered


def products(cards: Sequence[ProductCard], wanted: Sequence[Batch], terms: PolicyDocument) -> given.Products:
    """What is ordered, with the price of leaving somebody short of it."""
    dearest: dict[ProductId, int] = {}
    for batch in wanted:
        dearest[batch.product_id] = max(posted_minor_per_1000(batch), dearest.get(batch.product_id, 0))
    return given.Products(
        id=names(product.id for product in cards),
        unit_weight_g=ints(product.unit_weight_g for product in cards),
        volume_ml_per_1000=ints(product.volume_ml_per_1000 for product in cards),
        shelf_days=ints(product.shelf_days for product in cards),
        cold=ints(cold_bits(product.cold_classes) for product in cards),
        spoilage_ppm_per_day=ints(product.spoilage_ppm_per_day for product in cards),
        shortfall_minor_per_1000=ints(
            min(
                dearest[product.id] * terms.service.shortfall_times
                + terms.service.shortfall_minor_per_kg * product.unit_weight_g,
                MOST_PRICE_MINOR,
            )
            for product in cards
        ),
    )


def batches(wanted: Sequence[Batch], row_of: Mapping[str, Mapping[Any, int]], terms: PolicyDocument) -> given.Batches:
    """What is asked, by batch id."""
    ordered = sorted(wanted, key=lambda batch: batch.id)
    return given.Batches(
        id=names(batch.id for batch in ordered),
        point=ints(row_of["point"][batch.place_id] for batch in ordered),
        product=ints(row_of["product"][batch.product_id] for batch in ordered),
        grade=ints(batch.grade for batch in ordered),
        quantity=ints(batch.quantity for batch in ordered),
        fresh_days=ints(terms.service.fresh_days_at_hand_out for _ in ordered),
        price_minor_per_1000=ints(posted_minor_per_1000(batch) for batch in ordered),
    )


def pins(held: Sequence[PinChange], found: LotColumns) -> given.Pins:
    """Pins of lots that can still be sent; a failed lot is not among them and needs none."""
    row_of = {lot_id: row for row, lot_id in enumerate(found.id)}
    here = [(row_of[pin.lot_id], pin) for pin in held if pin.lot_id in row_of]
    return given.Pins(
        lot=ints(row for row, _ in here),
        at_least=ints(pin.at_least for _, pin in here),
        at_most=ints(pin.at_most for _, pin in here),
    )


def posted_minor_per_1000(batch: Batch) -> int:
    """What consumers pay on average for a batch's goods; small lines were rounded up by more than the limit knows."""
    return min(divide_half_up(batch.worth_minor * PRICE_BASIS, batch.quantity), MOST_PRICE_MINOR)
